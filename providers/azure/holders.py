"""Who holds a role, and whether that is somebody else: what Azure tells by itself, and what the directory adds.

A group is one's own, whoever is in it: guests in a group are for those to see who lead the group. Whoever was deleted
is nobody else either.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

import msgspec

from providers.azure.directory import DirectoryPrincipal, DirectoryProgram, DirectoryUser
from providers.azure.gaps import known
from providers.azure.policy.model.roles import PrincipalKind
from scanner.facts import Unread
from scanner.kinds.account import Holder


class Whose(msgspec.Struct, frozen=True):
    """What is known of a holder."""

    kind: Holder
    outside: bool | None
    unread: Unread | None = None
    """What would have told the kind, or whose it is."""


_ELSEWHERE: Final = ("everyone", "foreign-group")
"""Kinds that the lists of the directory do not have."""


def name_of(kind: PrincipalKind, principal: DirectoryPrincipal) -> str:
    """What a holder is called, as far as that is known."""
    return principal.name if kind in _ELSEWHERE else principal.shown()


def may_be_group(kind: PrincipalKind, principal: DirectoryPrincipal) -> bool:
    """Whether it is a group, or nobody tells that it is not."""
    if kind == "unknown":
        return _unknown(principal, None).kind in ("group", "unknown")
    return kind not in ("user", "service-principal", "managed-identity")


def whose(
    kind: PrincipalKind, principal: DirectoryPrincipal, own: AbstractSet[str], tenant: str | Unread | None
) -> Whose:
    """What is known of a holder of this kind. `own`: programs that live here. `tenant`: the subscription's."""
    match kind:
        case "everyone":
            return Whose("anyone", outside=False)
        case "foreign-group":
            return Whose("group", outside=True)
        case "group":
            return Whose("group", outside=False)
        case "managed-identity":
            return Whose("machine", outside=False)
        case "user":
            return _user(known(lambda: principal.user), principal)
        case "service-principal":
            if principal.name in own:
                return Whose("machine", outside=False)
            return _program(known(lambda: principal.program), principal, tenant)
        case "unknown":
            return _unknown(principal, tenant)


def _user(user: DirectoryUser | Unread | None, principal: DirectoryPrincipal) -> Whose:
    if user is None:
        return Whose("user", outside=False)
    if isinstance(user, Unread):
        return Whose("user", None, user)
    if user.type is None:
        return Whose("user", None, _doubt(f"the directory does not say whether {principal.shown()} is a guest"))
    return Whose("user", outside=user.type.lower() != "member")


def _program(
    program: DirectoryProgram | Unread | None, principal: DirectoryPrincipal, tenant: str | Unread | None
) -> Whose:
    if program is None:
        return Whose("machine", outside=False)
    if isinstance(program, Unread):
        return Whose("machine", None, program)
    if isinstance(tenant, Unread):
        return Whose("machine", None, tenant)
    foreign = None if tenant is None else program.is_foreign(tenant)
    if foreign is None:
        return Whose("machine", None, _doubt(f"whose application {principal.shown()} is, is not told"))
    return Whose("machine", foreign)


def _unknown(principal: DirectoryPrincipal, tenant: str | Unread | None) -> Whose:
    """Azure does not say what it is: the directory does, and what is in none of its lists was deleted."""
    user, program, group = (
        known(lambda: principal.user),
        known(lambda: principal.program),
        known(lambda: principal.group),
    )
    if isinstance(user, DirectoryUser):
        return _user(user, principal)
    if isinstance(program, DirectoryProgram):
        return _program(program, principal, tenant)
    if isinstance(group, str):
        return Whose("group", outside=False)
    for unread in (user, program, group):
        if isinstance(unread, Unread):
            return Whose("unknown", None, unread)
    return Whose("other", outside=False)


def _doubt(detail: str) -> Unread:
    return Unread("not-yet-known", detail=detail)
