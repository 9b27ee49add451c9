"""Every answer on subscriptions that Azure really sent is read to its last member."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from providers.azure.alerts import action_groups, alert_rules
from providers.azure.authorization import LEADING, RoleDefinition, permissions
from providers.azure.contacts import security_contact
from providers.azure.defender import DefenderPlan
from providers.azure.grants import allows_everything, grants_itself
from providers.azure.identity import CustomRole, UserAssignedIdentity
from providers.azure.policy.concrete.matching import matches_any
from providers.azure.subscription import AzureSubscription
from scanner.facts import FromListing, Unread
from scanner.model import Resource
from tests.providers.azure.kinds.accounts import PATHS, of_subscription
from tests.providers.azure.kinds.desk import only, read, scope
from tests.providers.azure.kinds.test_recorded import entries, needs_recordings, recorded

KINDS: dict[str, tuple[str, type[Resource]]] = {
    "microsoft.authorization.roledefinitions": ("custom roles", CustomRole),
    "microsoft.security.pricings": ("microsoft.security.pricings", DefenderPlan),
    "microsoft.managedidentity.userassignedidentities": (
        "microsoft.managedidentity.userassignedidentities",
        UserAssignedIdentity,
    ),
}


@needs_recordings
@pytest.mark.parametrize("operation", KINDS)
def test_every_recorded_entry_becomes_a_resource_with_all_that_its_listing_tells(operation: str) -> None:
    name, kind = KINDS[operation]
    items = {item["id"].lower(): item for item in entries(operation)}
    assert items
    estate = read(of_subscription({name: {"value": list(items.values())}}), kind)
    assert estate.defects == ()
    told = [name for name, fact in kind.facts.items() if isinstance(fact.source, FromListing)]
    for resource in estate.of(kind):
        assert resource.uid in items
        assert not [name for name in told if isinstance(resource.stored[name], Unread)]


@needs_recordings
def test_recorded_alerts_groups_and_contacts_are_read() -> None:
    rules = [alert_rules({"value": [item]}) for item in entries("microsoft.insights.activitylogalerts")]
    assert any(one.conditions and one.scopes for some in rules for one in some)
    groups = [action_groups({"value": [item]}) for item in entries("microsoft.insights.actiongroups")]
    assert any(one.tells for some in groups for one in some)
    [contact] = [security_contact(one["body"]) for one in recorded("microsoft.security.securitycontacts")]
    assert contact is not None
    assert "@" in contact


@needs_recordings
def test_recorded_assignments_and_roles_give_every_grant_its_role() -> None:
    [held] = [one["body"] for one in recorded("microsoft.authorization.roleassignments") if "value" in one["body"]]
    roles = next(one["body"] for one in recorded("microsoft.authorization.roledefinitions") if "value" in one["body"])
    here = scope(held["value"][0]["properties"]["roleDefinitionId"].split("/")[2])
    empty: dict[str, Any] = {
        name: {"value": []} for name in ("delegations", "microsoft.managedidentity.userassignedidentities")
    }
    told = {"microsoft.authorization.roleassignments": held, "microsoft.authorization.roledefinitions": roles}
    assert told.keys() <= PATHS.keys()
    subscription = only(read(of_subscription(empty | told, here.uid), of=here), AzureSubscription)
    grants = list(subscription.grants)
    assert len(grants) == len(held["value"])
    assert {grant.kind for grant in grants} == {"user", "machine"}
    assert {grant.role for grant in grants if grant.administers} == {"Owner"}


@needs_recordings
def test_what_is_kept_of_a_built_in_role_decides_as_the_whole_role_does() -> None:
    roles = next(one["body"] for one in recorded("microsoft.authorization.roledefinitions") if "value" in one["body"])
    told = of_subscription({"microsoft.authorization.roledefinitions": roles})
    kept = {role.id: role for role in only(read(told, AzureSubscription), AzureSubscription).definitions}
    assert len(kept) == len(roles["value"])
    assert sum(len(role.permissions) for role in kept.values() if not role.custom)
    for item in roles["value"]:
        role = kept[item["name"].lower()]
        whole = replace(role, permissions=permissions(item))
        assert role.name == item["properties"]["roleName"]
        assert allows_everything(role) is allows_everything(whole)
        assert grants_itself(role) is grants_itself(whole)
        for action in LEADING:
            assert allows(role, action) is allows(whole, action)


def allows(role: RoleDefinition, action: str) -> bool:
    sides = [one.permission.patterns(data=False) for one in role.permissions]
    return any(matches_any(given, action) and not matches_any(taken, action) for given, taken in sides)
