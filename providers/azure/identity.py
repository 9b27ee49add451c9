"""User-assigned managed identities: identities for programs that live as resources of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.authorization import (
    CUSTOM_ROLES,
    ConditionedPermission,
    RoleDefinition,
    RoleScope,
    guid,
    is_customers,
    permissions,
)
from providers.azure.changes import changed
from providers.azure.gaps import known
from providers.azure.grants import allows_everything, grants_itself
from providers.azure.groups import in_group
from providers.azure.policy.model.roles import Assignment
from providers.azure.tags import tagged
from scanner.access import Escalation, Powers
from scanner.facts import Fact, Relation, Unread, derived
from scanner.kinds import Policy, Principal
from scanner.model import Listing

IDENTITIES = arm("Microsoft.ManagedIdentity/userAssignedIdentities")


class CustomRole(Policy, type_id="azure.authorization.role_definition"):
    """A custom role. Those that Microsoft wrote are its own."""

    listed = Listing(
        uid=ids.uid,
        name=lambda item: str(item["properties"]["roleName"]),
        call=CUSTOM_ROLES,
        provider_owned=lambda item: not is_customers(item),
    )
    permissions = Fact[tuple[ConditionedPermission, ...]]("What it allows.").listed(permissions)

    @derived(reads=[permissions])
    def powers(self) -> Powers:
        """What it allows to whoever holds it, taken alone."""
        role = RoleDefinition(guid(self.uid), self.name, custom=True, permissions=self.permissions)
        everything = known(lambda: (role.name,) if allows_everything(role) else ())
        return Powers(everything, (role.name,) if grants_itself(role) else ())


class UserAssignedIdentity(Principal, type_id="azure.managedidentity.user_assigned"):
    """A managed identity that programs are given, one or many."""

    listed = in_group(IDENTITIES)
    last_change = changed()
    tags = tagged()
    principal = Fact[str]("Its object id in the directory, in small letters.").listed(
        lambda item: item["properties"]["principalId"].lower()
    )
    subscription = Relation[RoleScope]("The subscription that it lies in.").listed("{scope.uid}")

    @derived(
        reads=[
            principal,
            subscription / RoleScope.wide_assignments,
            subscription / RoleScope.definitions,
            subscription / RoleScope.groups,
        ]
    )
    def powers(self) -> Powers:
        """What the roles that it holds on all of the subscription together allow."""
        subscription = self.subscription
        if subscription is None:
            return Powers()
        roles = {role.id: role for role in subscription.definitions}
        return powers_of(self.principal, subscription.wide_assignments, roles, subscription.groups)

    @derived(reads=[subscription / RoleScope.escalations])
    def way_to_everything(self) -> Escalation:
        """How it gets to everything, by way of others where need be."""
        subscription = self.subscription
        return Escalation() if subscription is None else subscription.escalations.of(self.uid)


def powers_of(
    principal: str, assignments: Iterable[Assignment], roles: Mapping[str, RoleDefinition], groups: Mapping[str, str]
) -> Powers:
    """What a principal can do by roles on all of a subscription. Which of the `groups` it is in is not read."""
    mine: list[RoleDefinition] = []
    itself: list[str] = []
    doubts: list[str] = []
    for one in assignments:
        role = roles.get(one.role)
        if role is None:
            doubts.append(f"what the role {one.role} allows is not told")
            continue
        grants = grants_itself(role, one.condition, one.condition_version)
        if one.principal == principal:
            mine.append(role)
            itself += [role.name] if grants else []
            doubts += [f"what the condition on {role.name} compares is not known"] if grants is None else []
        elif one.principal in groups and grants is not False:
            doubts.append(f"whether it is in the group {groups[one.principal]}, which holds {role.name}, is not known")
    everything = known(lambda: tuple(role.name for role in mine if allows_everything(role)))
    doubt = Unread("not-yet-known", detail="; ".join(dict.fromkeys(doubts))) if doubts else None
    return Powers(everything or doubt or (), tuple(itself) or doubt or ())
