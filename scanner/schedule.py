"""Who asks when: one queue for all calls of a scan, with lanes, retries, pauses and time limits.

A lane is an account x region x service. Each has its own limit of calls in flight, which halves when the provider
asks for fewer and grows again with every answer. Nothing waits for a phase. Answers are handled in the thread
that runs the scheduler, so whoever handles them needs no lock.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import queue
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scanner.attempt import Defect, attempt
from scanner.facts import Answer, Call
from scanner.model import Scope
from scanner.provider import AskFailed, Page

Ask = Callable[[Scope, str, Call, Mapping[str, object]], Page]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often is tried. Times are seconds."""

    attempt: float = 15.0
    """One try of one page."""
    call: float = 150.0
    """All tries and pauses of one page."""
    scan: float | None = None
    in_flight: int = 48
    tries: int = 7
    """Of a call that failed in a way that may pass, and half as many again of one that was throttled."""
    silent_tries: int = 2
    """Of a call that nobody answered."""
    silences: int = 4
    """Calls in a row without any answer after which a lane is given up."""
    pause: float = 0.1
    """Before the second try; it doubles from there."""


@dataclass(eq=False, slots=True)
class Request:
    """A call that is to be asked, page by page, and who handles its answers."""

    ask: Ask
    scope: Scope
    region: str
    call: Call
    params: Mapping[str, object]
    on_page: Callable[[Answer], None]
    on_end: Callable[[], None]
    on_failure: Callable[[AskFailed], None]
    expects: set[str] = field(default_factory=set)
    """List members that each page must have."""
    page: Mapping[str, object] = field(default_factory=dict)
    tries: int = 0
    silences: int = 0
    first_try: float = 0.0

    @property
    def lane(self) -> tuple[str, str, str]:
        """Account, region, service."""
        return (self.scope.uid, self.region, self.call.service)


@dataclass(slots=True)
class Lane:
    """Calls that share a provider's limit."""

    waiting: deque[Request] = field(default_factory=deque)
    in_flight: int = 0
    limit: float = 24.0
    not_before: float = 0.0
    silences: int = 0
    given_up: AskFailed | None = None


class Scheduler:
    """Makes calls in threads and hands their answers over in the thread that calls `step`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.calls: Counter[str] = Counter()
        """Calls made, by `service:Operation`."""
        self._lanes: dict[tuple[str, str, str], Lane] = {}
        self._turns: deque[Lane] = deque()
        self._later: list[tuple[float, int, Request]] = []
        self._ticket = itertools.count()
        self._jobs: queue.SimpleQueue[tuple[int, Request] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[int, Page | AskFailed | Defect]] = queue.SimpleQueue()
        self._flying: dict[int, tuple[Request, float]] = {}
        self._threads = 0
        self._open = 0
        self._expired: dict[str, AskFailed] = {}
        self._started = time.monotonic()

    @property
    def busy(self) -> bool:
        """Whether any request is still open."""
        return self._open > 0

    def submit(self, request: Request) -> None:
        """Take a request on; its `on_end` or `on_failure` will be called once."""
        self._open += 1
        self._queue(request)

    def close(self) -> None:
        """Let the threads go; answers still on their way are dropped."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def step(self) -> None:
        """Send what may be sent, then wait for one answer or the next due time and handle it."""
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._queue(heapq.heappop(self._later)[2])
        self._dispatch(now)
        try:
            ticket, outcome = self._answers.get(timeout=self._patience(now))
        except queue.Empty:
            self._overdue(time.monotonic())
            return
        if ticket in self._flying:  # else it was given up before it answered
            request, _ = self._flying.pop(ticket)
            self._settle(request, outcome)

    def _queue(self, request: Request) -> None:
        lane = self._lanes.get(request.lane)
        if lane is None:
            lane = self._lanes[request.lane] = Lane()
            self._turns.append(lane)
        lane.waiting.append(request)

    def _dispatch(self, now: float) -> None:
        out_of_time = self.limits.scan is not None and now - self._started >= self.limits.scan
        self._turns.rotate(-1)
        for lane in tuple(self._turns):
            while lane.waiting:
                request = lane.waiting[0]
                refusal = lane.given_up or self._expired.get(request.scope.uid)
                if out_of_time:
                    refusal = AskFailed("unreachable", "", "the time limit of the scan was reached")
                if refusal is not None:
                    lane.waiting.popleft()
                    self._end(request, refusal)
                elif lane.in_flight >= int(lane.limit) or now < lane.not_before:
                    break
                elif len(self._flying) >= self.limits.in_flight:
                    return
                else:
                    lane.waiting.popleft()
                    self._send(request, lane, now)

    def _send(self, request: Request, lane: Lane, now: float) -> None:
        ticket = next(self._ticket)
        lane.in_flight += 1
        request.tries += 1
        request.first_try = request.first_try or now
        self.calls[request.call.wire] += 1
        # One second more than the client's own limit: it knows better why nobody answers.
        self._flying[ticket] = (request, now + self.limits.attempt + 1)
        if self._threads < len(self._flying):
            self._threads += 1
            threading.Thread(target=self._work, daemon=True, name=f"ask-{self._threads}").start()
        self._jobs.put((ticket, request))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            ticket, request = job
            self._answers.put((ticket, attempt(functools.partial(_ask, request))))

    def _patience(self, now: float) -> float:
        dues = [deadline for _, deadline in self._flying.values()]
        dues += [lane.not_before for lane in self._lanes.values() if lane.waiting and lane.not_before > now]
        if self._later:
            dues.append(self._later[0][0])
        if self.limits.scan is not None:
            dues.append(self._started + self.limits.scan)
        return min(max(min(dues, default=now) - now, 0.001), 1.0)

    def _overdue(self, now: float) -> None:
        out_of_time = self.limits.scan is not None and now - self._started >= self.limits.scan
        for ticket, (request, deadline) in list(self._flying.items()):
            if now >= deadline or out_of_time:
                del self._flying[ticket]
                self._threads -= 1  # its thread is lost until the answer comes, which nobody awaits
                late = AskFailed("unreachable", "", "no answer in time", again=True, silent=True)
                self._settle(request, late)

    def _settle(self, request: Request, outcome: Page | AskFailed | Defect) -> None:
        lane = self._lanes[request.lane]
        lane.in_flight -= 1
        if isinstance(outcome, Defect):
            outcome = AskFailed("failed", "defect", str(outcome))
        elif isinstance(outcome, Page) and (missing := request.expects - outcome.answer.keys()):
            outcome = AskFailed("failed", "", f"the answer lacks {', '.join(sorted(missing))}", again=True)
        if isinstance(outcome, AskFailed):
            self._failed(request, lane, outcome)
            return
        lane.silences = 0
        lane.limit = min(lane.limit + 1 / lane.limit, self.limits.in_flight)
        if request.call.until is not None and not request.call.until(outcome.answer):
            self._again(request, AskFailed("failed", "", "the provider did not finish preparing the answer"))
            return
        request.on_page(outcome.answer)
        if outcome.next is None:
            self._end(request, None)
        else:
            request.page, request.tries, request.first_try = outcome.next, 0, 0.0
            self._queue(request)

    def _failed(self, request: Request, lane: Lane, failure: AskFailed) -> None:
        if failure.why == "expired":
            self._expired[request.scope.uid] = failure
        if failure.silent:
            request.silences += 1
            lane.silences += 1
            if lane.silences >= self.limits.silences:
                lane.given_up = AskFailed("unreachable", failure.code, f"{failure.detail}; given up on this service")
            if request.silences >= self.limits.silent_tries:
                self._end(request, failure)
                return
        else:
            lane.silences = 0
        if failure.slow_down:
            now = time.monotonic()
            if now >= lane.not_before:  # calls that were sent together count as one request to slow down
                lane.limit = max(1.0, lane.limit / 2)
                lane.not_before = now + self._backoff(request.tries)
        most = self.limits.tries * 3 // 2 if failure.slow_down else self.limits.tries
        if failure.again and request.tries < most:
            self._again(request, failure)
        else:
            self._end(request, failure)

    def _again(self, request: Request, failure: AskFailed) -> None:
        due = time.monotonic() + self._backoff(request.tries)
        if due - request.first_try > self.limits.call:
            self._end(request, failure)
        else:
            heapq.heappush(self._later, (due, next(self._ticket), request))

    def _backoff(self, tries: int) -> float:
        full: float = min(self.limits.pause * 2 ** (tries - 1), 10.0)
        return full * random.uniform(0.5, 1.0)  # noqa: S311  # spreads retries, keeps no secret

    def _end(self, request: Request, failure: AskFailed | None) -> None:
        self._open -= 1
        if failure is None:
            request.on_end()
        else:
            request.on_failure(failure)


def _ask(request: Request) -> Page | AskFailed:
    try:
        return request.ask(request.scope, request.region, request.call, {**request.params, **request.page})
    except AskFailed as failure:
        return failure
