"""A call that is to be asked, and the lane that it waits in with others that share a provider's limit."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scanner.facts import Answer, Call
from scanner.model import Scope
from scanner.provider import AskFailed, Page

Ask = Callable[[Scope, str, Call, Mapping[str, object]], Page]

UNPROVEN = 4
"""Calls in flight of a lane that has not answered yet: services that hang must not hold the places of all others."""
FEWER = 0.8
"""Of the rate that a provider bore when it asked for fewer, what is asked from then on."""
FASTER = 0.7
"""Calls per second more with each answer, before the provider ever asked for fewer: half as many again each second."""
ENOUGH = 16
"""Answers of the last second from which the rate that a provider bears can be told."""
SHORT_WHILE = 0.3
PARTS_OF_ALL, SHARE_OF_ALL = 3, 0.3
"""Parts of a lane that are asked to slow down within a short while, and how often for each answer, if all are meant."""
START = 0.5
"""More calls in flight with each answer, before the provider ever asked for fewer."""
BOLDEST, SHY, SHYEST = 0.05, 0.005, 0.001
"""By how much the rate grows with each answer: where it was taken from a few answers, where it grew to the limit, and
when that was met more often. About one answer in a hundred then asks for fewer again."""


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
    last_try: float = 0.0

    lane: tuple[str, ...] = ()
    """Names what it shares a provider's limit with, the greater first: calls may share the first of it, or all."""


@dataclass(slots=True)
class Lane:
    """Calls that share a provider's limit.

    What is limited may be how many are in flight or how many there are in a second, and nobody says which. So when
    the provider asks for fewer, the first is halved and the second set to what was borne; both grow with each answer.
    """

    above: tuple[Lane, ...] = ()
    """Greater lanes that it is a part of, the least first: a provider may limit what a caller asks of all services."""
    waiting: deque[Request] = field(default_factory=deque)
    queued: bool = False
    """Whether it takes turns with the other lanes."""
    in_flight: int = 0
    limit: float = 24.0
    rate: float | None = None
    """Calls per second; none before the provider first asked for fewer."""
    most: float | None = None
    """Calls per second that are known to be borne, and never exceeded."""
    growth: float = BOLDEST
    answered: bool = False
    not_before: float = 0.0
    resumed: float = 0.0
    """When it went on after it was slowed down last."""
    slowed: float = 0.0
    """When it was slowed down last."""
    slowings: int = 0
    """How often it was slowed down since the last answer."""
    silences: int = 0
    given_up: AskFailed | None = None
    _answers: deque[float] = field(default_factory=lambda: deque(maxlen=4096))
    """When the answers of the last second came."""
    _slowings: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=256))
    """When the last second's requests to slow down came, and of which of its parts."""

    @property
    def path(self) -> tuple[Lane, ...]:
        """It, and what it is a part of."""
        return (self, *self.above)

    def has_room(self, now: float) -> bool:
        """Whether one more call may be sent."""
        limit = self.limit if self.answered else min(self.limit, UNPROVEN)
        return now >= self.not_before and self.in_flight < int(limit)

    def send(self, now: float) -> None:
        """One more call is sent."""
        self.in_flight += 1
        if self.rate is not None:
            self.not_before = now + 1 / self.rate

    def speed_up(self, most: int, now: float) -> None:
        """Allow more, after an answer."""
        more = min(1 / self.limit, self.limit / 4) if self.slowed else START
        self.limit = min(self.limit + more, most)
        self.slowings = 0
        self._answers.append(now)
        if self.rate is not None:
            self.rate += self.rate * self.growth if self.slowed else FASTER
            self.rate = self.rate if self.most is None else min(self.rate, self.most)

    def borne(self, now: float) -> int:
        """Answers of the last second."""
        while self._answers and self._answers[0] < now - 1:
            self._answers.popleft()
        return len(self._answers)

    def is_meant(self, part: Lane, now: float) -> bool:
        """Whether requests to slow down, this one of a part included, are so many that they are meant for all parts."""
        self._slowings.append((now, id(part)))
        while self._slowings[0][0] < now - SHORT_WHILE:
            self._slowings.popleft()
        parts = len({one for _, one in self._slowings})
        answered = itertools.takewhile(lambda moment: moment >= now - SHORT_WHILE, reversed(self._answers))
        return parts >= PARTS_OF_ALL and len(self._slowings) >= SHARE_OF_ALL * sum(1 for _ in answered)

    def slow_down(self, request: Request, now: float, pause: float) -> None:
        """Allow fewer, after a request to slow down; calls that were sent before the last one had not heard it."""
        if request.last_try < self.slowed:
            return
        self.limit = max(1.0, self.limit / 2)
        borne = self.borne(now)
        if self.rate is not None or borne >= ENOUGH:
            if self.rate is not None:
                self.growth = max(SHYEST, self.growth / 2) if self.slowed else SHY
            # A second that began with a pause tells nothing but that the rate was too high.
            rested = now - self.resumed < 1 or borne < ENOUGH
            self.rate = max(
                FEWER * (self.rate if rested and self.rate else min(borne, self.rate or borne)), 0.1 / pause
            )
        self.not_before = self.resumed = max(self.not_before, now + pause)
        self.slowed = now
        self.slowings += 1
