"""Who asks when: one queue for all calls of a scan, with lanes, retries, pauses and time limits.

Nothing waits for a phase. Answers are handled in the thread that runs the scheduler, so whoever handles them needs
no lock.
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
from collections.abc import Callable
from dataclasses import dataclass, replace

from scanner.attempt import Defect, attempt
from scanner.lane import Lane, Request
from scanner.provider import AskFailed, Page


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often is tried. Times are seconds."""

    attempt: float = 15.0
    """One try of one page."""
    call: float = 150.0
    """All tries and pauses of one page."""
    scan: float | None = None
    in_flight: int = 48
    paced: bool = True
    """Whether it begins as slowly as the session asks for."""
    start: float = 8
    """In flight before the first answers."""
    tries: int = 7
    """Of a call that failed in a way that may pass, and half as many again of one that was throttled."""
    silent_tries: int = 2
    """Of a call that nobody answered."""
    silences: int = 4
    """Calls in a row without any answer after which a lane is given up."""
    slowings: int = 16
    """Requests to slow down in a row, each in spite of the one before, after which a lane is given up."""
    pause: float = 0.1
    """Before the second try; it doubles from there."""
    grace: float = 1.0
    """More than `attempt` until an answer is no longer awaited: the client knows better why nobody answers."""
    out_of_time: str = "the time limit of the scan was reached"
    """What is said of all that was not answered when that was so."""


class Scheduler:
    """Makes calls in threads and hands their answers over in the thread that calls `step`."""

    def __init__(self, limits: Limits, first_rate: float | None = None) -> None:
        self.limits = limits
        self._first_rate = first_rate
        self.calls: Counter[str] = Counter()
        """Calls that were answered or refused, by `service:Operation`."""
        self._lanes: dict[tuple[str, ...], Lane] = {}
        self._greater: dict[tuple[str, ...], Lane] = {(): Lane(limit=limits.start, answered=True, rate=first_rate)}
        """Lanes that others are parts of, by the name that these share; nothing is the name of all."""
        self._turns: deque[Lane] = deque()
        """Lanes with requests that wait."""
        self._later: list[tuple[float, int, Request]] = []
        self._ticket = itertools.count()
        self._jobs: queue.SimpleQueue[tuple[int, Request] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[int, Page | AskFailed | Defect]] = queue.SimpleQueue()
        self._flying: dict[int, tuple[Request, float]] = {}
        """By ticket, with the deadline; in the order of deadlines, because all wait equally long."""
        self._started_threads = 0
        self._lost_threads = 0
        """Threads whose answer is no longer awaited."""
        self._expired: dict[str, AskFailed] = {}
        self._started = time.monotonic()
        self.out_of_time = False
        """Whether the time limit of the scan ended what was not answered yet."""

    def submit(self, request: Request) -> None:
        """Take a request on; its `on_end` or `on_failure` will be called once."""
        lane = self._lanes.get(request.lane)
        if lane is None:
            most = request.call.rate if self.limits.paced else None
            lane = self._lanes[request.lane] = Lane(self._above(request.lane), rate=most, most=most)
        if not lane.queued:
            lane.queued = True
            self._turns.append(lane)
        lane.waiting.append(request)

    def _above(self, name: tuple[str, ...]) -> tuple[Lane, ...]:
        found = []
        for length in range(len(name) - 1, -1, -1):
            if name[:length] not in self._greater:
                lane = Lane(limit=self.limits.in_flight, answered=True, rate=self._first_rate)
                self._greater[name[:length]] = lane
            found.append(self._greater[name[:length]])
        return tuple(found)

    def close(self) -> None:
        """Let the threads go; answers still on their way are dropped."""
        for _ in range(self._started_threads):
            self._jobs.put(None)

    def step(self) -> None:
        """Send what may be sent, then wait for answers or the next due time and handle them."""
        now = time.monotonic()
        if self.limits.scan is not None and now - self._started >= self.limits.scan:
            self.out_of_time = True
            self._end_all(AskFailed("unreachable", "", self.limits.out_of_time))
            return
        self._end_overdue(now)
        while self._later and self._later[0][0] <= now:
            self.submit(heapq.heappop(self._later)[2])
        self._dispatch(now)
        try:
            answered = self._answers.get(timeout=self._patience(now))
        except queue.Empty:
            return
        self._hand_over(*answered)
        for _ in range(self._answers.qsize()):
            self._hand_over(*self._answers.get())

    # --- sending ----------------------------------------------------------------------------------------------

    def _dispatch(self, now: float) -> None:
        for _ in range(len(self._turns)):
            lane = self._turns.popleft()
            full = self._serve(lane, now)
            lane.queued = bool(lane.waiting)
            if lane.queued:
                self._turns.append(lane)
            if full:
                return

    def _serve(self, lane: Lane, now: float) -> bool:
        """Send what a lane may send; whether no more may be sent at all."""
        while lane.waiting:
            given_up = next((each.given_up for each in lane.path if each.given_up is not None), None)
            refusal = given_up or self._expired.get(lane.waiting[0].scope.uid)
            if refusal is not None:
                lane.waiting.popleft().on_failure(refusal)
            elif not all(each.has_room(now) for each in lane.path):
                return False
            elif len(self._flying) >= self.limits.in_flight:
                return True
            else:
                self._send(lane.waiting.popleft(), lane, now)
        return False

    def _send(self, request: Request, lane: Lane, now: float) -> None:
        ticket = next(self._ticket)
        for each in lane.path:
            each.send(now)
        request.tries += 1
        request.first_try = request.first_try or now
        request.last_try = now
        self._flying[ticket] = (request, now + self.limits.attempt + self.limits.grace)
        if self._started_threads - self._lost_threads < len(self._flying):
            self._started_threads += 1
            threading.Thread(target=self._work, daemon=True, name=f"ask-{self._started_threads}").start()
        self._jobs.put((ticket, request))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            ticket, request = job
            self._answers.put((ticket, attempt(functools.partial(_ask, request))))

    def _patience(self, now: float) -> float:
        dues = [each.not_before for lane in self._turns for each in lane.path if each.not_before > now]
        dues += [deadline for _, deadline in itertools.islice(self._flying.values(), 1)]
        dues += [due for due, _, _ in self._later[:1]]
        if self.limits.scan is not None:
            dues.append(self._started + self.limits.scan)
        return min(max(min(dues, default=now) - now, 0.001), 1.0)

    # --- answers ----------------------------------------------------------------------------------------------

    def _hand_over(self, ticket: int, outcome: Page | AskFailed | Defect) -> None:
        if ticket not in self._flying:  # it came too late
            self._lost_threads -= 1
            return
        request, _ = self._flying.pop(ticket)
        self._settle(request, outcome)

    def _settle(self, request: Request, outcome: Page | AskFailed | Defect) -> None:
        lane = self._lanes[request.lane]
        for each in lane.path:
            each.in_flight -= 1
        if not (isinstance(outcome, Page) and not outcome.sent):
            self.calls[request.call.wire] += 1
        if isinstance(outcome, Page):
            outcome = attempt(functools.partial(_examine, request, outcome))
        if isinstance(outcome, Defect):
            outcome = AskFailed("failed", DEFECT, str(outcome))
        if isinstance(outcome, AskFailed):
            self._failed(request, lane, outcome)
            return
        lane.silences, lane.answered = 0, True
        now = time.monotonic()
        for each in lane.path:
            each.speed_up(self.limits.in_flight, now)
        request.on_page(outcome.answer)
        if outcome.next is None:
            request.on_end()
        else:
            request.page, request.tries, request.silences, request.first_try = outcome.next, 0, 0, 0.0
            self.submit(request)

    def _failed(self, request: Request, lane: Lane, failure: AskFailed) -> None:
        if failure.why == "expired":
            self._expired[request.scope.uid] = failure
            self._recall(lambda other: other.scope.uid == request.scope.uid)
        most = self.limits.tries
        if failure.silent:
            request.silences += 1
            lane.silences += 1
            if lane.silences >= self.limits.silences:
                self._give_up(lane, failure)
            if request.silences >= self.limits.silent_tries:
                most = 0
        else:
            lane.silences, lane.answered = 0, True
        if failure.slow_down:
            slowed = self._slow_down(request, lane, max(self._backoff(1), failure.wait))
            most = most * 3 // 2
            if slowed.slowings >= self.limits.slowings:
                self._give_up(slowed, failure)
        if failure.again and (request.tries < most or isinstance(failure, _NotReady)):
            self._again(request, failure)
        else:
            request.on_failure(failure)

    def _slow_down(self, request: Request, lane: Lane, pause: float) -> Lane:
        """Slow down the lane, or the least greater one that is meant where more of its parts are turned away."""
        now = time.monotonic()
        meant = [each.is_meant(part, now) for part, each in itertools.pairwise(lane.path)]
        slowed = next((each for each, is_it in zip(lane.above, meant, strict=True) if is_it), lane)
        slowed.slow_down(request, now, pause)
        return slowed

    def _again(self, request: Request, failure: AskFailed) -> None:
        due = time.monotonic() + max(self._backoff(request.tries), failure.wait)
        if due - request.first_try > self.limits.call:
            request.on_failure(failure)
        else:
            heapq.heappush(self._later, (due, next(self._ticket), request))

    def _backoff(self, tries: int) -> float:
        full: float = min(self.limits.pause * 2 ** min(tries - 1, 20), 10.0)
        return full * random.uniform(0.5, 1.0)  # noqa: S311  # spreads retries, keeps no secret

    # --- endings ----------------------------------------------------------------------------------------------

    def _end_overdue(self, now: float) -> None:
        while self._flying:
            ticket, (request, deadline) = next(iter(self._flying.items()))
            if now < deadline:
                return
            del self._flying[ticket]
            self._lost_threads += 1
            self._settle(request, AskFailed("unreachable", "", "no answer in time", again=True, silent=True))

    def _give_up(self, lane: Lane, failure: AskFailed) -> None:
        """Ask nothing more of a lane; what flies may still land."""
        if lane.given_up is None:
            lane.given_up = AskFailed(failure.why, failure.code, f"{failure.detail}; given up on this service")
            self._recall(lambda other: any(each is lane for each in self._lanes[other.lane].path))

    def _recall(self, chosen: Callable[[Request], bool]) -> None:
        """Let requests that pause meet their refusal now."""
        recalled = [entry for entry in self._later if chosen(entry[2])]
        self._later = [entry for entry in self._later if not chosen(entry[2])]
        heapq.heapify(self._later)
        for _, _, request in recalled:
            self.submit(request)

    def _end_all(self, failure: AskFailed) -> None:
        ended = [request for request, _ in self._flying.values()]
        ended += [request for _, _, request in self._later]
        self._lost_threads += len(self._flying)
        self._flying.clear()
        self._later.clear()
        for lane in (*self._lanes.values(), *self._greater.values()):
            ended += lane.waiting
            lane.waiting.clear()
            lane.in_flight = 0
        for request in ended:
            request.on_failure(failure)


DEFECT = "defect"
"""The code of a failure that has no name: our own, or an answer of a shape that nobody documents."""


class _NotReady(AskFailed):
    """The answer is not yet what the call waits for."""


def _ask(request: Request) -> Page | AskFailed:
    try:
        return request.ask(request.scope, request.region, request.call, {**request.params, **request.page})
    except AskFailed as failure:
        return failure


def _examine(request: Request, page: Page) -> Page | AskFailed:
    """The page, or why it cannot be taken for an answer."""
    missing = request.expects - page.answer.keys()
    if missing:
        return AskFailed("failed", "", f"the answer lacks {', '.join(sorted(missing))}", again=True)
    if page.next is not None and page.next == request.page:
        return AskFailed("failed", "", "the answer names itself as its next page", again=True)
    if request.call.until is not None and not request.call.until(page.answer):
        return _NotReady("failed", "", "the provider did not finish preparing the answer", again=True)
    enough = request.call.enough
    if page.next is not None and enough is not None and enough(page.answer, request.params):
        return replace(page, next=None)
    return page
