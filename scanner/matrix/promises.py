"""What people vouch for: duties that somebody attests, and the documents behind what a provider does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

import msgspec

Place: TypeAlias = tuple[str, str]
"""A provider and an account of it."""


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that a duty is done, until a day."""

    duty: str
    by: str
    until: date
    """The last day on which it holds."""
    evidence: str = ""
    rule: str = ""
    """Its file and line."""
    places: frozenset[Place] | None = None
    """Where it holds; None: everywhere."""

    def covers(self, place: Place) -> bool:
        """Whether it speaks of all of an account."""
        return self.places is None or place in self.places


class Inherited(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the provider's about what it does, and when somebody here last read it."""

    provider: str
    document: str
    reviewed: date
    review_by: date | None = None
    """The day by which it has to be read again; None where nobody set one."""
    url: str = ""
    layers: frozenset[str] | None = None
    """The layers that it speaks of; None: all that the provider owns."""
    rule: str = ""
    """Its file and line."""

    def speaks_of(self, provider: str, layer: str) -> bool:
        """Whether it is a document about that provider's part in that layer."""
        return self.provider == provider and (self.layers is None or layer in self.layers)

    def late(self, today: date) -> bool:
        """Whether it should have been read again."""
        return self.review_by is not None and self.review_by < today


class Promises(msgspec.Struct, frozen=True):
    """All that people vouch for."""

    attested: tuple[Attested, ...] = ()
    inherited: tuple[Inherited, ...] = ()

    def for_duty(self, duty: str) -> tuple[Attested, ...]:
        """Attestations of a duty, the one that holds longest first."""
        return tuple(
            sorted((one for one in self.attested if one.duty == duty), key=lambda one: one.until, reverse=True)
        )


def vouched(attested: Iterable[Attested], places: Iterable[Place], today: date) -> tuple[Attested | None, bool]:
    """The attestation that ends first of those that together cover all places, and whether one there has run out."""
    said = tuple(attested)
    ending: Attested | None = None
    whole, overdue = True, False
    for place in places:
        there = next((one for one in said if one.covers(place)), None)
        if there is None or there.until < today:
            whole = False
            overdue |= there is not None
        elif ending is None or there.until < ending.until:
            ending = there
    return (ending if whole else None), overdue
