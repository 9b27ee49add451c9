"""Whom roles are given to: users, groups and programs, as the lists of a tenant's directory tell them by their ids.

A list is asked once in a scan, however many subscriptions want it, and of each subscription no more is kept than what
it tells of those who hold roles there.
"""

from __future__ import annotations

from typing import Final

import msgspec

from providers.azure.gaps import known
from providers.azure.graph import graph
from scanner.facts import Answer, Fact, Unread
from scanner.model import NOWHERE, Listing, Resource

USERS: Final = graph("users", "User.Read.All", query="$select=id,userPrincipalName,userType,accountEnabled&$top=999")
"""Guests are among them: https://learn.microsoft.com/graph/api/user-list"""
GROUPS: Final = graph("groups", "GroupMember.Read.All", query="$select=id,displayName&$top=999")
"""https://learn.microsoft.com/graph/api/group-list"""
PROGRAMS: Final = graph(
    "servicePrincipals",
    "Application.Read.All",
    query="$select=id,displayName,appOwnerOrganizationId,servicePrincipalType&$top=999",
)
"""Managed identities are among them: https://learn.microsoft.com/graph/api/serviceprincipal-list"""
LISTS: Final = frozenset({USERS.wire, GROUPS.wire, PROGRAMS.wire})
"""What a session remembers, as it is the same for every subscription."""

MICROSOFT: Final = frozenset({"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"})
"""Tenants of Microsoft's own applications.

https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
"""
MADE_HERE: Final = ("ManagedIdentity", "Legacy")
"""Types of programs that live in the one tenant that they were made in.

https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties
"""
_OBJECT: Final = "/directoryObjects/"


class DirectoryUser(msgspec.Struct, frozen=True):
    """A user, as the list of all has them."""

    name: str
    """The name that it signs in with; there is no other of it in the directory."""
    type: str | None
    """`Member` or `Guest`; nothing where that was never said."""


class DirectoryProgram(msgspec.Struct, frozen=True):
    """A service principal: what an application, or a managed identity, is in this directory."""

    name: str
    type: str
    owner: str | None
    """The tenant that the application is registered in, in small letters; nothing where there is no application."""

    def is_foreign(self, tenant: str) -> bool | None:
        """Whether its application is another's than this tenant's or Microsoft's; None where that is not told."""
        if self.type in MADE_HERE:
            return False
        return None if self.owner is None else self.owner not in {tenant, *MICROSOFT}


def _user(row: Answer) -> DirectoryUser:
    return DirectoryUser(row["userPrincipalName"], row["userType"])


def _program(row: Answer) -> DirectoryProgram:
    owner = row["appOwnerOrganizationId"]
    return DirectoryProgram(row["displayName"], row["servicePrincipalType"], None if owner is None else owner.lower())


class DirectoryPrincipal(Resource, kind="directory-object", type_id="azure.entra.directory_object"):
    """Whoever a role was given to, as far as the directory still knows them. It is only reached, never listed."""

    listed = Listing(uid=f"{_OBJECT}{{id}}", name="{id}", level=NOWHERE)
    user = Fact[DirectoryUser | None]("The user of its id; nothing where no user has it.").from_bulk(
        USERS, row_key="id", key="{it.id}", take=_user, missing=None
    )
    group = Fact[str | None]("The name of the group of its id; nothing where no group has it.").from_bulk(
        GROUPS, row_key="id", key="{it.id}", take=lambda row: row["displayName"], missing=None
    )
    program = Fact[DirectoryProgram | None]("The program of its id; nothing where no program has it.").from_bulk(
        PROGRAMS, row_key="id", key="{it.id}", take=_program, missing=None
    )

    def shown(self) -> str:
        """Its name, with the id where others may have the same name; the id alone where no name is known."""
        user, group, program = (known(lambda: self.user), known(lambda: self.group), known(lambda: self.program))
        if isinstance(user, DirectoryUser):
            return user.name
        name = program.name if isinstance(program, DirectoryProgram) else group
        if isinstance(name, str):
            return f"{name} ({self.name})"
        found_nowhere = not any(isinstance(one, Unread) for one in (user, group, program))
        return f"{self.name} (deleted)" if found_nowhere else self.name


def uid_of(principal: str) -> str:
    """The uid of the object of an id."""
    return f"{_OBJECT}{principal.lower()}"
