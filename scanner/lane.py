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
SLOWEST = 1 / 32


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

    @property
    def lane(self) -> tuple[str, str, str]:
        """Account, region, service."""
        return (self.scope.uid, self.region, self.call.service)


@dataclass(slots=True)
class Lane:
    """Calls of one account x region x service, which share a provider's limit.

    The limit of calls in flight halves when the provider asks for fewer and grows again with every answer; below one
    it becomes a distance in time.
    """

    waiting: deque[Request] = field(default_factory=deque)
    in_flight: int = 0
    limit: float = 24.0
    answered: bool = False
    not_before: float = 0.0
    slowed: float = 0.0
    """When the limit was halved last."""
    slowings: int = 0
    """How often it was halved since the last answer."""
    silences: int = 0
    given_up: AskFailed | None = None

    def has_room(self, now: float) -> bool:
        """Whether one more call may be sent."""
        limit = self.limit if self.answered else min(self.limit, UNPROVEN)
        return now >= self.not_before and self.in_flight < max(1, int(limit))

    def speed_up(self, most: int) -> None:
        """Allow more, after an answer."""
        self.limit = min(self.limit + min(1 / self.limit, self.limit / 4), most)
        self.slowings = 0

    def slow_down(self, request: Request, now: float, pause: float) -> None:
        """Allow fewer, after a request to slow down; calls that were sent before the last one had not heard it."""
        if request.last_try >= self.slowed:
            self.limit = max(SLOWEST, self.limit / 2)
            self.not_before = max(self.not_before, now + pause)
            self.slowed = now
            self.slowings += 1
