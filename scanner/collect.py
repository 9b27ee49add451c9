"""Read what a plan asks for, scope by scope; each is complete before it is handed out to be judged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Set
from datetime import datetime

from scanner.asking import Asking
from scanner.attempt import Defect, attempt
from scanner.facts import Answer, Unread
from scanner.lane import Request
from scanner.model import GLOBAL, Estate, Scope
from scanner.plan import Plan
from scanner.provider import AskFailed, Batch, Question, Session, Target
from scanner.reading import Reading
from scanner.schedule import DEFECT, Limits, Scheduler
from scanner.scope import Span

Progress = Callable[[int, int], None]
"""Told how many requests are done, of how many known so far."""

AT_ONCE = 24
"""Scopes that are read at the same time: enough to keep all places in flight taken, few enough to fit in memory."""


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
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """`clock`: what tells when scopes are read; without one, nobody is told."""
        self.plan = plan
        self.session = session
        self.target = target
        self.taken_at = taken_at
        self.progress = progress
        self.clock = clock
        self.left_out: Set[str] = frozenset()
        """Uids of scopes that are not read, because they were read before.

        What is asked of many scopes at once is asked as if they were: answers must not depend on it.
        """
        self.scheduler = Scheduler(limits, session.first_rate if limits.paced else None)
        self.known = 0
        self.done = 0
        self._unread: dict[str, list[Unread]] = {}
        for scope, reason in target.unread:
            self._unread.setdefault(scope.uid, []).append(reason)
        self._questions = 0
        """Questions of batches that are not answered yet."""
        self._ready: deque[tuple[Scope, Batch]] = deque()
        """Scopes whose batch's questions were answered or refused."""

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls made so far, by `service:Operation`."""
        return self.scheduler.calls

    def __iter__(self) -> Iterator[Estate]:
        batches = deque(batch for batch in self.session.batches(self.target.scopes) if self._left(batch))
        readings: dict[Reading, Batch] = {}
        began: dict[Reading, datetime] = {}
        try:
            while batches or self._questions or self._ready or readings:
                if batches and not self._questions and len(self._ready) < AT_ONCE:
                    self._prepare(batches.popleft())
                while self._ready and len(readings) < AT_ONCE:
                    reading, batch = self._begin()
                    readings[reading] = batch
                    if self.clock is not None:
                        began[reading] = self.clock()
                for reading in [reading for reading in readings if reading.complete]:
                    batch = readings.pop(reading)
                    estate = reading.estate(self.taken_at)
                    if self.clock is not None:
                        estate.reading = Span(began.pop(reading), self.clock())
                    yield estate
                    if batch.forget is not None:
                        batch.forget(reading.scope)
                if readings or self._questions:
                    self.scheduler.step()
        finally:
            self.scheduler.close()

    @property
    def out_of_time(self) -> bool:
        """Whether the time limit ended the reading early."""
        return self.scheduler.out_of_time

    def _left(self, batch: Batch) -> list[Scope]:
        return [scope for scope in batch.scopes if scope.uid not in self.left_out]

    def _begin(self) -> tuple[Reading, Batch]:
        scope, batch = self._ready.popleft()
        reading = Reading(self.plan, scope, self._unread.get(scope.uid, ()))
        users = reading.users_of_calls()
        reading.start(Asking(self.session, self.scheduler, scope, users, self._count, reading.defects.append))
        return reading, batch

    def _prepare(self, batch: Batch) -> None:
        """Ask a batch's questions; its scopes are ready when the last has ended, whatever came of it."""
        waiting = set(batch.questions)
        self._questions += len(waiting)

        def ended(question: Question) -> None:
            waiting.discard(question)
            self._questions -= 1
            self._count(0, 1)
            if not waiting:
                self._release(batch)

        if not waiting:
            self._release(batch)
        for question in batch.questions:
            self._count(1, 0)
            _Asked(self.session, self.scheduler, question, ended)

    def _release(self, batch: Batch) -> None:
        """Let a batch's scopes be read."""
        left = self._left(batch)
        self._ready.extend((scope, batch) for scope in left)
        for scope in batch.scopes:
            if batch.forget is not None and scope not in left:
                batch.forget(scope)

    def _count(self, known: int, done: int) -> None:
        self.known += known
        self.done += done
        if self.progress is not None:
            self.progress(self.done, self.known)


class _Asked:
    """A question on its way. The session learns its pages, and is told how it ended."""

    def __init__(
        self, session: Session, scheduler: Scheduler, question: Question, ended: Callable[[Question], None]
    ) -> None:
        self.question = question
        self.ended = ended
        self.failure: AskFailed | None = None
        call = question.call
        scheduler.submit(
            Request(
                session.ask,
                question.scope,
                GLOBAL,
                call,
                question.params,
                on_page=self.learn,
                on_end=lambda: self.end(self.failure),
                on_failure=self.end,
                lane=session.lane(question.scope, GLOBAL, call),
            )
        )

    def learn(self, answer: Answer) -> None:
        """Hand a page on. A page of a form that nobody documents is no answer."""
        learnt = attempt(lambda: self.question.learn(answer))
        if isinstance(learnt, Defect):
            self.failure = AskFailed("failed", DEFECT, f"unexpected answer: {learnt}")

    def end(self, failure: AskFailed | None) -> None:
        """Say how it ended."""
        self.question.end(failure)
        self.ended(self.question)
