"""Conditions of version 2.0, by the documentation's own examples and rules.

https://learn.microsoft.com/azure/role-based-access-control/conditions-format
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.azure.policy.conditions.evaluate import holds
from providers.azure.policy.conditions.parse import parse
from providers.azure.policy.conditions.tree import Unreadable
from providers.azure.policy.model.requests import Request
from tests.effort import effort

READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
WRITE = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"
TAG = "Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:Project<$key_case_sensitive$>]"
ATTRIBUTES = {
    "Resource[name]": ("abcd",),
    "Resource[number]": ("15",),
    "Request[colours]": ("red", "blue"),
    "Request[numbers]": ("10", "20"),
    "Environment[UtcNow]": ("2023-05-01T13:00:00.0Z",),
    "Environment[isPrivateLink]": ("true",),
    "Principal[id]": ("AAAAAAAA-0000-0000-0000-000000000001",),
    "Resource[gone]": None,
    TAG: ("Cascade",),
}


def answer(condition: str, *, action: str = READ, sub: str | None = "", version: str = "2.0") -> bool | None:
    return holds(condition, version, Request("p", action, "/", data=True, sub_operation=sub, attributes=ATTRIBUTES))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("@Resource[name] StringEquals 'abcd'", True),
        ("@resource[NAME] stringequals 'abcd'", True),
        ("@Resource[name] StringEquals 'ABCD'", False),
        ("@Resource[name] StringEqualsIgnoreCase 'ABCD'", True),
        ("@Resource[name] StringNotEquals 'x'", True),
        ("@Resource[name] StringNotEqualsIgnoreCase 'ABCD'", False),
        ("@Resource[name] StringStartsWith 'ab'", True),
        ("@Resource[name] StringNotStartsWithIgnoreCase 'AB'", False),
        ("@Resource[name] StringLike 'a*c?'", True),
        ("@Resource[name] StringLike 'A*C?'", False),
        ("@Resource[name] StringLikeIgnoreCase 'A*C?'", True),
        ("@Resource[name] StringLike 'a*c'", False),
        ("@Resource[name] StringNotLike 'a*c'", True),
        ("@Resource[name] StringLike 'a\\*cd'", False),
        ("'a*' StringLike 'a\\*'", True),
        ("'a' StringLike 'a\\b'", None),
        ("@Resource[number] NumericEquals 15", True),
        ("@Resource[number] NumericLessThan 15", False),
        ("@Resource[number] NumericLessThanEquals 15", True),
        ("@Resource[number] NumericGreaterThan 14", True),
        ("@Resource[number] NumericGreaterThanEquals 16", False),
        ("@Resource[number] NumericNotEquals 16", True),
        ("@Resource[name] NumericEquals 15", None),
        ("@Environment[UtcNow] DateTimeGreaterThan '2023-05-01T12:59:00.0Z'", True),
        ("@Environment[UtcNow] DateTimeLessThan '2023-05-01T12:59:00.0Z'", False),
        ("@Environment[UtcNow] DateTimeEquals '2023-05-01T15:00:00+02:00'", True),
        ("@Environment[UtcNow] DateTimeLessThan 'yesterday'", None),
        ("@Environment[UtcNow] DateTimeLessThan '2024-01-01'", None),
        ("@Environment[isPrivateLink] BoolEquals true", True),
        ("@Environment[isPrivateLink] BoolNotEquals true", False),
        ("@Resource[name] BoolEquals true", None),
        ("@Principal[id] GuidEquals 'aaaaaaaa-0000-0000-0000-000000000001'", True),
        ("@Principal[id] GuidNotEquals 'aaaaaaaa-0000-0000-0000-000000000001'", False),
        ("@Principal[id] GuidEquals 'x'", None),
        (f"@{TAG} StringEquals 'Cascade'", True),
        (f"@{TAG.replace('key_case', 'KEY_CASE')} StringEquals 'Cascade'", None),
        (f"@{TAG} StringEquals @Resource[name]", False),
        ("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}", True),
        ("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}", False),
        ("@Request[colours] ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}", True),
        ("@Request[colours] ForAllOfAnyValues:StringEquals {'red', 'green'}", False),
        ("@Request[numbers] ForAnyOfAllValues:NumericLessThan {15, 18}", True),
        ("@Request[numbers] ForAllOfAllValues:NumericLessThan {5, 15, 18}", False),
        ("@Request[numbers] ForAllOfAllValues:NumericLessThan {25, 30}", True),
        ("@Request[numbers] ForAllOfAllValues:NumericLessThan {15, 25, 30}", False),
        ("@Request[colours] StringEquals 'red'", None),
        ("@Request[colours] ForSomeValues:StringEquals {'red'}", None),
        ("Exists @Resource[name]", True),
        ("Exists @Resource[gone]", False),
        ("NOT Exists @Resource[gone]", True),
        ("Exists @Resource[whatever]", None),
        ("@Resource[whatever] StringEquals 'a'", None),
        ("@Resource[gone] StringNotEquals 'a'", None),
        ("@Resource[name] TimeOfDayEquals '10'", None),
        (f"ActionMatches{{'{READ.upper()}'}}", True),
        ("ActionMatches{'Microsoft.Storage/*'}", True),
        ("ActionMatches{'Microsoft.Web/*'}", False),
        ("!(ActionMatches{'*'})", False),
        ("@Resource[name] StringEquals 'abcd' AND @Resource[number] NumericEquals 15", True),
        ("@Resource[name] StringEquals 'abcd' && @Resource[number] NumericEquals 16", False),
        ("@Resource[name] StringEquals 'x' || @Resource[number] NumericEquals 15", True),
        ("@Resource[name] StringEquals 'x' or @Resource[whatever] NumericEquals 15", None),
        ("@Resource[name] StringEquals 'x' AND @Resource[whatever] NumericEquals 15", False),
        ("@Resource[name] StringEquals 'a' AND ActionMatches{'*'} OR ActionMatches{'*'}", None),
        ("(@Resource[name] StringEquals 'a' AND ActionMatches{'*'}) OR ActionMatches{'*'}", True),
        ("((", None),
        ("'a' StringEquals", None),
        ("StringEquals 'a' 'b'", None),
        ("'a' StringEquals 'a' 'a'", None),
        ("@Resource[name StringEquals 'a'", None),
        ("'a StringEquals 'a", None),
        ("ActionMatches{}", None),
        ("Exists 'a'", None),
        ("# comment", None),
    ],
)
def test_the_documented_answer(condition: str, expected: bool | None) -> None:
    assert answer(condition) is expected


def test_an_action_that_is_not_mentioned_passes() -> None:
    condition = f"((!(ActionMatches{{'{WRITE}'}})) OR (@Resource[name] StringEquals 'x'))"
    assert answer(condition) is True
    assert answer(condition, action=WRITE) is False


def test_a_suboperation_narrows_its_action() -> None:
    listing = f"!(ActionMatches{{'{READ}'}} AND NOT SubOperationMatches{{'Blob.List'}})"
    condition = f"(({listing}) OR (@Resource[name] StringEquals 'x'))"
    assert answer(condition, sub="Blob.List") is True
    assert answer(condition, sub="") is False
    assert answer(condition, sub=None) is None


@pytest.mark.parametrize(("version", "expected"), [("", True), ("2.0", True), ("1.0", None), ("3.0", None)])
def test_only_version_2_is_read(version: str, expected: bool | None) -> None:
    assert answer("ActionMatches{'*'}", version=version) is expected


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 100_000,
        "!" * 60_000,
        "NOT " * 15_000 + "ActionMatches{'*'}",
        "ActionMatches{" + "'*'," * 20_000 + "'*'}",
        " AND ".join(["ActionMatches{'*'}"] * 5_000),
        "@Resource[" + "a" * 70_000 + "] StringEquals 'a'",
    ],
    ids=["brackets", "nots", "words", "set", "joined", "name"],
)
def test_bombs_are_refused(bomb: str) -> None:
    assert isinstance(parse(bomb), Unreadable)
    assert answer(bomb) is None


def test_a_pattern_of_stars_costs_little() -> None:
    assert answer(f"'{'a' * 2000}' StringLike '{'a*' * 1000}b'") is False


WORDS = st.sampled_from(
    ["(", ")", "!", "NOT", "AND", "OR", "&&", "||", "{", "}", ",", "'a'", "15", "@Resource[name]", "StringEquals",
     "ForAnyOfAnyValues:StringEquals", "ActionMatches{'*'}", "SubOperationMatches{'a'}", "Exists", "true"]
)  # fmt: skip


@settings(max_examples=effort(500), deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=80))
def test_nothing_crashes(condition: str) -> None:
    assert answer(condition) in (True, False, None)
