"""Whatever JSON is given: a verdict, `unknown`, or a BadInput that says where. Never more, and never for long."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.gcp.policy.engine import ENGINE
from scanner.questions import AccessEngine, BadInput
from tests.effort import effort
from tests.providers.gcp.policy.own_cases import USUAL

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**13),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["allUsers", "all", "0.0.0.0/0", "READER", "enforced", "1/2/3", "principalSet://iam.googleapis.com/"]
    ),
)
WORDS = st.sampled_from(
    [
        "bindings",
        "role",
        "members",
        "condition",
        "expression",
        "entity",
        "acl",
        "object",
        "name",
        "iamConfiguration",
        "value",
        "expirationTime",
        "issuer",
        "attributeMapping",
        "attributeCondition",
        "specialGroup",
        "view",
        "dataset",
        "projectId",
        "rules",
        "denyRule",
        "on",
        "oidc",
        "aws",
        "providers",
        "includedPermissions",
        "allowedConsumerProjects",
    ]
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)
KEYS = (
    "access",
    "acl",
    "authorizedNetworks",
    "bucket",
    "customRoles",
    "defaultObjectAcl",
    "denyPolicies",
    "evaluationTime",
    "generation",
    "iamPolicy",
    "ingress",
    "ingressSettings",
    "inheritedBindings",
    "invokerIamDisabled",
    "ipConfiguration",
    "ipv4Enabled",
    "objectAcls",
    "orgPolicies",
    "organizationDomain",
    "organizationProjects",
    "pools",
    "principalAccessBoundaries",
    "project",
    "projectNumber",
    "pscConfig",
    "trigger",
    "somethingElse",
)
SERVICES = (*sorted(ENGINE.services), "unheard-of")
MANY = settings(max_examples=effort(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("service", SERVICES)
@MANY
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=5), st.booleans())
def test_any_json_is_judged_or_refused(service: str, parts: dict[str, Any], usual: bool) -> None:
    try:
        judged = ENGINE.judge(service, {**(USUAL if usual else {}), **parts})
    except BadInput as problem:
        assert problem.why
    else:
        assert judged.verdict in ("public", "cross-account", "private", "unknown")
        assert (judged.witness is None) == (judged.verdict in ("private", "unknown"))


@pytest.mark.parametrize("key", KEYS)
@MANY
@given(ANYTHING)
def test_one_odd_key_beside_an_open_grant_is_never_private(key: str, odd: Any) -> None:
    """What we cannot read may say anything, but never that an open bucket is closed."""
    if key in ("iamPolicy", "bucket", "orgPolicies", "denyPolicies"):
        return
    open_bucket = {"iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer", "members": ["allUsers"]}]}}
    try:
        judged = ENGINE.judge("storage", {**USUAL, **open_bucket, key: odd})
    except BadInput:
        return
    assert judged.verdict == "public"


@pytest.mark.parametrize("odd", [3, "x", [], {"a": 1}, {"bindings": 3}, {"bindings": [3]}, {"bindings": [{"role": 3}]}])
@pytest.mark.parametrize("service", ["storage", "cloud-run", "kms-key", "unheard-of"])
def test_a_malformed_policy_is_unknown(service: str, odd: Any) -> None:
    judged = ENGINE.judge(service, {**USUAL, "iamPolicy": odd})
    assert judged.verdict == ("private" if odd == {"a": 1} else "unknown")


@pytest.mark.parametrize("given_", [3, None, [], {1: 2}])
def test_an_input_that_is_no_object_is_refused(given_: Any) -> None:
    with pytest.raises(BadInput):
        ENGINE.judge("storage", given_)


def test_the_engine_is_what_the_core_asks_for() -> None:
    engine: AccessEngine = ENGINE
    assert engine.name == "gcp"
    assert len(engine.services) >= 14


def test_dimensions_and_services() -> None:
    assert ENGINE.judge("cloud-sql", dict(USUAL), "network").verdict == "private"
    with pytest.raises(BadInput, match="network"):
        ENGINE.judge("cloud-sql", dict(USUAL), "data")
    with pytest.raises(BadInput, match="not known"):
        ENGINE.judge("teapot", dict(USUAL))


@pytest.mark.parametrize("ask", [lambda: ENGINE.authorize({}), lambda: ENGINE.new_access({}, {})])
@pytest.mark.parametrize("more", [lambda: ENGINE.who_can((), "a", "r"), lambda: ENGINE.why((), "p", "a", "r")])
def test_what_is_not_offered_says_so(ask: Any, more: Any) -> None:
    for call in (ask, more, lambda: ENGINE.new_access_between((), ())):
        with pytest.raises(BadInput, match="not offered for gcp yet"):
            call()


def members(count: int) -> list[str]:
    return [f"user:u{number}@partner.com" for number in range(count)]


HOSTILE: dict[str, dict[str, Any]] = {
    "many bindings": {"bindings": [{"role": "roles/storage.admin", "members": members(3)} for _ in range(3_000)]},
    "many members": {"bindings": [{"role": "roles/storage.admin", "members": members(20_000)}]},
    "many that fail": {
        "bindings": [
            {
                "role": "roles/storage.objectViewer",
                "members": members(300),
                "condition": {"expression": " && ".join(f'resource.name.endsWith("{n}")' for n in range(60))},
            }
        ]
    },
    "hours": {
        "bindings": [
            {
                "role": "roles/storage.admin",
                "members": members(300),
                "condition": {
                    "expression": "request.time.getHours() == 3 && resource.name.endsWith('x') && unheard_of"
                },
            }
        ]
    },
    "deep": {"bindings": [{"role": "r", "members": ["allUsers"], "condition": {"expression": "(" * 15_000}}]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_policies_take_bounded_time(name: str) -> None:
    started = time.process_time()
    ENGINE.judge("storage", {**USUAL, "iamPolicy": HOSTILE[name]})
    assert time.process_time() - started < 10
