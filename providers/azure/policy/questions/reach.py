"""Who may connect: parties that are let in for certain, and what is open."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from providers.azure.policy.model.requests import Source
from scanner.access import Who
from scanner.facts import Unread


class Party(msgspec.Struct, frozen=True):
    """Somebody who is let in."""

    who: Who
    text: str
    source: Source
    """One place that it connects from."""
    flags: tuple[str, ...] = ()


class Doubt(msgspec.Struct, frozen=True):
    """Somebody who is let in, perhaps."""

    who: Who
    why: str
    unread: Unread | None = None


class Reach(msgspec.Struct, frozen=True):
    """Everybody outside who is let in."""

    parties: tuple[Party, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    closed_by: str = ""
    """What keeps the internet out, where it does."""

    @property
    def open_to(self) -> Party | None:
        """The party that stands for everybody, where everybody is let in."""
        return next((party for party in self.parties if party.who == "anyone"), None)

    def but(self, doubts: Iterable[Doubt]) -> Reach:
        """The same, where whoever gets in does so only perhaps, for other reasons too."""
        reasons = tuple(doubts)
        weak = [Doubt(party.who, reason.why, reason.unread) for party in self.parties for reason in reasons]
        return Reach((), tuple(dict.fromkeys((*self.doubts, *weak))), self.closed_by)


def both(why: str, unread: Unread | None = None) -> tuple[Doubt, Doubt]:
    """Anybody at all may be let in."""
    return Doubt("anyone", why, unread), Doubt("named", why, unread)


def joined(reaches: Iterable[Reach]) -> Reach:
    """Everybody whom one of them lets in."""
    every = tuple(reaches)
    return Reach(
        tuple(dict.fromkeys(party for one in every for party in one.parties)),
        tuple(dict.fromkeys(doubt for one in every for doubt in one.doubts)),
        " and ".join(dict.fromkeys(one.closed_by for one in every if one.closed_by)),
    )
