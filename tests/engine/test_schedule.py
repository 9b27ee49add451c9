"""Clouds that throttle, hang, expire or stumble: every scan ends in time, with all it could read and no more calls."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.facts import Unread
from scanner.lane import Lane, Request
from scanner.model import Estate, Resource
from scanner.provider import AskFailed, Page
from scanner.schedule import Limits
from tests.engine import papercloud, rules
from tests.engine.office import FULL, Cam, D, Papers, papers
from tests.engine.papercloud import Asked, Camera, Drawer, PaperSession, Trouble
from tests.engine.rules import QUICK, collect, collection, portrait


def many(drawers: int = 60, cameras: int = 0) -> Papers:
    return Papers(
        drawers=tuple(D(f"d{number}", lock="on", policy="shut", label="x") for number in range(drawers)),
        cameras=tuple(Cam(f"c{number}", "south") for number in range(cameras)),
        sealed=True,
    )


def session(office: Papers, trouble: Trouble) -> PaperSession:
    return PaperSession({"one": office.answers()}, trouble=trouble)


def unread(estate: Estate) -> list[Unread]:
    """All facts that were not read, and all gaps."""
    facts = [fact for resource in estate.of(Resource) for fact in resource.stored.values() if isinstance(fact, Unread)]
    return facts + [gap.unread for gap in estate.gaps]


def passing(asked: Asked) -> AskFailed:
    return AskFailed("failed", "Reset", "the connection was reset", again=True)


def throttled() -> AskFailed:
    return AskFailed("throttled", "SlowDown", "too many", again=True, slow_down=True)


# --- failures that pass ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("failures", "read"), [(1, True), (QUICK.tries - 1, True), (QUICK.tries, False)])
def test_a_failure_that_passes_is_tried_again_up_to_the_limit(failures: int, read: bool) -> None:
    def stumble(asked: Asked) -> None:
        if asked.call is papercloud.SEAL and asked.times <= failures:
            raise passing(asked)

    cloud = session(FULL, stumble)
    estate = collect(cloud, (rules.office_sealed,))
    assert (unread(estate) == []) is read
    assert cloud.asked.total() == min(failures + 1, QUICK.tries)
    if not read:
        assert {(each.why, each.detail) for each in unread(estate)} == {("failed", "Reset: the connection was reset")}


def test_a_failure_that_stays_is_not_tried_again() -> None:
    def refuse(asked: Asked) -> None:
        raise AskFailed("failed", "Odd", "never")

    cloud = session(FULL, refuse)
    assert len(unread(collect(cloud, (rules.office_sealed,)))) == 1
    assert cloud.asked.total() == 1


def test_each_page_has_its_own_tries() -> None:
    def stumble(asked: Asked) -> None:
        if asked.times < QUICK.tries:
            raise passing(asked)

    cloud = PaperSession({"one": many(10).answers()}, trouble=stumble, page_size=2)
    estate = collect(cloud, (rules.drawer_label,))
    assert len(list(estate.of(Drawer))) == 10
    assert unread(estate) == []


def test_pages_that_lead_nowhere_end() -> None:
    class Circling(PaperSession):
        def _page(self, answers: Any, asked: Asked) -> Page:
            return Page({"drawers": []}, {"Token": "again"})

    estate = collect(Circling({"one": {}}), (rules.drawer_label,))
    assert [each.detail for each in unread(estate)] == ["the answer names itself as its next page"]


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
        lane.speed_up(most=48)
    assert (lane.limit, lane.slowings) == (48, 0)


@given(st.lists(st.booleans(), max_size=200))
def test_a_limit_stays_within_bounds_whatever_is_answered(answers: list[bool]) -> None:
    lane = Lane(answered=True)
    for now, well in enumerate(answers, 1):
        if well:
            lane.speed_up(most=48)
        else:
            lane.slow_down(_sent(at=now), now, pause=0.1)
        assert 0 < lane.limit <= 48
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


# --- silence --------------------------------------------------------------------------------------------------


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """What hangs waits for this; it is let go when the test is over."""
    event = threading.Event()
    yield event
    event.set()


SHORT = Limits(attempt=0.2, grace=0.05, pause=0.001)


def test_a_service_that_hangs_costs_itself_and_nobody_waits_for_it(hang: threading.Event) -> None:
    def block(asked: Asked) -> None:
        if asked.call.service == "cameras":
            hang.wait()

    cloud = session(FULL, block)
    reading = collection(cloud, limits=Limits(attempt=0.5, grace=0.1))
    others_done: list[float] = []
    total = sum(1 for _ in collect(session(FULL, lambda asked: None)).of(Resource))
    started = time.monotonic()

    def note(done: int, known: int) -> None:
        if known - done <= 2:
            others_done.append(time.monotonic() - started)

    reading.progress = note
    (estate,) = reading
    assert time.monotonic() - started < 4
    assert others_done[0] < 0.6, "before the first deadline of what hangs"
    assert {(gap.kind, gap.unread.why, gap.unread.detail) for gap in estate.gaps} == {
        (Camera, "unreachable", "no answer in time")
    }
    assert sum(1 for _ in estate.of(Resource)) == total - 2
    assert [each for each in unread(estate) if each.why != "stale" and "cameras" not in each.call] == []


def test_a_lane_is_given_up_after_so_many_silences(hang: threading.Event) -> None:
    def block(asked: Asked) -> None:
        if asked.call is papercloud.CAMERA:
            hang.wait()

    cloud = session(many(5, cameras=40), block)
    started = time.monotonic()
    estate = collect(cloud, (rules.office_watched,), limits=SHORT)
    assert time.monotonic() - started < 3
    details = Counter(camera.stored["on"].detail for camera in estate.of(Camera))  # type: ignore[attr-defined]
    assert details["no answer in time; given up on this service"] >= 10
    assert details.total() == 40
    assert sum(count for question, count in cloud.asked.items() if question[1] == "cameras:CameraState") <= 30


def test_a_call_that_nobody_answers_is_tried_twice(hang: threading.Event) -> None:
    def block(asked: Asked) -> None:
        if asked.call is papercloud.SEAL:
            raise AskFailed("unreachable", "", "no route", again=True, silent=True)

    cloud = session(FULL, block)
    estate = collect(cloud, (rules.office_sealed,))
    assert [(each.why, each.detail) for each in unread(estate)] == [("unreachable", "no route")]
    assert cloud.asked.total() == QUICK.silent_tries


def test_an_answer_that_comes_too_late_is_not_used_and_its_thread_comes_back(hang: threading.Event) -> None:
    def late(asked: Asked) -> None:
        if asked.call is papercloud.SEAL and asked.times == 1:
            time.sleep(0.35)
        if asked.call is papercloud.DRAWERS:
            time.sleep(0.15)
        if asked.call is papercloud.POLICY:
            time.sleep(0.1)

    before = threading.active_count()
    cloud = session(FULL, late)
    estate = collect(cloud, (rules.drawer_open, rules.office_sealed), limits=SHORT)
    assert unread(estate) == []
    assert cloud.asked["one", "office:OfficeSeal", "global", ("Office", "one")] == 2
    _soon(lambda: threading.active_count() <= before)


def test_the_time_limit_of_a_scan_ends_what_flies_waits_and_pauses(hang: threading.Event) -> None:
    def drag(asked: Asked) -> None:
        if asked.call is papercloud.POLICY:
            hang.wait(5)
        if asked.call is papercloud.LOCK:
            raise passing(asked)

    started = time.monotonic()
    estate = collect(session(many(80), drag), (rules.drawer_open,), limits=Limits(scan=0.3, pause=5, in_flight=10))
    assert time.monotonic() - started < 1
    assert {(each.why, each.detail) for each in unread(estate)} == {
        ("unreachable", "the time limit of the scan was reached")
    }


# --- credentials ----------------------------------------------------------------------------------------------


def test_expired_credentials_stop_all_further_calls_at_once() -> None:
    count = itertools.count(1)

    def expire(asked: Asked) -> None:
        if next(count) > 10:
            raise AskFailed("expired", "TokenExpired", "sign in again")

    cloud = session(many(200), expire)
    started = time.monotonic()
    estate = collect(cloud, limits=Limits(pause=3))
    assert time.monotonic() - started < 2
    assert cloud.asked.total() <= 10 + Limits().in_flight
    assert {each.why for each in unread(estate)} == {"expired"}


def test_nor_does_anything_that_pauses_wait_to_hear_of_it() -> None:
    def expire(asked: Asked) -> None:
        if asked.call is papercloud.SEAL:
            raise passing(asked)
        time.sleep(0.05)
        raise AskFailed("expired", "TokenExpired", "sign in again")

    cloud = session(FULL, expire)
    started = time.monotonic()
    estate = collect(cloud, limits=Limits(pause=8))
    assert time.monotonic() - started < 2
    assert cloud.asked["one", "office:OfficeSeal", "global", ("Office", "one")] == 1
    assert {each.why for each in unread(estate)} == {"expired"}


# --- interruption ---------------------------------------------------------------------------------------------


def test_an_interrupted_scan_leaves_no_thread_that_keeps_the_program(hang: threading.Event) -> None:
    def block(asked: Asked) -> None:
        if asked.call is papercloud.CAMERAS:
            hang.wait()

    before = set(threading.enumerate())
    reading = collection(session(FULL, block))

    def interrupt(done: int, known: int) -> None:
        if done:
            raise KeyboardInterrupt

    reading.progress = interrupt
    with pytest.raises(KeyboardInterrupt):
        list(reading)
    hang.set()
    assert [thread for thread in set(threading.enumerate()) - before if not thread.daemon] == []
    _soon(lambda: not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("ask-")])


def test_a_consumer_that_stops_lets_the_threads_go() -> None:
    before = threading.active_count()
    scopes = [papercloud.scope("one"), papercloud.scope("two")]
    cloud = PaperSession({name: FULL.answers(name) for name in ("one", "two")})
    for _ in collection(cloud, scopes=scopes):
        break
    _soon(lambda: threading.active_count() <= before)


def _soon(happens: Any) -> None:
    deadline = time.monotonic() + 3
    while not happens():
        assert time.monotonic() < deadline, [thread.name for thread in threading.enumerate()]
        time.sleep(0.01)


# --- several accounts -----------------------------------------------------------------------------------------


def _assert_own(estate: Estate, account: str, other: str) -> None:
    assert estate.scope.account == account
    text = "".join(portrait(estate))
    assert f"{other}-" not in text
    assert f"paper:{other}:" not in text
    for resource in estate.of(Resource):
        assert resource.scope == estate.scope


@settings(max_examples=15, deadline=None)
@given(papers("one-"), papers("two-"))
def test_two_accounts_at_the_same_time_never_mix(one: Papers, two: Papers) -> None:
    accounts = {"one": one.answers("one"), "two": two.answers("two")}
    alone = {name: portrait(collect(PaperSession(accounts), scopes=[papercloud.scope(name)])) for name in accounts}
    cloud = PaperSession(accounts, trouble=lambda asked: time.sleep(0.0005))
    found: dict[str, Estate] = {}

    def scan(name: str) -> None:
        found[name] = collect(cloud, scopes=[papercloud.scope(name)])

    threads = [threading.Thread(target=scan, args=(name,)) for name in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = {
        estate.scope.account: estate for estate in collection(cloud, scopes=[papercloud.scope(n) for n in accounts])
    }
    for name, other in (("one", "two"), ("two", "one")):
        _assert_own(found[name], name, other)
        _assert_own(together[name], name, other)
        assert portrait(found[name]) == portrait(together[name]) == alone[name]


def test_an_account_is_handed_out_when_it_is_complete_and_does_not_wait_for_others() -> None:
    def slow(asked: Asked) -> None:
        if asked.scope.account == "slow":
            time.sleep(0.03)

    cloud = PaperSession({name: FULL.answers(name) for name in ("slow", "swift")}, trouble=slow)
    reading = collection(cloud, scopes=[papercloud.scope("slow"), papercloud.scope("swift")])
    assert [estate.scope.account for estate in reading] == ["swift", "slow"]
