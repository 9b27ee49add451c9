"""What a part of a scan can tell: nothing is new of which it does not tell whether it failed then."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from scanner.finding import Status
from scanner.history.compare import compare
from scanner.history.past import Past
from scanner.history.unlooked import Left
from scanner.record import Run
from tests.engine.history.made import CHECKS, day, finding, scope

THEN = [finding("a"), finding("b", status="excepted"), finding("c", status="pass"), finding("d", "versions", "unknown")]
NOW = [finding(name) for name in "abc"] + [finding("d", "versions")]


def run(statuses: Mapping[Status, int], checks: tuple[str, ...]) -> Run:
    return Run(
        complete=True, scopes=(scope(),), gaps=(), calls=0, seconds=0.0, evaluated=0, vanished=0, asked=0,
        scan="scan", taken_at=day(0), statuses=statuses, checks=checks,
    )  # fmt: skip


def test_any_part_of_a_scan_calls_new_what_is_new_by_the_whole_or_counts_it() -> None:
    now = run({"fail": len(NOW)}, CHECKS)
    whole = run({"fail": 1, "excepted": 1, "pass": 1, "unknown": 1}, CHECKS)
    for size in range(len(THEN) + 1):
        for held in combinations(THEN, size):
            past = Past(whole)
            changes = list(past.known(compare(past.watch(held), NOW, now, Left())))
            new = {change.finding.resource.name for change in changes if change.state == "new"}
            failures = sum(each.status in ("fail", "excepted") for each in held)
            if failures == 2:
                assert (new, past.left_out) == ({"c", "d"}, 0)
            else:
                assert (new, past.left_out) == (set(), len(NOW) - failures)


def test_a_check_that_was_not_run_tells_nothing_of_its_failures() -> None:
    past = Past(run({"fail": 1, "excepted": 1}, CHECKS[:1]))
    changes = list(past.known(compare(past.watch(THEN[:2]), NOW, run({"fail": 4}, CHECKS), Left())))
    assert [change.finding.resource.name for change in changes if change.state == "new"] == ["c"]
    assert past.left_out == 1
