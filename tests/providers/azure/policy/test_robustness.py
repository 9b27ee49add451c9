"""Whatever JSON is given, the judge answers or refuses with the place; and it says what it does not offer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.azure.policy.engine import ENGINE
from scanner.questions import BadInput
from tests.effort import effort
from tests.providers.azure.policy.documents import Json
from tests.providers.azure.policy.test_cases import CASES

WORDS = [
    "",
    "Allow",
    "Deny",
    "Enabled",
    "0.0.0.0/0",
    "::/0",
    "Any",
    "Guest",
    "User",
    "Group",
    "Blob",
    "*",
    "/",
    "x",
    "\ud800",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WORDS, "properties", "id"]), inner),
    max_leaves=8,
)
EVERY = [(service, dimension) for service, dimensions in ENGINE.services.items() for dimension in dimensions]


def settled(service: str, dimension: str, given: Any) -> bool:
    """Whether it is judged or refused."""
    try:
        found = ENGINE.judge(service, given, dimension)
    except BadInput as refused:
        return bool(refused.why)
    return found.verdict in ("public", "cross-account", "private", "unknown")


def places(given: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(given, dict):
        return found + [one for key, value in given.items() for one in places(value, (*path, key))]
    if isinstance(given, list):
        return found + [one for index, value in enumerate(given) for one in places(value, (*path, index))]
    return found


def changed(given: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(given, list):
        return [changed(one, rest, value) if index == key else one for index, one in enumerate(given)]
    return {name: changed(one, rest, value) if name == key else one for name, one in given.items()}


@settings(max_examples=effort(600), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CASES), st.data())
def test_any_value_at_any_place_is_judged_or_refused(case: Any, data: st.DataObject) -> None:
    paths = places(case.given)
    given: Json = case.given
    for _ in range(data.draw(st.integers(1, 2))):
        if paths:
            given = changed(given, data.draw(st.sampled_from(paths)), data.draw(JSON))
            paths = places(given)
    assert settled(case.service, case.dimension, given)


@settings(max_examples=effort(200), deadline=None)
@given(st.sampled_from(EVERY), JSON)
def test_any_json_is_judged_or_refused(question: tuple[str, str], given: Any) -> None:
    assert settled(*question, given)


@pytest.mark.parametrize(("service", "dimension"), EVERY)
def test_a_deep_input_is_judged_or_refused(service: str, dimension: str) -> None:
    deep: Any = {"type": "Group", "members": []}
    for _ in range(400):
        deep = {"type": "Group", "members": [deep], "properties": {"properties": deep}}
    assert settled(service, dimension, {"principal": deep, "account": deep, "role": {}, "auth": deep})


def test_long_lists_are_judged_in_time() -> None:
    rules = [{"ipAddress": f"20.{i // 250}.{i % 250}.0/24", "action": "Allow", "priority": i} for i in range(5_000)]
    assert ENGINE.judge("web-app", {"ipSecurityRestrictions": rules}).verdict == "cross-account"
    firewall = [{"startIpAddress": f"20.{i // 250}.{i % 250}.0", "endIpAddress": "20.200.0.0"} for i in range(10_000)]
    assert ENGINE.judge("sql-server", {"firewallRules": firewall}).verdict == "cross-account"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({}, "/account"),
        ({"account": []}, "/account"),
        ({"account": {"allowBlobPublicAccess": 1}}, "/account/allowBlobPublicAccess"),
        ({"account": {"publicNetworkAccess": "Perhaps"}}, "/account/publicNetworkAccess"),
        ({"account": {}, "containers": [{"name": 3}]}, "/containers/0/name"),
        ({"account": {"properties": {"networkAcls": {"defaultAction": "Maybe"}}}},
         "/account/properties/networkAcls/defaultAction"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_place(given: Json, pointer: str) -> None:
    with pytest.raises(BadInput) as refused:
        ENGINE.judge("storage", given)
    assert refused.value.pointer == pointer


def test_unknown_questions_are_refused() -> None:
    with pytest.raises(BadInput, match="no service that is judged"):
        ENGINE.judge("toaster", {})
    with pytest.raises(BadInput, match="no question about storage"):
        ENGINE.judge("storage", {"account": {}}, "rbac")
    with pytest.raises(BadInput, match="one thing"):
        question = {"action": "a", "dataAction": "b"}
        ENGINE.judge("role-assignment", {"role": {}, "principal": {}, "question": question})


def test_what_is_not_offered_is_said() -> None:
    for call in (
        lambda: ENGINE.authorize({}),
        lambda: ENGINE.who_can([], "a", "b"),
        lambda: ENGINE.why([], "a", "b", "c"),
        lambda: ENGINE.new_access({}, {}),
        lambda: ENGINE.new_access_between([], []),
    ):
        with pytest.raises(BadInput, match="not offered for azure yet"):
            call()


def test_without_a_dimension_the_first_question_is_meant() -> None:
    given = {"account": {"kind": "StorageV2", "allowBlobPublicAccess": False}, "containers": []}
    assert ENGINE.judge("storage", given).verdict == "private"
    assert ENGINE.judge("storage", given, "network").verdict == "public"
