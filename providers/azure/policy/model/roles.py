"""Role definitions, assignments, deny assignments and the principals that hold them.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions
https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.azure.policy.model.scopes import Parents
from scanner.facts import Unread

EVERYONE = "00000000-0000-0000-0000-000000000000"
"""The system's principal for all users, groups, service principals and managed identities of the directory."""

PrincipalKind = Literal[
    "user", "group", "service-principal", "managed-identity", "foreign-group", "everyone", "unknown"
]


class Permission(msgspec.Struct, frozen=True):
    """Actions, less those that `not_*` takes out of the same permission again. That is no denial."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    def patterns(self, *, data: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What it gives and what it takes out again, of the data plane or the control plane."""
        return (self.data_actions, self.not_data_actions) if data else (self.actions, self.not_actions)


class Role(msgspec.Struct, frozen=True):
    """A role definition."""

    id: str
    name: str
    permissions: tuple[Permission, ...]


class Assignment(msgspec.Struct, frozen=True):
    """A role that a principal holds at a scope."""

    role: str
    """The role definition's id."""
    principal: str
    scope: str
    id: str = ""
    principal_kind: PrincipalKind = "unknown"
    condition: str = ""
    condition_version: str = ""
    """Empty is 2.0."""
    eligible: bool = False
    """Held only after an activation in Privileged Identity Management."""


class Denial(msgspec.Struct, frozen=True):
    """A deny assignment: it beats every grant. Whether Azure protects it from deletion changes nothing in that."""

    permissions: tuple[Permission, ...]
    scope: str
    principals: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    this_scope_only: bool = False
    id: str = ""
    condition: str = ""
    condition_version: str = ""


class Administrator(msgspec.Struct, frozen=True):
    """A classic administrator: as good as an Owner of the subscription.

    Retired on 2024-08-31; https://learn.microsoft.com/azure/role-based-access-control/classic-administrators
    """

    principal: str
    subscription: str
    kind: str = ""


class Principal(msgspec.Struct, frozen=True):
    """Somebody or something that can hold a role."""

    id: str
    kind: PrincipalKind
    guest: bool | None = None
    """A user's type; nothing where it is not known."""
    home_tenant: str = ""
    app_owner: str = ""
    """`appOwnerOrganizationId` of a service principal."""
    managing_tenant: str = ""
    """The tenant that an Azure Lighthouse delegation hands the role to."""
    members: tuple[str, ...] | Unread = ()
    """Direct members of a group."""


class Directory(msgspec.Struct, frozen=True):
    """The principals that are known, of one tenant."""

    tenant: str
    principals: tuple[Principal, ...] | Unread = ()
    complete: bool = False
    """Whether everybody in the directory is among them: an id that is not is nobody's."""


class Authorization(msgspec.Struct, frozen=True):
    """All that decides what principals may do in a tenant's subscriptions."""

    directory: Directory
    roles: tuple[Role, ...] | Unread = ()
    assignments: tuple[Assignment, ...] | Unread = ()
    denials: tuple[Denial, ...] | Unread = ()
    administrators: tuple[Administrator, ...] | Unread = ()
    parents: Parents | Unread = {}
