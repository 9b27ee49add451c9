"""A courier: carries what waits in the outbox to one sink, at least once, and in order for each key."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Literal

import msgspec

from scanner.deliver.backoff import Chance, pause
from scanner.deliver.clock import Clock, SystemClock
from scanner.deliver.opened import Failure, Opened
from scanner.deliver.pace import LONGEST_PAUSE, TRIES, Pace
from scanner.deliver.route import Route
from scanner.deliver.sink import Delivery, Outcome
from scanner.deliver.tenure import Tenure
from scanner.history import Delayed, History, HistoryError, Room, Waiting

End = Literal["", "late", "waits", "failed", "broken", "held", "history"]
SHORTEST_REST = 0.2
HELD_FOR = 1.0
"""Seconds after which it is looked again whether another still sends."""
SILENT = "it did not answer in time"
SHOWN = 500
"""Characters of a reason that are kept."""


class Carried(msgspec.Struct):
    """What a courier has done so far, and how it ended."""

    sink: str
    delivered: int = 0
    refused: int = 0
    """Events that the sink will not take as they are."""
    end: End = ""
    """Empty: nothing is left that can be sent. `late`: time was up, or it was told to stop. `waits`: some may be tried
    later. `failed`: the sink takes nothing now; `broken`: nor will it by itself. `held`: another process sends.
    `history`: the history failed."""
    why: str = ""
    """In words, where it did not end well."""


class Courier:
    """Carries to one sink what its owner tells it to, from one thread."""

    def __init__(
        self,
        route: Route,
        opened: Callable[[], History],
        clock: Clock | None = None,
        chance: Chance = random.random,
    ) -> None:
        """`opened`: the history, which may be asked for several times."""
        self.carried = Carried(route.name)
        self.stop = threading.Event()
        """To be set by another thread: no batch is begun any more."""
        self._name, self._opened, self._chance = route.name, opened, chance
        self._clock = clock or SystemClock()
        self._sink = Opened(route)
        self._limits = route.limits
        self._largest = min(self._limits.largest, self._limits.octets - self._limits.around)
        self._pace = Pace(self._limits.items, self._clock, chance)
        self._until: float | None = None
        self._why = ""
        """Why something was not taken, the latest time."""

    def carry(self, seconds: float | None = None) -> Carried:
        """Send what can be sent. In so many seconds also what is due by then; without, only while something moves."""
        self._until = None if seconds is None else self._clock.seconds() + seconds
        try:
            with self._opened() as history:
                if history.outbox.due(self._name) is not None:
                    with Tenure(self._name, history.leases, self._opened, self._clock) as we:
                        self._carry(history, we)
        except HistoryError as error:
            self._end("history", str(error))
        finally:
            self._sink.close()
        return self.carried

    def abandon(self) -> None:
        """Let another thread, which still waits for the sink, do so for nobody; what it is told counts all the same."""
        self.stop.set()
        self.carried = msgspec.structs.replace(self.carried, end="late", why=SILENT)

    def _carry(self, history: History, we: Tenure) -> None:
        while not self._is_over():
            if not we.holds() and not self._waited_for_other(we):
                return
            has_tried = self._pass(history, we)
            if self.carried.end:
                return
            wait = self._pace.rest
            if wait <= 0:
                if has_tried:
                    continue  # what waited for those that are gone may be sent now
                due = history.outbox.due(self._name)
                if due is None:
                    return
                wait = (due - self._clock.now()).total_seconds()
            if not self._may_wait(wait):
                self._end("failed" if self._pace.failures else "waits", self._why)
                return
            self._pace.has_moved = False
            self._clock.rest(max(wait, SHORTEST_REST), self.stop)
        self._end("late", self._why if self._pace.failures else "")

    def _waited_for_other(self, we: Tenure) -> bool:
        """Wait for the process that sends to end; False where it does not in time."""
        while not self._is_over() and self._until is not None:
            self._clock.rest(HELD_FOR, self.stop)
            if we.again():
                return True
        self._end("held", f"{we.other} sends to it now")
        return False

    def _may_wait(self, seconds: float) -> bool:
        if self._until is not None:
            return self._clock.seconds() + seconds < self._until
        return seconds <= LONGEST_PAUSE and (self._pace.has_moved or 0 < self._pace.failures < TRIES)

    def _is_over(self) -> bool:
        return self.stop.is_set() or (self._until is not None and self._clock.seconds() >= self._until)

    def _end(self, end: End, why: str) -> None:
        self.carried.end, self.carried.why = end, why

    def _pass(self, history: History, we: Tenure) -> bool:
        """Go once through what is due, or until the sink fails; whether something was."""
        after = 0
        while not self._is_over() and we.holds():
            room = Room(self._pace.size, self._limits.octets, self._largest, self._limits.around)
            batch = history.outbox.waiting(self._name, self._clock.now(), after, room)
            if not batch:
                break
            after = batch[-1].number
            self._batch(history, batch)
            if self.carried.end or self._pace.failures or self._pace.rest > 0:
                break
        return after > 0

    def _batch(self, history: History, batch: Sequence[Waiting]) -> None:
        fitting = [each for each in batch if each.octets <= self._largest]
        refused = [(each.uid, self._too_large(each)) for each in batch if each.octets > self._largest]
        arrived: list[str] = []
        delayed: list[Delayed] = []
        told = self._sink.send([Delivery(each.uid, each.key, each.body) for each in fitting]) if fitting else []
        if not isinstance(told, Failure) and self._is_in_doubt(told):
            told = Failure(told[0].why, lasting=True)
        if isinstance(told, Failure):
            delayed = self._failed(told, fitting)
        else:
            pairs = list(zip(fitting, told, strict=True))
            arrived = [each.uid for each, outcome in pairs if outcome.state == "sent"]
            refused += [(each.uid, _shown(outcome.why)) for each, outcome in pairs if outcome.state == "refused"]
            delayed = self._delayed(pairs)
        history.outbox.settle(self._name, arrived=arrived, delayed=delayed, refused=refused)
        self.carried.delivered += len(arrived)
        self.carried.refused += len(refused)

    def _is_in_doubt(self, told: Sequence[Outcome]) -> bool:
        """Whether a sink refuses that has failed and taken nothing since: its options may be wrong, and no event."""
        return self._pace.failures > 0 < len(told) and all(outcome.state == "refused" for outcome in told)

    def _too_large(self, event: Waiting) -> str:
        return f"it has {event.octets} octets, and the sink takes {self._largest} at most"

    def _failed(self, failure: Failure, batch: Sequence[Waiting]) -> list[Delayed]:
        """Nothing was taken: maybe for the event that was sent alone."""
        self._pace.failed(failure.after, at_once=failure.lasting)
        self._why = _shown(failure.why)
        if failure.lasting and (failure.unopened or self._pace.failures >= TRIES):
            self._end("broken", self._why)
        elif self._until is None and self._pace.failures >= TRIES:
            self._end("failed", self._why)
        if len(batch) > 1 or failure.unopened:
            return []
        # Others come first when the sink is tried again: it may be for this one that it failed.
        return self._later([(batch[0], Outcome("again", failure.why))], max(self._pace.rest, 0.0))

    def _delayed(self, pairs: Sequence[tuple[Waiting, Outcome]]) -> list[Delayed]:
        """Some were taken or refused, or had nothing to do with each other; these are for later."""
        again = [(each, outcome) for each, outcome in pairs if outcome.state == "again"]
        if len(again) < len(pairs):
            self._pace.went_well()
        if again:
            self._why = _shown(again[0][1].why)
        waits = (outcome.after for _, outcome in again if not outcome.apart and outcome.after is not None)
        asked = max(waits, default=None)
        if asked is not None:
            self._pace.leave_alone(pause(1, 0, asked))
        return self._later(again, 0.0)

    def _later(self, again: Sequence[tuple[Waiting, Outcome]], rest: float) -> list[Delayed]:
        now, chance = self._clock.now(), self._chance()
        return [
            Delayed(
                each.uid,
                _shown(outcome.why),
                now + timedelta(seconds=rest + pause(each.attempts + 1, chance, outcome.after)),
                each.attempts + 1,
            )
            for each, outcome in again
        ]


def _shown(why: str) -> str:
    return why if len(why) <= SHOWN else f"{why[:SHOWN]}..."
