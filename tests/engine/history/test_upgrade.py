"""A history of the first version becomes one of this version, whoever opens it first."""

from __future__ import annotations

from scanner.history import History, open_history
from scanner.history.schema import VERSION
from tests.engine.history import version1
from tests.engine.history.made import finding, record
from tests.engine.history.mail import event, post, waiting
from tests.engine.history.places import Place
from tests.engine.history.test_outbox import together


def versions(history: History) -> list[tuple[int]]:
    return history._store.rows("SELECT version FROM ourside_schema")


def test_what_it_holds_stays_and_events_can_be_posted(place: Place) -> None:
    url = place.fresh()
    version1.begin(url)
    with open_history(url) as history:
        assert versions(history) == [(VERSION,)]
        record(history, 0, [finding("store")])
        post(history, [event("a")], account=2)
        assert waiting(history) == ["a"]
    with open_history(url) as history:
        assert versions(history) == [(VERSION,)]
        assert [each.resource.name for each in history.findings()] == ["store"]
        assert waiting(history) == ["a"]


def test_two_who_open_it_at_once_upgrade_it_once(place: Place) -> None:
    for _ in range(5):
        url, failures, seen = place.fresh(), list[BaseException](), list[list[tuple[int]]]()
        version1.begin(url)

        def use(url: str = url, seen: list[list[tuple[int]]] = seen) -> None:
            with open_history(url) as history:
                seen.append(versions(history))
                history.outbox.standing()

        together(failures, use, use, use)
        assert failures == []
        assert seen == [[(VERSION,)]] * 3
