"""Who belongs to which group, transitively; groups may hold each other."""

from __future__ import annotations

from collections.abc import Iterable

from providers.azure.policy.model.roles import EVERYONE, Directory, Principal, PrincipalKind
from scanner.facts import Unread
from scanner.ternary import Ternary, any_of

_PEOPLE: frozenset[PrincipalKind] = frozenset({"user", "service-principal", "managed-identity"})


class Memberships:
    """The groups of a directory, turned round: from a member to what it belongs to."""

    def __init__(self, directory: Directory) -> None:
        principals = () if isinstance(directory.principals, Unread) else directory.principals
        self._complete = directory.complete and not isinstance(directory.principals, Unread)
        self._known: dict[str, Principal] = {one.id.casefold(): one for one in principals}
        self._holders: dict[str, list[str]] = {}
        opaque: list[str] = []
        for one in principals:
            if isinstance(one.members, Unread):
                opaque.append(one.id.casefold())
                continue
            for member in one.members:
                self._holders.setdefault(member.casefold(), []).append(one.id.casefold())
        self._perhaps = self._reached(opaque)
        """Groups that anybody may belong to, as far as we know."""

    def holders(self, principal: str) -> frozenset[str]:
        """The principal, everyone, and all groups that it is known to belong to."""
        return self._reached([principal.casefold()]) | {EVERYONE}

    def may_be_group(self, principal: str, kind: PrincipalKind) -> bool:
        """Whether it may be a group with members that we do not know."""
        folded = principal.casefold()
        known = self._known.get(folded)
        if known is None:
            gone = self._complete and kind != "foreign-group"
            return not gone and kind not in _PEOPLE and folded != EVERYONE
        return folded in self._perhaps or known.kind in ("foreign-group", "unknown")

    def is_among(self, principal: str, listed: Iterable[str], kind: PrincipalKind = "unknown") -> Ternary:
        """Whether a list of principals means this one, itself or by a group."""
        mine = self.holders(principal)
        return any_of(self._means(one, mine, kind) for one in listed)

    def _means(self, listed: str, mine: frozenset[str], kind: PrincipalKind) -> Ternary:
        if listed.casefold() in mine:
            return True
        return None if self.may_be_group(listed, kind) else False

    def _reached(self, start: list[str]) -> frozenset[str]:
        seen, open_ends = set(start), list(start)
        while open_ends:
            for holder in self._holders.get(open_ends.pop(), ()):
                if holder not in seen:
                    seen.add(holder)
                    open_ends.append(holder)
        return frozenset(seen)
