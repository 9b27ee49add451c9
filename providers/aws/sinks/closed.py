"""Places behind a sink that take nothing until somebody changes something there, such as one account of many."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from scanner.deliver.backoff import LONGEST
from scanner.deliver.sink import Outcome

LATER = LONGEST
"""Seconds after which such a place is asked again, which is when the outbox has its events sent again."""
P = TypeVar("P", bound=Hashable)


class Closed(Generic[P]):
    """Which places these are, and what has to be changed. One that is closed for long enough is open again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[P, tuple[Outcome, float]] = {}

    def close(self, place: P, why: str) -> Outcome:
        """Ask nothing of a place for a while: what becomes of all that goes there, while others are not held up."""
        outcome = Outcome("again", why, LATER, apart=True)
        self._told[place] = outcome, self._clock() + LATER
        return outcome

    def outcome(self, place: P) -> Outcome | None:
        """What becomes of what goes there; None where the place can be asked."""
        outcome, until = self._told.get(place, (None, 0.0))
        return outcome if outcome is not None and self._clock() < until else None

    def forget(self) -> None:
        """Take all for open."""
        self._told.clear()
