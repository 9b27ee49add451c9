"""A history survives its writers: killed at any moment, or two at once."""

from __future__ import annotations

import random
import time

from scanner.history import Begin, History, Wanted, open_history
from tests.engine.history.made import CHECKS, day, finding, scope
from tests.engine.history.places import Place
from tests.engine.history.writer import RESULTS, started, write_one

KILLS = 5
ACCOUNTS = (1, 2)


def last_scan(history: History, account: int) -> int:
    """The number of the scan that a scope stands at; fails where it stands between two."""
    findings = list(history.findings(Wanted(account=(str(account),))))
    scans = {each.scan for each in findings}
    assert len(scans) == 1, f"of {len(findings)} results some are of {scans}"
    number = int(scans.pop().removeprefix("scan-"))
    assert len(findings) == RESULTS + number % 3
    assert {each.status for each in findings} == {"fail" if number % 2 else "pass"}
    assert {each.last_seen for each in findings} == {day(number)}
    (told,) = [each.resources for each in history.posture().inventory if each.account == str(account)]
    assert told == len(findings)
    return number


def test_a_killed_writer_leaves_each_scope_as_it_was_or_as_it_is(place: Place) -> None:
    chance = random.Random(7)
    url, number = place.fresh(), 0
    with open_history(url) as history:
        for account in ACCOUNTS:
            write_one(history, number, account)
    for _ in range(KILLS):
        writer = started(url, number + 1, 1, 10_000, ACCOUNTS)
        assert writer.stdout is not None
        told = int(writer.stdout.readline())
        time.sleep(chance.uniform(0, 0.15))
        writer.kill()
        writer.wait()
        told = max([told, *map(int, writer.stdout.read().split())])
        writer.stdout.close()
        with open_history(url) as history:
            first, second = (last_scan(history, account) for account in ACCOUNTS)
            assert told <= second <= first <= told + 1
            write_one(history, first + 1, 1)
            assert last_scan(history, 1) == first + 1
            write_one(history, first + 1, 2)
        number = first + 1


def test_two_writers_of_the_same_scopes_lose_nothing(place: Place) -> None:
    url, scans = place.fresh(), 4
    # One goes through the scopes in the other order: locks that are taken crosswise would never be given back.
    writers = [started(url, 0, 2, scans, ACCOUNTS), started(url, 1, 2, scans, ACCOUNTS[::-1])]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.close()
    with open_history(url) as history:
        assert [each.scan for each in history.scans()] == [f"scan-{number}" for number in range(2 * scans)]
        assert all(len(each.scopes) == len(ACCOUNTS) for each in history.scans())
        assert [last_scan(history, account) for account in ACCOUNTS] == [2 * scans - 1] * 2


def test_leaving_a_recording_unfinished_undoes_it(place: Place) -> None:
    with open_history(place.fresh()) as history:
        write_one(history, 1, 1)
        with history.scope(Begin("scan-2", day(2), scope(1), CHECKS)) as recording:
            recording.add([finding("store-1", status="pass")])
        assert last_scan(history, 1) == 1
        assert [each.scan for each in history.scans()] == ["scan-1"]
