"""What roles allow, and who holds them on a subscription."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.authorization import ConditionedPermission, RoleDefinition
from providers.azure.grants import ASSIGN, REDEFINE, STRONGEST, allows_everything, grants_itself
from providers.azure.policy.concrete.matching import matches_any
from providers.azure.policy.model.roles import Permission
from providers.azure.policy.questions.actions import missing_action
from providers.azure.subscription import AzureSubscription
from scanner.facts import Answer, UnreadFact
from scanner.kinds import Grant, administers, chosen
from tests.providers.azure.kinds.accounts import OWNER, PATHS, UID, assignment, permitted, role
from tests.providers.azure.kinds.desk import only, read, refused

WORDS = ("*", "*/read", "*/write", "*/delete", "*/action", "a/*", "a/b/write", "Microsoft.Authorization/*", *ASSIGN)
NAMES = ("a/b/read", "a/b/write", "c/d/delete", "c/d/action", "Microsoft.Authorization/locks/write", *ASSIGN)
PATTERNS = st.lists(st.sampled_from(WORDS), max_size=4).map(tuple)
PERMISSIONS = st.lists(st.builds(Permission, PATTERNS, PATTERNS), max_size=3)
DIRECTING = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
    "(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {%s}))"
)
MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/all"


def permits(permissions: list[Permission], action: str) -> bool:
    return any(matches_any(one.actions, action) and not matches_any(one.not_actions, action) for one in permissions)


@given(PERMISSIONS)
def test_what_is_missing_is_missing_and_where_nothing_is_nothing_is(permissions: list[Permission]) -> None:
    missing = missing_action(permissions)
    if missing is None:
        assert all(permits(permissions, name) for name in NAMES)
    else:
        assert not permits(permissions, missing)
        assert missing.endswith(("/read", "/write", "/delete", "/action"))


@given(PERMISSIONS)
def test_a_role_grants_itself_what_it_lacks_exactly_if_it_may_assign(permissions: list[Permission]) -> None:
    written = RoleDefinition("r", "r", custom=False, permissions=tuple(map(ConditionedPermission, permissions)))
    assert grants_itself(written) is any(permits(permissions, action) for action in ASSIGN)
    if allows_everything(written):
        assert grants_itself(written)


def test_a_custom_role_that_rewrites_roles_grants_itself_everything() -> None:
    permission = (ConditionedPermission(Permission((REDEFINE,))),)
    assert grants_itself(RoleDefinition("r", "r", custom=True, permissions=permission))
    assert not grants_itself(RoleDefinition("r", "r", custom=False, permissions=permission))


def test_a_condition_decides_by_the_roles_that_it_lets_through() -> None:
    assigns = RoleDefinition("r", "r", custom=False, permissions=(ConditionedPermission(Permission(ASSIGN[:1])),))
    reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    assert grants_itself(assigns, DIRECTING % reader, "2.0") is False
    for strong in STRONGEST:
        assert grants_itself(assigns, DIRECTING % f"{reader}, {strong}", "2.0") is True
    assert grants_itself(assigns, "@Principal[weather] StringEquals 'fine'", "2.0") is None
    assert grants_itself(assigns, "no condition at all", "2.0") is None


def grants(roles: list[Any], held: list[Any], **more: Any) -> dict[str, Grant]:
    return by_id(permitted(roles, held, **more))


def by_id(answers: dict[str, Answer]) -> dict[str, Grant]:
    found = only(read(answers, AzureSubscription), AzureSubscription).grants
    return {grant.id: grant for grant in found}


def test_roles_at_and_above_the_subscription_are_held_on_it_and_those_below_are_not() -> None:
    roles = [role(OWNER, "*"), role("reader", "*/read")]
    held = [
        assignment("ann", OWNER, kind="User"),
        assignment("ops", OWNER, at=MANAGEMENT_GROUP, kind="Group"),
        assignment("root", "reader", at="/", kind="User"),
        assignment("low", OWNER, at=f"{UID}/resourceGroups/prod", kind="User"),
        assignment("theirs", "reader", kind="ForeignGroup"),
        assignment("id", "reader"),
        assignment("app", "reader"),
    ]
    identity = {"id": f"{UID}/i", "name": "i", "properties": {"principalId": "ID"}}
    found = grants(roles, held, **{"microsoft.managedidentity.userassignedidentities": {"value": [identity]}})
    assert {(one.holder, one.kind, one.role, one.administers, one.inherited) for one in found.values()} == {
        ("ann", "user", OWNER, True, False),
        ("ops", "group", OWNER, True, True),
        ("root", "user", "reader", False, True),
        ("theirs", "group", "reader", False, False),
        ("id", "machine", "reader", False, False),
        ("app", "machine", "reader", False, False),
    }


def delegation(at: str, tenant: str) -> dict[str, Any]:
    held = {"principalId": "support", "roleDefinitionId": "/x/reader"}
    definition = {"properties": {"managedByTenantId": tenant, "authorizations": [held]}}
    return {"id": f"{at}/providers/Microsoft.ManagedServices/registrationAssignments/1"} | {
        "properties": {"registrationDefinition": definition}
    }


def test_what_another_tenant_was_handed_is_held_from_outside() -> None:
    told = {"value": [delegation(UID, "theirs"), delegation(f"{UID}/resourceGroups/prod", "others")]}
    found = grants([role("reader", "*/read")], [], delegations=told)
    assert [grant.holder for grant in found.values()] == ["support of the tenant theirs"]
    assert all(grant.outside and not grant.administers for grant in found.values())


@pytest.mark.parametrize(
    "held",
    [
        assignment("who", "unheard of"),
        assignment("who", "assigner", condition="@Principal[weather] StringEquals 'fine'", conditionVersion="2.0"),
    ],
    ids=["no such role", "condition"],
)
def test_what_is_not_told_leaves_the_grants_open(held: Any) -> None:
    roles = [role("reader", "*/read"), role("assigner", ASSIGN[0])]
    found = grants(roles, [held, assignment("ann", "reader", kind="User")])
    assert (found["who"].administers, found["ann"].administers) == (None, False)
    with pytest.raises(UnreadFact):
        list(chosen(found.values(), administers))


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("microsoft.authorization.roleassignments", ["support"]),
        ("microsoft.authorization.roledefinitions", ["ann", "support"]),
        ("delegations", ["ann"]),
    ],
)
def test_what_is_refused_hides_only_what_it_alone_tells(name: str, left: list[str]) -> None:
    delegations = {"value": [delegation(UID, "theirs")]}
    roles = [role(OWNER, "*"), role("reader", "*/read")]
    answers = permitted(roles, [assignment("ann", OWNER, kind="Group")], delegations=delegations)
    whole = by_id(answers)
    answers_then: dict[str, Any] = {**answers, f"{UID}/providers/{PATHS[name]}": refused()}
    found = only(read(answers_then, AzureSubscription), AzureSubscription).grants
    assert [grant.id for grant in found.held] == left
    for grant in found.held:
        assert grant.administers in (None, whole[grant.id].administers)
        assert grant.outside == whole[grant.id].outside
    assert bool(found.unread) == (len(left) == 1)
    assert not found.unread_above
