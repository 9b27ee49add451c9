"""Scopes hold at segment borders, without regard to case; patterns of actions mean the same to both evaluators."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.azure.policy.concrete.matching import matches
from providers.azure.policy.model.roles import Permission
from providers.azure.policy.model.scopes import covers, fits, normal, resource_type, subscription_of
from providers.azure.policy.questions.actions import some_action
from scanner.facts import Unread
from tests.effort import effort

TOP = "/providers/Microsoft.Management/managementGroups/top"
INNER = "/providers/Microsoft.Management/managementGroups/inner"
PARENTS = {
    "/subscriptions/1": INNER,
    INNER: TOP,
    TOP: "/",
    "/subscriptions/2": TOP,
    "/subscriptions/round": "/subscriptions/round",
}
STORE = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/s"


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("/", "/subscriptions/1", True),
        ("/", "/", True),
        ("/subscriptions/1", "/SUBSCRIPTIONS/1/", True),
        ("/subscriptions/1", "/subscriptions/1/resourceGroups/g", True),
        ("/subscriptions/1", "/subscriptions/10", False),
        ("/subscriptions/1/resourceGroups/g", "/subscriptions/1/resourceGroups/g2", False),
        ("/subscriptions/1/resourceGroups/g", "/subscriptions/1", False),
        (STORE, f"{STORE}/blobServices/default/containers/c", True),
        (STORE, f"{STORE}2", False),
        (INNER, "/subscriptions/1/resourceGroups/g", True),
        (TOP, STORE, True),
        (TOP, INNER, True),
        (INNER, TOP, False),
        (INNER, "/subscriptions/2", False),
        (TOP, "/subscriptions/unknown", None),
        (TOP, "/subscriptions/round", None),
        (TOP, "/", False),
    ],
)
def test_what_a_scope_covers(above: str, below: str, expected: bool | None) -> None:
    assert covers(above, below, PARENTS) is expected


def test_an_unread_hierarchy_leaves_groups_open_and_nothing_else() -> None:
    gap = Unread.denied("read")
    assert covers(TOP, "/subscriptions/1", gap) is None
    assert covers("/subscriptions/1", STORE, gap) is True
    assert covers("/subscriptions/2", STORE, gap) is False


def test_the_parts_of_an_id() -> None:
    assert normal("//Subscriptions/A//") == "/subscriptions/a"
    assert normal("/") == ""
    assert subscription_of(STORE) == "1"
    assert subscription_of(TOP) == ""
    assert resource_type(STORE) == "microsoft.storage/storageaccounts"
    assert resource_type(f"{STORE}/blobServices/default") == "microsoft.storage/storageaccounts/blobservices"
    assert resource_type("/subscriptions/1/resourceGroups/g") == ""
    assert resource_type(TOP) == ""


@pytest.mark.parametrize(
    ("scope", "action", "expected"),
    [
        ("/subscriptions/1", "Microsoft.Storage/storageAccounts/listKeys/action", True),
        (STORE, "Microsoft.Storage/storageAccounts/listKeys/action", True),
        (f"{STORE}/blobServices/default", "Microsoft.Storage/storageAccounts/listKeys/action", False),
        (f"{STORE}/blobServices/default", "Microsoft.Authorization/roleAssignments/write", True),
    ],
)
def test_which_actions_can_be_asked_for_where(scope: str, action: str, expected: bool) -> None:
    assert fits(scope, action) is expected


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "Microsoft.Web/sites/read", True),
        ("*/read", "Microsoft.Web/sites/READ", True),
        ("*/read", "Microsoft.Web/sites/readers/write", False),
        ("Microsoft.Web/*/write", "Microsoft.Web/sites/config/write", True),
        ("Microsoft.Web/*/write", "Microsoft.Web/write", False),
        ("a*a", "a", False),
        ("a*b*a", "aba", True),
        ("", "", True),
        ("Microsoft.Web/sites/?ead", "Microsoft.Web/sites/read", False),
    ],
)
def test_what_a_pattern_means(pattern: str, action: str, expected: bool) -> None:
    assert matches(pattern, action) is expected


LETTERS = st.text("ab/", max_size=8)


@settings(max_examples=effort(1_000), deadline=None)
@given(st.text("ab/*", max_size=8), st.text("ab/*", max_size=8), LETTERS)
def test_both_evaluators_read_patterns_alike(given: str, taken: str, action: str) -> None:
    concrete = matches(given, action) and not matches(taken, action)
    found = some_action((Permission((given,), (taken,)),), action, data=False)
    assert (found is not None) is concrete


@settings(max_examples=effort(500), deadline=None)
@given(st.text("ab*", max_size=6), st.text("ab*", max_size=6), st.text("ab*", max_size=6))
def test_an_action_that_is_found_is_one(given: str, taken: str, asked: str) -> None:
    found = some_action((Permission((given,), (taken,)),), asked, data=False)
    if found is not None:
        assert matches(given, found)
        assert matches(asked, found)
        assert not matches(taken, found)
