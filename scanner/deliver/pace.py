"""How much a sink is sent at once, and when it is left alone."""

from __future__ import annotations

from scanner.deliver.backoff import Chance, pause
from scanner.deliver.clock import Clock

LONGEST_PAUSE = 60.0
"""Seconds that a sink as a whole is left alone, unless it asks for more."""
TRIES = 3
"""Failures in a row after which it is not for one event that a sink fails: the batch did, and then two, each alone."""


class Pace:
    """After a failure, a sink is sent one event alone, and then twice as many each time, as long as it takes them.

    So an event that brings a sink to fail, whatever it does so by, holds no other up for long.
    """

    def __init__(self, most: int, clock: Clock, chance: Chance) -> None:
        self._most, self._clock, self._chance = most, clock, chance
        self._paused_until = 0.0
        self.size = most
        """Events that may be sent now."""
        self.failures = 0
        """In a row."""
        self.has_moved = False
        """Whether something was taken or refused since the last rest."""

    @property
    def rest(self) -> float:
        """Seconds that the sink is to be left alone; none or less where it is not."""
        return self._paused_until - self._clock.seconds()

    def failed(self, asked: float | None, *, at_once: bool) -> None:
        """Nothing was taken. `asked`: seconds that the sink asked for; `at_once`: waiting would not help."""
        self.failures += 1
        if asked is None or self.failures > 1:
            # One that is busy says so of itself, and would be busier with many small requests.
            self.size = 1
        if not at_once:
            self.leave_alone(pause(self.failures, self._chance(), asked, LONGEST_PAUSE))

    def went_well(self) -> None:
        """Something was taken or refused."""
        self.failures, self.has_moved = 0, True
        self.size = min(2 * self.size, self._most)

    def leave_alone(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._paused_until = self._clock.seconds() + seconds
