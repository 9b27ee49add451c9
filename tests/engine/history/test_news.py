"""What a reading is news of: neither more nor less than what it decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from scanner.finding import Finding, State, Status, came_to
from scanner.history import Begin, History, Read, open_history
from tests.engine.history.made import CHECKS, day, finding, scope
from tests.engine.history.places import Place


class Told(NamedTuple):
    """What a recording had to say."""

    met: dict[str, Finding]
    overtaken: set[str]
    unmet: Sequence[Finding]
    answered: Sequence[Finding]

    def states(self) -> dict[str, State | None]:
        """What each that was met, or should have been, came to."""
        return {each.resource.name: came_to(each) for each in [*self.met.values(), *self.unmet]}


def look(
    history: History,
    number: int,
    findings: Iterable[Finding],
    unlisted: Iterable[tuple[str, str]] = (),
    at: int | None = None,
) -> Told:
    scan, gone = f"scan-{number}", frozenset(unlisted)
    with history.scope(Begin(scan, day(number if at is None else at), scope(), CHECKS)) as recording:
        met = recording.add([msgspec.structs.replace(each, scan=scan) for each in findings])
        read = Read(not gone, gone)
        unmet = recording.settle(read)
        told = Told({each.id: each for each in met}, recording.overtaken, unmet, recording.answered)
        recording.finish(read)
    return told


def test_a_failure_whose_exception_ends_is_reopened_once(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert look(history, 1, [finding("a", status="excepted")]).states() == {"a": "excepted"}
        assert look(history, 2, [finding("a")]).states() == {"a": "reopened"}
        assert look(history, 3, [finding("a")]).states() == {"a": "standing"}


def test_a_failure_comes_to_be_excepted_or_unknowable_by_one_look(place: Place) -> None:
    statuses: tuple[Status, ...] = ("fail", "excepted", "excepted", "unknown", "unknown", "excepted")
    with open_history(place.fresh()) as history:
        news = [
            look(history, number, [finding("a", status=status), finding("b", status="excepted")]).states()
            for number, status in enumerate(statuses, 1)
        ]
    assert [each["a"] for each in news] == ["new", "excepted", None, "unknowable", None, "excepted"]
    assert [each["b"] for each in news] == ["excepted", None, None, None, None, None]


def test_an_exception_of_other_reasons_is_no_news(place: Place) -> None:
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("a", status="excepted")])
        other = look(history, 2, [finding("a", status="excepted", reasons=("somebody may write",))])
    assert other.states() == {"a": None}


def test_an_exception_that_ends_with_the_failure_reopens_nothing(place: Place) -> None:
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("a", status="excepted")])
        assert look(history, 2, [finding("a", status="pass")]).states() == {"a": "resolved"}
        assert look(history, 3, [finding("a", status="pass")]).states() == {"a": None}


def test_a_late_reading_brings_no_news_of_what_a_newer_one_decided(place: Place) -> None:
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("stands"), finding("mended"), finding("gone")])
        look(history, 5, [finding("stands"), finding("mended", status="pass")])
        late = [finding("stands"), finding("mended"), finding("gone"), finding("never seen")]
        told = look(history, 3, late)
        assert told.overtaken == told.met.keys()
        assert not told.unmet
        assert not told.answered
        assert {each.resource.name: came_to(each) for each in history.findings()} == {
            "stands": "standing",
            "mended": "resolved",
        }


def test_a_reading_that_is_the_newest_brings_news_of_all(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert not look(history, 1, [finding("a"), finding("b", status="unknown")]).overtaken


def test_a_failure_that_can_no_longer_be_listed_is_told_each_time_as_of_now(place: Place) -> None:
    unlisted = [(check, "east") for check in CHECKS]
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("a"), finding("b", status="pass")])
        for number, news in ((2, "unknowable"), (3, None)):
            told = look(history, number, [], unlisted)
            assert told.states() == {"a": news}, "which is news once"
            (unmet,) = told.unmet
            assert unmet.lifecycle is not None
            assert unmet.lifecycle.state == "unknowable"
            assert unmet.last_seen == day(number)
            assert unmet.scan == f"scan-{number}"
        assert look(history, 4, [finding("a")]).states() == {"a": "standing"}


def test_a_question_that_nobody_could_answer_is_closed_when_it_is_not_asked_any_more(place: Place) -> None:
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("a", status="unknown"), finding("b", status="pass"), finding("c")])
        told = look(history, 2, [])
        assert [each.resource.name for each in told.unmet] == ["c"]
        (answered,) = told.answered
        assert (answered.resource.name, answered.status, answered.scan) == ("a", "not-applicable", "scan-2")
        assert came_to(answered) == "resolved"
        assert not answered.unread
        assert not look(history, 3, []).answered


def test_a_question_about_what_was_mended_before_is_closed_too(place: Place) -> None:
    with open_history(place.fresh()) as history:
        looked: tuple[Status, ...] = ("fail", "pass", "unknown")
        for number, status in enumerate(looked, 1):
            look(history, number, [finding("a", status=status)])
        (answered,) = look(history, 4, []).answered
        assert (answered.resource.name, answered.status, came_to(answered)) == ("a", "not-applicable", "resolved")
        assert not look(history, 5, []).answered


def test_an_exception_that_ended_while_nothing_was_known_reopens_a_failure_that_is_there_again(place: Place) -> None:
    hidden = [(check, "east") for check in CHECKS]
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("a", status="excepted"), finding("b", status="excepted"), finding("c")])
        look(history, 2, [finding("a", status="unknown")], hidden)
        look(history, 3, [finding("a", status="unknown"), finding("c", status="unknown")], hidden)
        again = look(history, 4, [finding("a"), finding("b", status="excepted"), finding("c")])
        assert again.states() == {"a": "reopened", "b": "excepted", "c": "standing"}
        assert look(history, 5, [finding("a")]).states()["a"] == "standing"


def test_a_late_reading_of_a_failure_that_newer_ones_could_not_list_is_news(place: Place) -> None:
    with open_history(place.fresh()) as history:
        look(history, 5, [], [("public-read", "east")])
        told = look(history, 3, [finding("a"), finding("b", "versions")])
        assert told.overtaken == {each.id for each in told.met.values() if each.check == "versions"}
        assert {each.check: came_to(each) for each in told.met.values()} == {"public-read": "new", "versions": None}
        assert [each.lifecycle.state for each in history.findings() if each.lifecycle] == ["unknowable"]


def test_readings_of_one_time_are_news_in_the_order_of_their_recording(place: Place) -> None:
    """As of a snapshot that is judged again, or of two scans in one second."""
    hidden = [(check, "east") for check in CHECKS]
    looks: list[tuple[list[Finding], list[tuple[str, str]]]] = [
        ([finding("a"), finding("b")], []),
        ([finding("b")], hidden),
        ([finding("a"), finding("b", status="pass")], []),
        ([finding("b")], []),
    ]
    with open_history(place.fresh()) as history:
        told = [look(history, number, *each, at=1).states() for number, each in enumerate(looks)]
        assert [each.lifecycle for each in history.scans()] == [dict(Counter(each.values())) for each in told]
    assert told == [
        {"a": "new", "b": "new"},
        {"b": "standing", "a": "unknowable"},
        {"a": "standing", "b": "resolved"},
        {"b": "reopened", "a": "resolved"},
    ]


def test_what_was_not_listed_is_not_answered(place: Place) -> None:
    with open_history(place.fresh()) as history:
        look(history, 1, [finding("a", status="unknown")])
        assert not look(history, 2, [], [(check, "east") for check in CHECKS]).answered
