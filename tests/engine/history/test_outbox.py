"""The outbox: nothing is lost in it, and what it hands out is in order."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.history import Begin, Delayed, History, Outgoing, Reasons, Room, open_history
from tests.engine.history.made import CHECKS, day, scope
from tests.engine.history.mail import NOW, ROOM, SINK, event, events, post, uids, waiting
from tests.engine.history.places import Place

LATER = NOW + timedelta(hours=1)
HOSTILE = st.text(st.characters(codec=None, categories=None), max_size=20)


def delay(history: History, *uids: str) -> None:
    history.outbox.settle(SINK, delayed=[Delayed(uid, "busy", LATER, 1) for uid in uids])


def test_events_come_in_order_and_go_when_they_have_arrived(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, [*events(("a", "k"), ("b", "l"), ("c", "m")), event("a", sink="other")])
        assert waiting(history) == ["a", "b", "c"]
        history.outbox.settle(SINK, arrived=["a", "c"])
        assert waiting(history) == ["b"]
        assert waiting(history, sink="other") == ["a"]


def test_an_event_waits_for_the_earlier_one_of_its_key(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, events(("a1", "a"), ("b1", "b"), ("a2", "a")))
        post(history, events(("b2", "b"), ("a3", "a")), account=2)
        assert waiting(history) == ["a1", "b1"]
        delay(history, "a1")
        assert waiting(history) == ["b1"], "nothing of a key passes what is delayed"
        assert waiting(history, LATER) == ["a1", "b1"]
        history.outbox.settle(SINK, arrived=["a1", "b1"])
        assert waiting(history) == ["a2", "b2"]


def test_what_is_refused_holds_nothing_up(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, events(("a1", "a"), ("a2", "a")))
        history.outbox.settle(SINK, refused=[("a1", "no such field")])
        assert waiting(history) == ["a2"]
        (standing,) = history.outbox.standing()
        assert (standing.waiting, standing.refused) == (1, 1)
        assert history.outbox.reasons(SINK, 9) == (Reasons(True, "no such field", 1, "a1"),)


def test_a_pass_ends_though_some_are_delayed_again_and_again(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, [event(f"e{number}") for number in range(10)])
        room, seen, after = Room(3, 1_000_000, 100_000), list[str](), 0
        while found := history.outbox.waiting(SINK, NOW, after, room):
            after = found[-1].number
            history.outbox.settle(SINK, delayed=[Delayed(each.uid, "no", NOW, each.attempts + 1) for each in found])
            seen += [each.uid for each in found]
        assert seen == [f"e{number}" for number in range(10)]


def test_no_more_is_read_than_there_is_room_for(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, [event(f"e{number}", body=f'{{"text":"{"x" * 86}","n":"{number}"}}') for number in range(9)])
        (first, *_) = history.outbox.waiting(SINK, NOW, 0, ROOM)
        assert first.octets == len(first.body) == 105
        assert len(waiting(history, room=Room(9, 3 * 108, 200, around=3))) == 3
        assert len(waiting(history, room=Room(9, 3 * 108 - 1, 200, around=3))) == 2
        assert len(waiting(history, room=Room(9, 10, 200))) == 1, "one that alone is too large for a batch still comes"
        assert len(waiting(history, room=Room(0, 1000, 200))) == 0


def test_what_is_too_large_is_told_of_without_its_body(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, [event("big", body='{"a":"' + "x" * 1000 + '"}'), event("small")])
        big, small = history.outbox.waiting(SINK, NOW, 0, Room(9, 100, 100))
        assert (big.uid, big.octets, big.body) == ("big", 1008, b"")
        assert (small.uid, small.body) == ("small", b'{"uid":"small"}')


def test_what_waits_is_not_written_twice(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, [event("a", body='{"n":1}')])
        delay(history, "a")
        post(history, [event("a", body='{"n":2}')])
        assert waiting(history) == [], "it is still delayed"
        assert [each.body for each in history.outbox.waiting(SINK, LATER, 0, ROOM)] == [b'{"n":1}']


def test_an_event_that_comes_again_after_it_has_arrived_is_sent_again(place: Place) -> None:
    with open_history(place.fresh()) as history:
        for _ in range(2):
            post(history, [event("a")])
            assert waiting(history) == ["a"]
            history.outbox.settle(SINK, arrived=["a"])


def test_who_reports_late_takes_nothing_away(place: Place) -> None:
    """A courier that was thought gone tells what became of its last batch when another has sent it, too."""
    with open_history(place.fresh()) as history:
        post(history, events(("a1", "a"), ("b1", "b")))
        history.outbox.settle(SINK, arrived=["a1", "b1"])
        post(history, events(("a2", "a"), ("c1", "c")))
        history.outbox.settle(SINK, arrived=["a1"], delayed=[Delayed("b1", "busy", LATER, 1)], refused=[("a1", "no")])
        assert waiting(history) == ["a2", "c1"]
        assert [each.attempts for each in history.outbox.waiting(SINK, NOW, 0, ROOM)] == [0, 0]


def test_events_are_kept_with_what_they_tell_and_not_without(place: Place) -> None:
    with open_history(place.fresh()) as history:
        with history.scope(Begin("scan", day(0), scope(), CHECKS)) as recording:
            recording.post([event("a")])
        assert waiting(history) == []
        assert history.scans() == ()


def test_all_are_tried_again_where_that_is_asked_for(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, events(("a", "a"), ("b", "b"), ("c", "c")))
        history.outbox.settle(SINK, delayed=[Delayed("a", "busy", LATER, 7)], refused=[("b", "no")])
        history.outbox.retry(SINK, NOW)
        assert [(each.uid, each.attempts) for each in history.outbox.waiting(SINK, NOW, 0, ROOM)] == [
            ("a", 0),
            ("b", 0),
            ("c", 0),
        ]


@pytest.mark.parametrize(("refused", "left"), [(True, ["a"]), (False, [])])
def test_events_are_given_up_where_that_is_asked_for(place: Place, refused: bool, left: list[str]) -> None:
    with open_history(place.fresh()) as history:
        post(history, [event("a"), event("b"), event("c", sink="other")])
        history.outbox.settle(SINK, refused=[("b", "no")])
        history.outbox.drop(SINK, refused=refused)
        assert waiting(history) == left
        assert waiting(history, sink="other") == ["c"]
        assert all(each.refused == 0 for each in history.outbox.standing())


def test_how_much_waits_is_told_by_sink(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert history.outbox.standing() == ()
        post(history, [event("a", body='{"n":12}'), event("b"), event("c", sink="other")])
        delay(history, "a")
        history.outbox.settle("other", refused=[("c", "no")])
        other, siem = history.outbox.standing()
        assert (other.sink, other.waiting, other.refused, other.oldest) == ("other", 0, 1, None)
        assert (siem.sink, siem.waiting, siem.refused, siem.octets) == (SINK, 2, 0, 8 + len('{"uid":"b"}'))
        assert siem.oldest is not None
        assert siem.oldest < NOW


def test_a_clock_that_is_behind_holds_nothing_up(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, events(("a", "a"), ("b", "b")))
        past = NOW - timedelta(days=400)
        assert waiting(history, past) == ["a", "b"]
        history.outbox.settle(SINK, delayed=[Delayed("a", "busy", past + timedelta(minutes=1), 1)])
        assert waiting(history, past) == ["b"]
        assert waiting(history, past + timedelta(minutes=1)) == ["a", "b"]


def test_the_next_is_due_when_nothing_holds_it_up(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert history.outbox.due(SINK) is None
        post(history, events(("a1", "a"), ("a2", "a"), ("b1", "b")))
        due = history.outbox.due(SINK)
        assert due is not None
        assert due < NOW
        history.outbox.settle(SINK, arrived=["b1"], delayed=[Delayed("a1", "busy", LATER, 1)])
        assert history.outbox.due(SINK) == LATER, "a2 waits for a1, whatever its own time is"
        history.outbox.settle(SINK, refused=[("a1", "no"), ("a2", "no")])
        assert history.outbox.due(SINK) is None


def test_the_most_frequent_reasons_come_first(place: Place) -> None:
    with open_history(place.fresh()) as history:
        post(history, [event(f"e{number}") for number in range(6)])
        history.outbox.settle(SINK, refused=[("e0", "no"), ("e1", "no"), ("e2", "never")])
        delay(history, "e3", "e4", "e5")
        assert history.outbox.reasons(SINK, 2) == (Reasons(False, "busy", 3, "e3"), Reasons(True, "no", 2, "e0"))


def test_hostile_texts_are_told_apart_and_stored(place: Place) -> None:
    with open_history(place.fresh()) as history:

        @settings(max_examples=30)
        @given(HOSTILE, HOSTILE, st.integers(1, 3000))
        def check(uid: str, why: str, times: int) -> None:
            post(history, [Outgoing(SINK, uid * times + end, uid * times, "{}") for end in ("1", "2")])
            (found,) = history.outbox.waiting(SINK, NOW, 0, ROOM)
            history.outbox.settle(SINK, refused=[(found.uid, why)])
            (other,) = history.outbox.waiting(SINK, NOW, 0, ROOM)
            assert (other.key, other.uid != found.uid) == (found.key, True)
            assert history.outbox.reasons(SINK, 1)[0].count == 1
            history.outbox.drop(SINK, refused=False)

        check()


def test_many_and_large_events_are_posted_in_order(place: Place) -> None:
    large = [Outgoing(SINK, f"large-{number}", f"large-{number}", f'"{"x" * 2_500_000}"') for number in range(3)]
    given = [*(event(f"e{number}", f"k{number % 1500}") for number in range(2_500)), *large]
    with open_history(place.fresh()) as history:
        post(history, given)
        room, got = Room(400, 3_000_000, 3_000_000), list[str]()
        while found := history.outbox.waiting(SINK, NOW, 0, room):
            assert sum(len(each.body) for each in found) <= 3_000_000
            got += [each.uid for each in found]
            history.outbox.settle(SINK, arrived=[each.uid for each in found])
        assert sorted(got) == sorted(uids(given))
        for key in range(1500):
            assert [uid for uid in got if uid in (f"e{key}", f"e{key + 1500}")] == [
                f"e{number}" for number in (key, key + 1500) if number < 2_500
            ]


def together(failures: list[BaseException], *works: object) -> None:
    def kept(work: object) -> None:
        assert callable(work)
        try:
            work()
        except Exception as error:  # noqa: BLE001  # whatever a thread raises is to be seen
            failures.append(error)

    threads = [threading.Thread(target=kept, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
