"""A scan that was cut short and goes on: the history tells what it would tell of one that was not."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.finding import Finding, came_to
from scanner.history import Begin, History, Outgoing, Read, open_history
from scanner.record import TypeCount
from tests.effort import effort
from tests.engine.history.made import CHECKS, day, finding, record, scope
from tests.engine.history.places import Place
from tests.engine.history.test_model import REGIONS, Key, Result, Scan, check_changes, expected, judge, scans, seen

HOUR = timedelta(hours=1)


def told_in(history: History, scan: str, at: datetime, findings: list[Finding], *, again: bool) -> Any:
    """What a recording tells: of findings, of those that are gone, how many there are in each state."""
    begin = Begin(scan, at, scope(), CHECKS, again)
    with history.scope(begin) as recording:
        told = recording.add([msgspec.structs.replace(each, scan=scan) for each in findings])
        read = Read(True, frozenset(), (TypeCount("lab", "1", "lab.store", len(told)),))
        gone = recording.settle(read)
        recording.post(Outgoing("siem", f"{scan}/{each.id}", each.id, "{}") for each in [*told, *gone])
        return told, gone, dict(recording.finish(read))


def waiting(history: History) -> int:
    return sum(each.waiting for each in history.outbox.standing())


def test_the_same_reading_is_told_as_it_was_and_posts_nothing(place: Place) -> None:
    first = [finding("a"), finding("b"), finding("c", status="pass"), finding("d")]
    second = [finding("a"), finding("b", status="pass"), finding("c"), finding("e", reasons=["all may write"])]
    with open_history(place.fresh()) as history:
        told_in(history, "scan-1", day(1), first, again=False)
        known = list(history.findings()), history.scans(), waiting(history)
        begun = told_in(history, "scan-2", day(2), second, again=False)
        assert begun[2] == {"standing": 1, "resolved": 2, "new": 2}
        left = list(history.findings()), history.scans(), waiting(history)
        assert left != known
        assert told_in(history, "scan-2", day(2), second, again=True) == begun
        assert (list(history.findings()), history.scans(), waiting(history)) == left


def test_a_reading_that_was_never_recorded_is_recorded_though_it_might_have_been(place: Place) -> None:
    with open_history(place.fresh()) as history:
        told_in(history, "scan-1", day(1), [finding("a")], again=False)
        told, _, counts = told_in(history, "scan-2", day(2), [finding("a"), finding("b")], again=True)
        assert counts == {"standing": 1, "new": 1}
        assert waiting(history) == 3
        assert [each.lifecycle.state for each in told if each.lifecycle] == ["standing", "new"]


def test_what_a_reading_told_of_before_its_scan_went_on_has_happened(place: Place) -> None:
    """Sinks may have been told: what was new and is gone was resolved, what was mended and fails was reopened."""
    before = [finding("mended"), finding("mended for good"), finding("hidden")]
    first = [finding("gone"), finding("mended", status="pass"), finding("mended for good", status="pass")]
    first += [finding("hidden", status="unknown"), finding("fails"), finding("well"), finding("unread")]
    second = [finding("mended"), finding("mended for good", status="pass"), finding("hidden"), finding("fails")]
    second += [finding("well", status="pass"), finding("unread", status="unknown")]
    with open_history(place.fresh()) as history:
        told_in(history, "scan-1", day(1), before, again=False)
        told_in(history, "scan-2", day(2), first, again=False)
        told, gone, counts = told_in(history, "scan-2", day(2) + HOUR, second, again=False)
        assert {each.resource.name: came_to(each) for each in [*told, *gone]} == {
            "mended": "reopened",
            "mended for good": "resolved",
            "hidden": "standing",
            "fails": "new",
            "well": "resolved",
            "unread": "unknowable",
            "gone": "resolved",
        }
        assert counts == {"reopened": 1, "resolved": 3, "standing": 1, "new": 1, "unknowable": 1}
        opened = sum(row.open for row in history.trend("duty", day(0).date(), day(3).date()).rows)
        assert opened == 4, "steps add up"


@st.composite
def cut_short(draw: st.DrawFn, scan: Scan) -> Scan:
    """What a scan sees when it cannot ask any more half way: some facts are not read, some are not listed."""
    fates = draw(st.fixed_dictionaries({key: st.sampled_from(["read", "unread", "unlisted"]) for key in scan.results}))
    results = {
        key: result if fates[key] == "read" else Result("unknown", result.severity, "", None)
        for key, result in scan.results.items()
        if fates[key] != "unlisted"
    }
    unlisted = {(key[0], REGIONS[key[1]]) for key, fate in fates.items() if fate == "unlisted"}
    # Of what is not there any more nothing was heard yet, either.
    unlisted |= {(check, region) for check in scan.checks for region in draw(st.sampled_from([(), ("*",)]))}
    return Scan(results, scan.checks, scan.regions, scan.unlisted | unlisted)


def recorded(history: History, number: int, scan: Scan, at: datetime) -> tuple[dict[Key, Any], Any]:
    findings = [
        finding(
            name,
            check,
            result.status,
            region=REGIONS[name],
            severity=result.severity,
            reasons=[result.reason] if result.status in ("fail", "excepted") else [],
            due_days=result.due_days,
            scan=f"scan-{number}",
        )
        for (check, name), result in scan.results.items()
    ]
    of = scope(regions=scan.regions or ("east", "west"), restricted=scan.regions is not None)
    with history.scope(Begin(f"scan-{number}", at, of, tuple(scan.checks))) as recording:
        told = recording.add(findings)
        counts = recording.finish(Read(not scan.unlisted, frozenset(scan.unlisted)))
    return {(each.check, each.resource.name): on_days(seen(each)) for each in told}, counts


def on_days(value: Any) -> Any:
    """The same with times to the day: the second reading of a scan is an hour later than the first."""
    if isinstance(value, tuple):
        return tuple(on_days(each) for each in value)
    return value.date() if isinstance(value, datetime) else value


SEQUENCES = st.lists(scans(), min_size=1, max_size=5).flatmap(
    lambda sequence: st.tuples(*(st.tuples(st.just(scan), st.none() | cut_short(scan)) for scan in sequence))
)


@settings(max_examples=effort(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEQUENCES)
def test_what_was_cut_short_leaves_no_trace_once_the_scan_has_gone_on(
    place: Place, sequence: tuple[tuple[Scan, Scan | None], ...]
) -> None:
    known: dict[Key, dict[str, Any]] = {}
    states: list[dict[Key, str | None]] = []
    with open_history(place.fresh()) as history, open_history(place.fresh()) as undisturbed:
        for number, (scan, cut) in enumerate(sequence):
            if cut is not None:
                recorded(history, number, cut, day(number))
            judge(known, scan, number)
            told, counts = recorded(history, number, scan, day(number) + HOUR)
            assert told == {key: on_days(expected(known[key])) for key in scan.results}
            assert counts == recorded(undisturbed, number, scan, day(number))[1]
            states.append({key: of["state"] for key, of in known.items()})
        present = {(each.check, each.resource.name): on_days(seen(each)) for each in history.findings()}
        assert present == {key: on_days(expected(of)) for key, of in known.items() if not of["gone"]}
        assert [(each.scan, each.complete, each.lifecycle) for each in history.scans()] == [
            (each.scan, each.complete, each.lifecycle) for each in undisturbed.scans()
        ]
        assert groups(history) == groups(undisturbed)
        check_changes(history, states, 0, len(states) - 1)


def groups(history: History) -> Counter[tuple[str, ...]]:
    counted: Counter[tuple[str, ...]] = Counter()
    for each in history.posture().counted:
        counted[each.group.check, each.group.status, each.group.severity] += each.count
    return counted


def test_what_another_scan_has_recorded_since_stays(place: Place) -> None:
    with open_history(place.fresh()) as history:
        record(history, 1, [finding("a")])
        record(history, 2, [finding("a"), finding("b")], scan="cut")
        record(history, 3, [finding("a", status="pass"), finding("b")], scan="other")
        told, counts = record(history, 4, [finding("a"), finding("b")], scan="cut")
        assert counts == {"reopened": 1, "standing": 1}
        assert [each.scan for each in history.scans()] == ["scan-1", "other", "cut"]
        assert len(told) == 2
