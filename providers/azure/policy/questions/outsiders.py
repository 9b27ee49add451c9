"""Which of those who hold a role stand outside the tenant.

https://learn.microsoft.com/entra/external-id/user-properties
https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals
https://learn.microsoft.com/azure/lighthouse/concepts/architecture
"""

from __future__ import annotations

from typing import Final

import msgspec

from providers.azure.policy.model.roles import EVERYONE, Directory, Principal, PrincipalKind
from providers.azure.policy.questions.reach import Doubt
from scanner.facts import Unread
from scanner.ternary import Ternary

MICROSOFT: Final = frozenset({"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"})
"""Tenants that own Microsoft's own applications: Azure's services themselves, not another customer.

https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
"""


class Outsider(msgspec.Struct, frozen=True):
    """Somebody outside who holds a role: itself or as a member of a group."""

    principal: str
    text: str
    opaque: bool = False
    """Whether it stands for people whom the directory does not list."""


class Holders:
    """All outsiders behind one principal, and what is not known about it."""

    def __init__(self, directory: Directory) -> None:
        self._tenant = directory.tenant.casefold()
        self._unread = directory.principals if isinstance(directory.principals, Unread) else None
        self._complete = directory.complete and self._unread is None
        principals = () if isinstance(directory.principals, Unread) else directory.principals
        self._known = {one.id.casefold(): one for one in principals}

    def of(self, principal: str, kind: PrincipalKind) -> tuple[list[Outsider], list[Doubt]]:
        """The outsiders behind the principal; groups are opened."""
        outsiders: list[Outsider] = []
        doubts: list[Doubt] = []
        seen: set[str] = set()
        open_ends = [(principal, kind)]
        while open_ends:
            name, its_kind = open_ends.pop()
            if name.casefold() in seen:
                continue
            seen.add(name.casefold())
            one = self._known.get(name.casefold())
            if one is None or one.kind == "everyone":
                self._stranger(name, its_kind, outsiders, doubts)
                continue
            found = self._one(one)
            outsiders += [found] if isinstance(found, Outsider) else []
            doubts += [found] if isinstance(found, Doubt) else []
            if one.kind == "group" and found is None:
                if isinstance(one.members, Unread):
                    doubts.append(Doubt("named", f"the members of {one.id} were not read", one.members))
                else:
                    open_ends += [(member, "unknown") for member in one.members]
        return outsiders, doubts

    def holds(self, holder: str, principal: str) -> Ternary:
        """Whether the holder is the principal or a group with it among its members, however deep."""
        wanted = principal.casefold()
        seen: set[str] = set()
        open_ends = [holder.casefold()]
        unknown = False
        while open_ends:
            name = open_ends.pop()
            if name == wanted:
                return True
            if name in seen:
                continue
            seen.add(name)
            one = self._known.get(name)
            if one is None:
                unknown = unknown or not self._complete
            elif isinstance(one.members, Unread) or one.kind in ("foreign-group", "unknown"):
                unknown = True
            else:
                open_ends += [member.casefold() for member in one.members]
        return None if unknown else False

    def _stranger(self, name: str, kind: PrincipalKind, outsiders: list[Outsider], doubts: list[Doubt]) -> None:
        """An id that the directory, as far as it was read, does not have."""
        if name == EVERYONE or kind == "everyone":
            self._everyone(outsiders, doubts)
        elif kind == "foreign-group":
            outsiders.append(Outsider(name, "a group of another tenant", opaque=True))
        elif not self._complete:
            doubts.append(Doubt("named", f"the principal {name} is not among those that were read", self._unread))

    def _everyone(self, outsiders: list[Outsider], doubts: list[Doubt]) -> None:
        """Everyone as such, and each outsider who is known: a denial may spare one of them."""
        outsiders.append(Outsider(EVERYONE, "every principal of the directory, guests included", opaque=True))
        for one in self._known.values():
            found = self._one(one)
            outsiders += [found] if isinstance(found, Outsider) and found.principal != EVERYONE else []
            doubts += [found] if isinstance(found, Doubt) else []
        if not self._complete:
            doubts.append(Doubt("named", "not everybody in the directory was read", self._unread))

    def _one(self, one: Principal) -> Outsider | Doubt | None:
        """Whether the principal itself stands outside; nothing: inside, or a group to look into."""
        if one.managing_tenant and one.managing_tenant.casefold() != self._tenant:
            text = f"principals of the managing tenant {one.managing_tenant} (Azure Lighthouse)"
            return Outsider(one.id, text, opaque=True)
        match one.kind:
            case "foreign-group":
                return Outsider(one.id, "a group of another tenant", opaque=True)
            case "user":
                return self._user(one)
            case "service-principal":
                return self._application(one)
            case "managed-identity":
                if one.app_owner and one.app_owner.casefold() not in (self._tenant, *MICROSOFT):
                    return Doubt("named", f"a managed identity of the tenant {one.app_owner} cannot be")
                return None
            case "group" | "everyone":
                return None
        return Doubt("named", f"what the principal {one.id or '(without id)'} is, is not known")

    def _user(self, one: Principal) -> Outsider | Doubt | None:
        """A guest is outside unless at home here; so is a member whose home is elsewhere (an external member)."""
        if one.home_tenant:
            if one.home_tenant.casefold() == self._tenant:
                return None
            word = "a guest user" if one.guest else "an external user"
            return Outsider(one.id, f"{word} from the tenant {one.home_tenant}")
        if one.guest:
            return Outsider(one.id, "a guest user")
        return Doubt("named", "whether the user is a guest is not known") if one.guest is None else None

    def _application(self, one: Principal) -> Outsider | Doubt | None:
        owner = one.app_owner.casefold()
        if not owner:
            return Doubt("named", "which tenant owns the service principal's application is not known")
        if owner == self._tenant or owner in MICROSOFT:
            return None
        return Outsider(one.id, f"an application of the tenant {one.app_owner}")
