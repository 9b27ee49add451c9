"""Lanes: how many calls fly at once, and what happens when a provider asks for fewer."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.facts import Unread
from scanner.lane import Lane, Request
from scanner.provider import AskFailed
from scanner.schedule import Limits
from tests.engine import papercloud, rules
from tests.engine.office import FULL, D, Papers, papers
from tests.engine.papercloud import Asked, Drawer, PaperSession
from tests.engine.rules import QUICK, collect, portrait
from tests.engine.weather import many, session, throttled, unread

# --- throttling -----------------------------------------------------------------------------------------------


@dataclass
class Turnstile:
    """Lets in so many per second, or so many at once, and counts whom it turned away."""

    per_second: float
    at_once: int
    turned_away: int = 0
    _moments: deque[float] = field(default_factory=deque)
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> None:
        with self._lock:
            now = time.monotonic()
            while self._moments and self._moments[0] < now - 0.1:
                self._moments.popleft()
            if len(self._moments) >= self.per_second / 10 or self._inside >= self.at_once:
                self.turned_away += 1
                raise throttled()
            self._moments.append(now)
            self._inside += 1
        time.sleep(0.001)
        with self._lock:
            self._inside -= 1


@pytest.mark.parametrize(("at_once", "per_second"), [(1, 1e9), (3, 1e9), (1_000_000, 150), (1_000_000, 400)])
def test_a_cloud_that_throttles_is_read_whole(at_once: int, per_second: float) -> None:
    turnstile = Turnstile(per_second, at_once)
    office = many(60)
    estate = collect(session(office, turnstile), (rules.drawer_open,), limits=Limits(pause=0.01))
    assert unread(estate) == []
    assert len(list(estate.of(Drawer))) == 60
    assert turnstile.turned_away < 120, "each call is turned away about once or less"


def test_a_cloud_that_throttles_everything_ends() -> None:
    def never(asked: Asked) -> None:
        raise throttled()

    cloud = session(FULL, never)
    estate = collect(cloud, (rules.office_sealed,))
    assert {each.why for each in unread(estate)} == {"throttled"}
    assert cloud.asked.total() == QUICK.tries * 3 // 2


def test_a_lane_that_throttles_everything_is_given_up_and_the_others_are_read() -> None:
    def throttle(asked: Asked) -> None:
        if asked.region == "south":
            raise throttled()

    started = time.monotonic()
    cloud = session(many(40, 50), throttle)
    estate = collect(cloud, (rules.drawer_open, rules.office_watched), limits=Limits(pause=0.001))
    assert all(not isinstance(fact, Unread) for drawer in estate.of(Drawer) for fact in drawer.stored.values())
    assert {gap.region for gap in estate.gaps} == {"south"}
    assert {each.why for each in unread(estate)} == {"throttled"}
    assert any("given up" in each.detail for each in unread(estate))
    assert sum(count for question, count in cloud.asked.items() if question[2] == "south") < 150
    assert time.monotonic() - started < 5


def test_calls_that_were_sent_together_are_one_request_to_slow_down() -> None:
    lane = Lane(answered=True)
    together = [_sent(at=1.0) for _ in range(24)]
    for request in together:
        lane.slow_down(request, now=2.0, pause=0.1)
    assert (lane.limit, lane.slowings) == (12, 1)
    assert not lane.has_room(2.05)
    assert lane.has_room(2.2)
    lane.slow_down(_sent(at=2.1), now=2.3, pause=0.1)
    assert (lane.limit, lane.slowings) == (6, 2)
    for _ in range(2000):
        lane.speed_up(48, 2.4)
    assert (lane.limit, lane.slowings) == (48, 0)


@given(st.lists(st.booleans(), max_size=200))
def test_a_limit_stays_within_bounds_whatever_is_answered(answers: list[bool]) -> None:
    lane = Lane(answered=True)
    for now, well in enumerate(answers, 1):
        if well:
            lane.speed_up(48, now)
        else:
            lane.slow_down(_sent(at=now), now, pause=0.1)
        assert 1 <= lane.limit <= 48
        assert lane.rate is None or lane.rate >= 1
        assert lane.has_room(now + 1)


def _sent(at: float) -> Request:
    cloud = PaperSession({})
    request = Request(
        cloud.ask, papercloud.scope(), "north", papercloud.SEAL, {}, lambda _: None, lambda: None, lambda _: None
    )
    request.last_try = at
    return request


# --- limits ---------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 12), papers())
def test_never_more_in_flight_than_allowed(most: int, office: Papers) -> None:
    cloud = session(office, lambda asked: time.sleep(0.0005))
    estate = collect(cloud, limits=Limits(in_flight=most))
    assert cloud.most_in_flight[None] <= most
    assert portrait(estate) == portrait(collect(session(office, lambda asked: None)))


def test_a_lane_starts_with_few_and_holds_its_own_limit() -> None:
    before_any_answer: list[int] = []
    answered = threading.Event()

    def count(asked: Asked) -> None:
        if not answered.is_set() and asked.call is not papercloud.DRAWERS:
            before_any_answer.append(1)
            time.sleep(0.02)
            answered.set()
        time.sleep(0.002)

    office = Papers(drawers=tuple(D(f"d{number}", "south") for number in range(60)))
    cloud = session(office, count)
    collect(cloud, (rules.drawer_open,))
    assert len(before_any_answer) <= 5  # four drawers of a lane that is new, and the seal of the office
    lane = ("one", "south", "shelves")
    assert 4 < cloud.most_in_flight[lane] <= 48


def test_a_cloud_with_so_many_a_second_turns_few_away() -> None:
    """A bucket that holds and fills with so many a second, as providers document theirs."""
    bucket = Bucket(100, 100)
    office = many(250)
    cloud = session(office, bucket)
    cloud.first_rate = 50
    estate = collect(cloud, (rules.drawer_open,), limits=Limits())
    assert unread(estate) == []
    assert bucket.turned_away <= 0.05 * cloud.asked.total()


@dataclass
class Bucket:
    """Gives out tokens, and fills again."""

    holds: float
    per_second: float
    turned_away: int = 0
    _tokens: float = -1.0
    _filled: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> None:
        with self._lock:
            now = time.monotonic()
            held = self.holds if self._tokens < 0 else self._tokens + (now - self._filled) * self.per_second
            self._tokens, self._filled = min(self.holds, held), now
            if self._tokens < 1:
                self.turned_away += 1
                raise throttled()
            self._tokens -= 1
        time.sleep(0.003)


def test_a_provider_that_says_how_long_to_wait_is_not_asked_before() -> None:
    asked_at: list[float] = []

    def once(asked: Asked) -> None:
        asked_at.append(time.monotonic())
        if len(asked_at) == 1:
            raise AskFailed("throttled", "TooMany", "wait", again=True, slow_down=True, wait=0.4)

    estate = collect(session(FULL, once), (rules.office_sealed,))
    assert unread(estate) == []
    assert asked_at[1] - asked_at[0] >= 0.4


def test_a_cloud_that_turns_everybody_away_is_given_up_as_a_whole() -> None:
    """Many accounts and services, and a limit that nobody tells apart: it is not tried ten times for each call."""

    def never(asked: Asked) -> None:
        raise throttled()

    names = tuple(f"office{number}" for number in range(40))
    cloud = PaperSession({name: FULL.answers() for name in names}, trouble=never)
    scopes = [papercloud.scope(name) for name in names]
    checks = (rules.office_sealed, rules.drawer_open, rules.clerk_badge, rules.office_watched)
    estates = list(rules.collection(cloud, checks, scopes=scopes, limits=Limits(pause=0.001)))
    assert len(estates) == len(names)
    whys = {each.why for estate in estates for each in unread(estate)}
    assert whys == {"throttled"}
    assert cloud.asked.total() < 300
