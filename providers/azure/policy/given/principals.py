"""Principals out of JSON."""

from __future__ import annotations

from typing import Final

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.model.roles import EVERYONE, Principal, PrincipalKind
from scanner.facts import Unread

_KINDS: Final[dict[str, PrincipalKind]] = {
    "user": "user",
    "group": "group",
    "serviceprincipal": "service-principal",
    "application": "service-principal",
    "msi": "managed-identity",
    "managedidentity": "managed-identity",
    "foreigngroup": "foreign-group",
    "everyone": "everyone",
    "systemdefined": "everyone",
}
_GUESTS: Final = {"guest": True, "member": False}
DEEPEST: Final = 50


def principal(given: Fields, default: str, people: list[Principal], depth: int = 0) -> Principal:
    """The principal. It and all its members are added to `people`; whoever has no id is called `default`."""
    if depth > DEEPEST:
        given.refuse("members", f"are nested deeper than {DEEPEST} levels")
    kind = _kind(given)
    found = Principal(
        EVERYONE if kind == "everyone" else given.text("id", default),
        kind,
        guest=_GUESTS.get(given.text("userType").casefold()),
        home_tenant=given.text("homeTenantId"),
        app_owner=given.text("appOwnerOrganizationId"),
        managing_tenant=given.text("managedByTenantId"),
        members=_members(given, default, people, depth) if kind == "group" else (),
    )
    people.append(found)
    return found


def _kind(given: Fields) -> PrincipalKind:
    if not given.has("type"):
        # Only users have a user type, or a home.
        return "user" if given.has("userType") or given.has("homeTenantId") else "unknown"
    found = _KINDS.get(given.text("type").casefold(), "unknown")
    managed = given.text("servicePrincipalType").casefold() == "managedidentity"
    return "managed-identity" if found == "service-principal" and managed else found


def _members(given: Fields, default: str, people: list[Principal], depth: int) -> tuple[str, ...] | Unread:
    if not given.has("members"):
        return Unread("not-yet-known", detail="the group's members are not given")
    every = enumerate(given.objects("members", "id"))
    return tuple(principal(one, f"{default} member {index}", people, depth + 1).id for index, one in every)
