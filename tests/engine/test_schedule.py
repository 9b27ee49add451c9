"""Clouds that stumble, hang or expire: every scan ends in time, with all it could read and no more calls."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from scanner.model import Resource
from scanner.provider import AskFailed, Page
from scanner.schedule import Limits
from tests.engine import papercloud, rules
from tests.engine.office import FULL
from tests.engine.papercloud import Asked, Camera, Drawer, PaperSession
from tests.engine.rules import QUICK, collect, collection
from tests.engine.weather import many, passing, session, unread

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
