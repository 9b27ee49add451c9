"""Leases: one sends at a time, and whoever is gone does not hold the next one up for ever."""

from __future__ import annotations

from datetime import timedelta

from scanner.history import History, Lease, open_history
from tests.engine.history.made import day
from tests.engine.history.places import Place
from tests.engine.history.test_outbox import together

NOW = day(0)
MINUTE = timedelta(minutes=1)


def take(history: History, holder: str, minutes: int, instead_of: str = "", sink: str = "siem") -> str:
    now = NOW + minutes * MINUTE
    return history.leases.take(Lease(sink, holder, now + MINUTE), now, instead_of).holder


def test_the_first_who_comes_sends_until_its_time_is_over(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert take(history, "a", 0) == "a"
        assert take(history, "b", 0) == "a"
        assert take(history, "b", 0, sink="other") == "b"
        assert take(history, "b", 1) == "b", "its time is over"
        assert take(history, "a", 1) == "b"


def test_who_sends_can_go_on(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert take(history, "a", 0) == "a"
        assert take(history, "a", 1) == "a"
        assert take(history, "b", 1) == "a"
        assert history.leases.all() == {"siem": Lease("siem", "a", NOW + 2 * MINUTE)}


def test_who_is_known_to_be_gone_need_not_be_waited_for(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert take(history, "a", 0) == "a"
        assert take(history, "b", 0, instead_of="c") == "a"
        assert take(history, "b", 0, instead_of="a") == "b"


def test_only_the_holder_can_leave(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert take(history, "a", 0) == "a"
        history.leases.leave("siem", "b")
        assert take(history, "b", 0) == "a"
        history.leases.leave("siem", "a")
        assert take(history, "b", 0) == "b"


def test_there_is_one_holder_whoever_comes_and_goes_meanwhile(place: Place) -> None:
    """Coming and going in the same moment must not leave the one who comes without an answer."""
    url, failures, within = place.fresh(), list[BaseException](), list[str]()
    open_history(url).close()

    def come_and_go(name: str) -> None:
        with open_history(url) as history:
            for _ in range(100):
                if take(history, name, 0) == name:
                    within.append(name)
                    assert within == [name]
                    within.remove(name)
                    history.leases.leave("siem", name)

    together(failures, lambda: come_and_go("a"), lambda: come_and_go("b"))
    assert failures == []
