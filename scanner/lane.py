"""A call that is to be asked, and the lane that it waits in with others that share a provider's limit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scanner.facts import Answer, Call
from scanner.model import Scope
from scanner.provider import AskFailed, Page

Ask = Callable[[Scope, str, Call, Mapping[str, object]], Page]

UNPROVEN = 4
"""Calls in flight of a lane that has not answered yet: services that hang must not hold the places of all others."""
FEWER = 0.9
"""Of the rate that a provider bore when it asked for fewer, what is asked from then on."""
ENOUGH = 16
"""Answers of the last second from which the rate that a provider bears can be told."""
BOLDEST, SHYEST = 0.05, 0.001
"""By how much the rate grows with each answer: at first, and when it has been found out where the limit is. About
one answer in a hundred then asks for fewer again."""


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
    """Names what it shares a provider's limit with."""


@dataclass(slots=True)
class Lane:
    """Calls that share a provider's limit.

    What is limited may be how many are in flight or how many there are in a second, and nobody says which. So when
    the provider asks for fewer, the first is halved and the second set to what was borne; both grow with each answer.
    """

    waiting: deque[Request] = field(default_factory=deque)
    queued: bool = False
    """Whether it takes turns with the other lanes."""
    in_flight: int = 0
    limit: float = 24.0
    rate: float | None = None
    """Calls per second; none before the provider first asked for fewer."""
    growth: float = BOLDEST
    answered: bool = False
    not_before: float = 0.0
    slowed: float = 0.0
    """When it was slowed down last."""
    slowings: int = 0
    """How often it was slowed down since the last answer."""
    silences: int = 0
    given_up: AskFailed | None = None
    _answers: deque[float] = field(default_factory=lambda: deque(maxlen=4096))
    """When the answers of the last second came."""

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
        self.limit = min(self.limit + min(1 / self.limit, self.limit / 4), most)
        self.slowings = 0
        self._answers.append(now)
        if self.rate is not None:
            self.rate *= 1 + self.growth

    def slow_down(self, request: Request, now: float, pause: float) -> None:
        """Allow fewer, after a request to slow down; calls that were sent before the last one had not heard it."""
        if request.last_try < self.slowed:
            return
        self.limit = max(1.0, self.limit / 2)
        while self._answers and self._answers[0] < now - 1:
            self._answers.popleft()
        if self.rate is not None or len(self._answers) >= ENOUGH:
            borne = len(self._answers) / max(0.1, now - self._answers[0]) if self._answers else 0.0
            if self.rate is not None:
                borne = min(borne, self.rate)
                self.growth = max(SHYEST, self.growth / 2)
            self.rate = max(FEWER * borne, 0.1 / pause)
        self.not_before = max(self.not_before, now + pause)
        self.slowed = now
        self.slowings += 1
