"""How somebody gets from what was granted to everything, step by step."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from scanner.access.layers import Witness
from scanner.facts import Unread, UnreadFact


class Hop(msgspec.Struct, frozen=True):
    """One step: what is done, what it leads to, and a request that does it."""

    words: str
    target: str
    witness: Witness | None = None
    conditions: tuple[str, ...] = ()
    """What the request must satisfy besides, in plain words."""


class Escalation(msgspec.Struct, frozen=True):
    """The shortest way of a principal to everything. Unread is what could not be decided, with its reason."""

    hops: tuple[Hop, ...] | Unread = ()
    """Empty where there is none, and where it holds everything already."""

    def path(self) -> tuple[Hop, ...]:
        """The steps; raises UnreadFact where nobody can tell."""
        if isinstance(self.hops, Unread):
            raise UnreadFact(self.hops)
        return self.hops


class Escalations(msgspec.Struct, frozen=True):
    """The ways of all principals of an account."""

    ways: Mapping[str, Escalation] = {}
    """By uid; those without a way are not in it."""

    def of(self, uid: str) -> Escalation:
        """The way of a principal."""
        return self.ways.get(uid, Escalation())
