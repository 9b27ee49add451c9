"""Roles of Google's own: what they hold, as far as anybody here asks.

https://cloud.google.com/iam/docs/roles-overview#predefined
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from providers.gcp.documents import bindings
from providers.gcp.policy.escalation.catalogue import catalogue
from providers.gcp.policy.language.roles import ReadRole, decided, every_pattern, every_permission, unlisted_anywhere
from providers.gcp.rest import GONE, gcp
from scanner.facts import Answer, Fact, Unread, UnreadFact
from scanner.model import NOWHERE, Listing, Resource

# A role that is gone is no reason to hold back anything else: what it gave is then not known.
ROLE: Final = gcp("iam.roles.get", absent=GONE)
_GOOGLES: Final = "roles/"
_HOST: Final = "//iam.googleapis.com/"


class RoleContents(msgspec.Struct, frozen=True):
    """Those permissions of a role that are asked about; a role may hold thousands."""

    permissions: tuple[str, ...]
    """Verbs by kind of resource, such as `storage.objects:get,list`."""
    among: str
    """Which set of permissions was looked for: what another release asks about is not known from it."""


@functools.cache
def asked_about() -> frozenset[str]:
    """Permissions that somebody here asks about."""
    ways = catalogue()
    to_accounts = {one for way in ways.to_account for one in (*way.account, *way.project)}
    return every_permission().union(to_accounts, *(way.node for way in ways.to_node))


@functools.cache
def _set_name() -> str:
    text = "\n".join((*sorted(asked_about()), *sorted(every_pattern())))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def contents(answer: Answer) -> RoleContents | None:
    """What the role holds of what is asked about, and what it holds of judged services that our data does not know.

    One without any permissions has no list.
    https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles#Role
    """
    answer["name"]  # an answer about nothing is no empty role
    held: tuple[str, ...] = tuple(answer.get("includedPermissions", ()))
    kept = asked_about().intersection(held).union(unlisted_anywhere(held))
    verbs: dict[str, list[str]] = {}
    for permission in sorted(kept):
        kind, _, verb = permission.rpartition(".")
        verbs.setdefault(kind, []).append(verb)
    return RoleContents(tuple(f"{kind}:{','.join(found)}" for kind, found in verbs.items()), _set_name())


def role_uids(answer: Answer) -> tuple[str, ...]:
    """Google's own roles that the bindings of a policy name."""
    return uids_of(binding.role for binding in bindings(answer))


def uids_of(roles: Iterable[str]) -> tuple[str, ...]:
    """Uids of those roles that are Google's own."""
    return tuple(sorted({f"{_HOST}{role}" for role in roles if role.startswith(_GOOGLES)}))


class GcpPredefinedRole(Resource, kind="predefined-role", type_id="gcp.iam.predefined_role"):
    """A role of Google's own. It lies in no scope that is scanned: only policies lead to it."""

    listed = Listing(uid="//iam.googleapis.com/roles/{name}", name="{name}", level=NOWHERE)
    held = Fact[RoleContents | None]("What it holds; nothing where Google knows no such role.").read(
        ROLE, contents, absent=None
    )


class Learnt(msgspec.Struct, frozen=True):
    """What was read of Google's roles."""

    roles: dict[str, ReadRole] = {}
    unread: tuple[tuple[str, Unread], ...] = ()
    """Roles that were not read and of which our data does not tell everything, each with why."""


def learnt(named: Iterable[GcpPredefinedRole]) -> Learnt:
    """What was read of roles."""
    read: dict[str, ReadRole] = {}
    unread: list[tuple[str, Unread]] = []
    for role in named:
        name = f"{_GOOGLES}{role.name}"
        try:
            found = role.held
        except UnreadFact as gap:
            if not decided(name):
                unread.append((f"{name} ", gap.unread[0]))
            continue
        if found is not None:
            read[name] = _read_role(found)
    return Learnt(read, tuple(unread))


def _read_role(found: RoleContents) -> ReadRole:
    split = [line.partition(":") for line in found.permissions]
    has = frozenset(f"{kind}.{verb}" for kind, _, verbs in split for verb in verbs.split(","))
    return ReadRole(has, asked_about() if found.among == _set_name() else frozenset())
