"""Role assignments and role definitions, as a subscription tells them.

What deny assignments take away is not taken off: only Azure makes them, for what it manages itself.
https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
Roles that somebody may activate for some hours count when they are activated; the assignment is then listed.
https://learn.microsoft.com/azure/role-based-access-control/pim-integration
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from providers.azure import ids
from providers.azure.arm import UNREGISTERED, arm
from providers.azure.directory import DirectoryPrincipal, uid_of
from providers.azure.holders import may_be_group, name_of
from providers.azure.policy.concrete.matching import matches
from providers.azure.policy.escalations import ESCALATIONS
from providers.azure.policy.model.roles import EVERYONE, Assignment, Permission, PrincipalKind
from providers.azure.policy.model.scopes import normal
from scanner.facts import Answer, Fact, Relations, derived
from scanner.kinds import Account

ASSIGNMENTS = arm("Microsoft.Authorization/roleAssignments")
"""Those at the subscription, above it and below it.

https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
"""
DEFINITIONS = arm("Microsoft.Authorization/roleDefinitions")
CUSTOM_ROLES = arm("Microsoft.Authorization/roleDefinitions", query="$filter=type eq 'CustomRole'")
DELEGATIONS = arm(
    "Microsoft.ManagedServices/registrationAssignments",
    query="$expandRegistrationDefinition=true",
    absent=UNREGISTERED,
)
"""What Azure Lighthouse hands to other tenants; nothing where the subscription never registered the service.

https://learn.microsoft.com/rest/api/managedservices/registration-assignments/list
"""
LEADING: Final = tuple(dict.fromkeys(action.casefold() for way in ESCALATIONS for action in (*way.needs, *way.besides)))
"""Actions that lead from one identity to another, or to more rights."""
_KINDS: Final[Mapping[str, PrincipalKind]] = {
    "user": "user",
    "group": "group",
    "serviceprincipal": "service-principal",
    "foreigngroup": "foreign-group",
}


class ConditionedPermission(msgspec.Struct, frozen=True):
    """A permission of a role, and the condition that a built-in role may put on it."""

    permission: Permission
    condition: str = ""
    version: str = ""


class RoleDefinition(msgspec.Struct, frozen=True):
    """A role and what it allows."""

    id: str
    """Its GUID: the same role is spelled in as many ids as there are subscriptions."""
    name: str
    custom: bool
    permissions: tuple[ConditionedPermission, ...]


class Delegation(msgspec.Struct, frozen=True):
    """A role on the subscription that principals of another tenant hold by Azure Lighthouse."""

    tenant: str
    principal: str
    role: str
    """The role's GUID."""
    name: str = ""
    """What the other tenant calls the principal, where it says so."""


def guid(identifier: str) -> str:
    """The last part of an id, in small letters."""
    return identifier.rpartition("/")[2].lower()


def is_customers(item: Answer) -> bool:
    """Whether a customer wrote the role.

    https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-properties
    """
    return bool(item["properties"]["type"] == "CustomRole")


def permissions(item: Answer) -> tuple[ConditionedPermission, ...]:
    """What a role allows."""
    return tuple(_permission(one) for one in item["properties"]["permissions"])


def _permission(item: Mapping[str, Any]) -> ConditionedPermission:
    # Conditions stand in some built-in roles, and only newer versions of the API tell them.
    # https://learn.microsoft.com/azure/role-based-access-control/role-definitions#role-definition
    return ConditionedPermission(
        Permission(
            tuple(item["actions"]),
            tuple(item["notActions"]),
            tuple(item.get("dataActions") or ()),  # roles from before the data plane had roles
            tuple(item.get("notDataActions") or ()),
        ),
        item.get("condition") or "",
        item.get("conditionVersion") or "",
    )


def _definitions(answer: Answer) -> tuple[RoleDefinition, ...]:
    return tuple(_definition(item) for item in answer["value"])


def _definition(item: Mapping[str, Any]) -> RoleDefinition:
    custom, allowed = is_customers(item), permissions(item)
    if not custom:
        allowed = tuple(one for one in map(_what_matters, allowed) if one.permission.actions)
    return RoleDefinition(guid(item["name"]), item["properties"]["roleName"], custom, allowed)


def _what_matters(one: ConditionedPermission) -> ConditionedPermission:
    """Of a built-in role, of which there are hundreds, what may amount to everything or lead to it."""
    actions = tuple(action for action in one.permission.actions if _matters(action.casefold()))
    return replace(one, permission=Permission(actions, one.permission.not_actions))


@functools.lru_cache(maxsize=20_000)
def _matters(pattern: str) -> bool:
    return pattern.startswith("*") or any(matches(pattern, action) for action in LEADING)


def _assignments(answer: Answer) -> tuple[Assignment, ...]:
    return tuple(_assignment(item) for item in answer["value"])


def _assignment(item: Mapping[str, Any]) -> Assignment:
    # Without a condition there is no such member, or null; a type that is left out, or a new one, is not known.
    # https://learn.microsoft.com/rest/api/authorization/role-assignments/list-for-subscription
    properties = item["properties"]
    principal = properties["principalId"].lower()
    kind: PrincipalKind = _KINDS.get(str(properties.get("principalType")).lower(), "unknown")
    return Assignment(
        guid(properties["roleDefinitionId"]),
        principal,
        properties["scope"],
        ids.uid(item),
        "everyone" if principal == EVERYONE else kind,
        properties.get("condition") or "",
        properties.get("conditionVersion") or "",
    )


def _delegations(answer: Answer) -> tuple[Delegation, ...]:
    """Delegations of the whole subscription, not of one of its groups."""
    found = []
    for item in answer["value"]:
        if ids.group_of(item["id"]):
            continue
        definition = item["properties"]["registrationDefinition"]["properties"]
        # Roles that can be activated are held as well: https://learn.microsoft.com/azure/lighthouse/how-to/create-eligible-authorizations
        held = [*definition["authorizations"], *(definition.get("eligibleAuthorizations") or ())]
        found += [
            # https://learn.microsoft.com/rest/api/managedservices/registration-definitions/get#authorization
            Delegation(
                definition["managedByTenantId"],
                one["principalId"],
                guid(one["roleDefinitionId"]),
                one.get("principalIdDisplayName") or "",
            )
            for one in held
        ]
    return tuple(found)


def _is_below(scope: str) -> bool:
    """Whether a scope lies in a subscription, and is not all of it."""
    parts = normal(scope).split("/")
    return parts[1:2] == ["subscriptions"] and len(parts) > 3


def _wide_holders(answer: Answer) -> tuple[str, ...]:
    wide = (item["properties"] for item in answer["value"] if not _is_below(item["properties"]["scope"]))
    return tuple(dict.fromkeys(uid_of(properties["principalId"]) for properties in wide))


class RoleScope(Account):
    """Where roles are assigned, and what they are."""

    assignments = Fact[tuple[Assignment, ...]]("Roles that are assigned at it, above it and below it.").read(
        ASSIGNMENTS, _assignments
    )
    holders = Relations[DirectoryPrincipal]("Who holds roles on all of it.").read(ASSIGNMENTS, _wide_holders)
    definitions = Fact[tuple[RoleDefinition, ...]]("Roles that can be assigned in it.").read(DEFINITIONS, _definitions)
    delegations = Fact[tuple[Delegation, ...]]("Roles that other tenants hold on all of it.").read(
        DELEGATIONS, _delegations, absent=()
    )

    @derived(reads=[assignments], once=True)
    def wide_assignments(self) -> tuple[Assignment, ...]:
        """Roles that are held on all of it: assigned at it or above."""
        return tuple(one for one in self.assignments if not _is_below(one.scope))

    @derived(
        reads=[
            wide_assignments,
            holders / DirectoryPrincipal.user,
            holders / DirectoryPrincipal.group,
            holders / DirectoryPrincipal.program,
        ],
        once=True,
    )
    def groups(self) -> dict[str, str]:
        """What groups are called that hold roles on all of it, and holders that may be groups, by their ids."""
        holders = {holder.name: holder for holder in self.holders}
        found = {}
        for one in self.wide_assignments:
            principal = holders[one.principal]
            if may_be_group(one.principal_kind, principal):
                found[one.principal] = name_of(one.principal_kind, principal)
        return found
