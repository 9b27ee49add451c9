"""Managed identities: what their roles amount to, and how they get from that to everything."""

from __future__ import annotations

from typing import Any

import pytest

from providers.azure.directory import GROUPS, PROGRAMS, USERS
from providers.azure.identity import CustomRole, UserAssignedIdentity
from scanner.facts import UnreadFact
from scanner.model import Estate
from tests.providers.azure.kinds.accounts import OWNER, UID, assignment, permitted, role
from tests.providers.azure.kinds.desk import bound, entry, only, read

RUN = "Microsoft.Compute/virtualMachines/runCommand/action"
ROLES = [
    role(OWNER, "*"),
    role("reader", "*/read"),
    role("runner", RUN),
    role("assigner", "Microsoft.Authorization/roleAssignments/*"),
    role(
        "almost",
        "*",
        notActions=[f"Microsoft.Authorization/{one}" for one in ("*/Write", "*/Delete", "elevateAccess/*")],
    ),
]
IDENTITY = entry("Microsoft.ManagedIdentity/userAssignedIdentities", "id", principalId="ME")
OTHER = entry("Microsoft.ManagedIdentity/userAssignedIdentities", "other", principalId="other")
MACHINE = entry("Microsoft.Compute/virtualMachines", "vm", networkProfile={"networkInterfaces": []})


def estate(*held: Any, machine: dict[str, Any] | None = None, identities: tuple[Any, ...] = (IDENTITY,)) -> Estate:
    vm = MACHINE if machine is None else MACHINE | {"identity": machine}
    more = {
        "microsoft.managedidentity.userassignedidentities": {"value": list(identities)},
        "microsoft.compute.virtualmachines": {"value": [vm]},
    }
    return read(permitted(ROLES, list(held), **more))


def mine(*held: Any, **more: Any) -> UserAssignedIdentity:
    return only(estate(*held, **more), UserAssignedIdentity)


def test_everything_is_what_is_held_on_all_of_the_subscription() -> None:
    assert mine(assignment("me", OWNER)).powers.all_powerful() == (OWNER,)
    assert mine(assignment("me", OWNER, at="/")).powers.all_powerful() == (OWNER,)
    assert mine(assignment("me", OWNER, at=f"{UID}/resourceGroups/prod")).powers.all_powerful() == ()
    assert mine(assignment("me", "almost"), assignment("you", OWNER)).powers.all_powerful() == ()
    assert mine(assignment("me", "assigner")).powers.self_elevating() == ("assigner",)


def test_a_group_that_it_may_be_in_leaves_it_open() -> None:
    for kind in ("Group", "ForeignGroup", None):
        found = mine(assignment("me", "reader"), assignment("them", OWNER, kind=kind))
        with pytest.raises(UnreadFact):
            found.powers.all_powerful()
        with pytest.raises(UnreadFact):
            found.way_to_everything.path()
    assert mine(assignment("them", "reader", kind="Group")).powers.all_powerful() == ()


@pytest.mark.parametrize("kind", ["Group", "ForeignGroup", None])
def test_what_it_holds_itself_counts_whatever_groups_it_may_be_in(kind: str | None) -> None:
    theirs = (assignment("them", OWNER, kind=kind), assignment("more", "unheard of", kind=kind))
    owner = mine(*theirs, assignment("me", OWNER))
    assert owner.powers.all_powerful() == (OWNER,)
    assert owner.powers.self_elevating() == (OWNER,)
    assert owner.way_to_everything.path() == ()
    [hop] = mine(*theirs, assignment("me", "assigner")).way_to_everything.path()
    assert hop.target == "everything in the subscription"


def test_whoever_the_directory_does_not_know_is_no_group() -> None:
    lists: dict[str, Any] = {str(call.params["path"]): {"value": []} for call in (USERS, GROUPS, PROGRAMS)}
    held = [assignment("me", "reader"), assignment("gone", OWNER, kind=None)]
    named = {"microsoft.managedidentity.userassignedidentities": {"value": [IDENTITY]}}
    found = only(read({**permitted(ROLES, held, **named), **lists}), UserAssignedIdentity)
    assert found.powers.all_powerful() == ()
    assert found.way_to_everything.path() == ()


def test_whoever_assigns_roles_is_one_step_away() -> None:
    [hop] = mine(assignment("me", "assigner")).way_to_everything.path()
    assert hop.target == "everything in the subscription"
    assert hop.witness is not None
    assert hop.witness.action == "Microsoft.Authorization/roleAssignments/write"
    assert mine(assignment("me", OWNER)).way_to_everything.path() == ()


def test_a_machine_that_owns_is_a_way_for_whoever_runs_commands_on_it() -> None:
    strong = {"type": "SystemAssigned", "principalId": "VM"}
    [hop] = mine(assignment("me", "runner"), assignment("vm", OWNER), machine=strong).way_to_everything.path()
    assert (hop.target, hop.witness and hop.witness.action) == ("vm", RUN)
    assert mine(assignment("me", "runner"), assignment("vm", "reader"), machine=strong).way_to_everything.path() == ()
    assert mine(assignment("me", "reader"), assignment("vm", OWNER), machine=strong).way_to_everything.path() == ()
    elsewhere = assignment("me", "runner", at=f"{UID}/resourceGroups/other")
    assert mine(elsewhere, assignment("vm", OWNER), machine=strong).way_to_everything.path() == ()


def test_an_identity_that_a_machine_was_given_is_named_as_a_step() -> None:
    given = {"type": "UserAssigned", "userAssignedIdentities": {"x": {"principalId": "OTHER"}}}
    held = (assignment("me", "runner"), assignment("other", OWNER))
    found = estate(*held, machine=given, identities=(IDENTITY, OTHER))
    ways = {one.name: bound(found, one).way_to_everything.path() for one in found.of(UserAssignedIdentity)}
    assert [hop.target for hop in ways["id"]] == [OTHER["id"].lower()]
    assert ways["other"] == ()


def test_workloads_that_are_not_read_leave_it_open_where_one_of_them_may_be_strong() -> None:
    with pytest.raises(UnreadFact):
        mine(assignment("me", "almost"), assignment("an app", OWNER)).way_to_everything.path()
    assert mine(assignment("me", "almost"), assignment("ann", OWNER, kind="User")).way_to_everything.path() == ()
    assert mine(assignment("me", "reader"), assignment("an app", OWNER)).way_to_everything.path() == ()


def test_whoever_gets_to_own_a_group_goes_on_as_its_owner() -> None:
    strong = {"type": "SystemAssigned", "principalId": "VM"}
    group = MACHINE["id"].partition("/providers/")[0]
    held = (assignment("me", "assigner", at=group), assignment("vm", OWNER))
    first, second = mine(*held, machine=strong).way_to_everything.path()
    assert first.target == f"owner of {group.lower()}"
    assert second.target == "vm"
    elsewhere = (assignment("me", "assigner", at=f"{UID}/resourceGroups/other"), assignment("vm", OWNER))
    with pytest.raises(UnreadFact):  # what else lies in that group, and acts as whom, is not read
        mine(*elsewhere, machine=strong).way_to_everything.path()


def test_custom_roles_are_judged_and_microsofts_are_its_own() -> None:
    builtin = role("builtin", "*")
    builtin["properties"]["type"] = "BuiltInRole"
    found = read(permitted([*ROLES, builtin], []), CustomRole)
    powers = {one.name: bound(found, one).powers for one in found.of(CustomRole) if not one.identity.provider_owned}
    assert {name for name, one in powers.items() if one.all_powerful()} == {OWNER}
    assert {name for name, one in powers.items() if one.self_elevating()} == {OWNER, "assigner"}
    assert [one.name for one in found.of(CustomRole) if one.identity.provider_owned] == ["builtin"]


def test_a_way_under_a_condition_that_nobody_can_decide_is_open() -> None:
    unclear = {"condition": "@Principal[weather] StringEquals 'fine'", "conditionVersion": "2.0"}
    found = mine(assignment("me", "assigner", **unclear))
    with pytest.raises(UnreadFact) as gap:
        found.way_to_everything.path()
    assert ", if what is not known" in gap.value.unread[0].detail
    with pytest.raises(UnreadFact):
        found.powers.self_elevating()
