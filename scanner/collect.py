"""Read what a plan asks for, scope by scope; each is complete before it is handed out to be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from scanner.asking import Asking
from scanner.model import Estate
from scanner.plan import Plan
from scanner.provider import Session, Target
from scanner.reading import Reading
from scanner.schedule import Limits, Scheduler

Progress = Callable[[int, int], None]
"""Told how many requests are done, of how many known so far."""


class Collection:
    """The reading of all scopes of a target; iterate for each Estate as it is completed."""

    def __init__(
        self,
        plan: Plan,
        session: Session,
        target: Target,
        taken_at: datetime,
        limits: Limits,
        progress: Progress | None = None,
    ) -> None:
        self.plan = plan
        self.session = session
        self.target = target
        self.taken_at = taken_at
        self.progress = progress
        self.scheduler = Scheduler(limits)
        self.known = 0
        self.done = 0

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls made so far, by `service:Operation`."""
        return self.scheduler.calls

    def __iter__(self) -> Iterator[Estate]:
        unread = {scope.uid: reason for scope, reason in self.target.unread}
        readings = [Reading(self.plan, scope, unread.get(scope.uid)) for scope in self.target.scopes]
        try:
            for reading in readings:
                reading.start(self._asking(reading))
            while readings:
                for reading in [reading for reading in readings if reading.complete]:
                    readings.remove(reading)
                    yield reading.estate(self.taken_at)
                if readings:
                    self.scheduler.step()
        finally:
            self.scheduler.close()

    def _asking(self, reading: Reading) -> Asking:
        users = reading.users_of_calls()
        return Asking(self.session, self.scheduler, reading.scope, users, self._count, reading.defects.append)

    def _count(self, known: int, done: int) -> None:
        self.known += known
        self.done += done
        if self.progress is not None:
            self.progress(self.done, self.known)
