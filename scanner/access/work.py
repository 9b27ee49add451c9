"""How much thinking a question may cost, counted and not timed, so that the answer is the same on every machine."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

MOST_WORK: Final = 1_000_000
"""About a second of a slow core."""


class LimitReached(Exception):
    """A question took more than it may. The text says of what."""


class Work:
    """What is left of the work that may be done."""

    __slots__ = ("_paid", "left")

    def __init__(self, most: int = MOST_WORK) -> None:
        self.left = most
        self._paid: set[Hashable] = set()

    def spend(self, units: int) -> None:
        """Count work of about a microsecond each. Raises LimitReached when there is none left."""
        self.left -= units
        if self.left < 0:
            raise LimitReached("it takes more work than one question may cost")

    def spend_once(self, what: Hashable, units: int) -> None:
        """The same for something whose result is kept."""
        if what not in self._paid:
            self._paid.add(what)
            self.spend(units)
