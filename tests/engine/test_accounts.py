"""Several accounts at the same time: none waits for another, and nothing of one is found in another."""

from __future__ import annotations

import threading
import time

from hypothesis import given, settings

from scanner.model import Estate, Resource
from tests.engine import papercloud
from tests.engine.office import FULL, Papers, papers
from tests.engine.papercloud import Asked, PaperSession
from tests.engine.rules import collect, collection, portrait


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
