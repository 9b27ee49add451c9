"""Whatever scans come after each other, the history says of each failure what thirty lines of dictionaries say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.check import Severity
from scanner.finding import Status
from scanner.history import History, Wanted, open_history
from tests.effort import effort
from tests.engine.history.made import CHECKS, day, finding, record, scope
from tests.engine.history.places import Place

REGIONS = {"a": "east", "b": "west", "c": "global", "d": "east"}
Key = tuple[str, str]
"""Check and name."""


@dataclass(frozen=True)
class Result:
    status: Status
    severity: Severity
    reason: str
    due_days: int | None


@dataclass
class Scan:
    results: dict[Key, Result]
    checks: tuple[str, ...]
    regions: tuple[str, ...] | None
    unlisted: frozenset[Key] = field(default_factory=frozenset)

    def reads(self, key: Key) -> bool:
        return key[0] in self.checks and (self.regions is None or REGIONS[key[1]] in (*self.regions, "global"))

    def hides(self, key: Key) -> bool:
        here = REGIONS[key[1]]
        return any(
            check == key[0] and (region in ("global", "*", here) or here == "global") for check, region in self.unlisted
        )


RESULTS = st.builds(
    Result,
    st.sampled_from(["fail", "fail", "pass", "unknown", "not-applicable", "excepted"]),
    st.sampled_from(["high", "high", "high", "low"]),
    st.sampled_from(["anyone may read", "open for 91 days", "open for 92 days"]),
    st.sampled_from([None, 7, 7, 30]),
)


@st.composite
def scans(draw: st.DrawFn) -> Scan:
    checks = draw(st.sampled_from([CHECKS, CHECKS, CHECKS[:1]]))
    scan = Scan({}, checks, draw(st.sampled_from([None, None, ("east",)])))
    asked = st.tuples(st.sampled_from(CHECKS), st.sampled_from(sorted(REGIONS)))
    scan.results = {key: each for key, each in draw(st.dictionaries(asked, RESULTS)).items() if scan.reads(key)}
    hidden = st.tuples(st.sampled_from(checks), st.sampled_from(["east", "west", "global", "*"]))
    scan.unlisted = draw(st.sampled_from([0, 0, 1]).flatmap(lambda most: st.frozensets(hidden, max_size=most)))
    return scan


def masked(result: Result) -> tuple[str, str]:
    return result.severity, result.reason.replace("91", "#").replace("92", "#")


def judge(known: dict[Key, dict[str, Any]], scan: Scan, today: int) -> None:
    """The reference."""
    for key, result in scan.results.items():
        of = known.setdefault(key, {"state": None, "first": today, "reopened": 0, "resolved": None})
        was, of["status"], of["gone"] = of["state"], result.status, False
        if result.status in ("fail", "excepted"):
            if was in (None, "resolved"):
                of["opened"] = today
            if was is None:
                of["state"], of["first"] = "new", today
            elif was == "resolved":
                of["state"], of["reopened"] = "reopened", of["reopened"] + 1
            else:
                of["state"] = "standing" if of["why"] == masked(result) else "changed"
            if result.status == "excepted":
                of["state"] = "excepted"
            of |= {"why": masked(result), "days": result.due_days, "resolved": None}
        elif was not in (None, "resolved"):
            of["state"] = "unknowable" if result.status == "unknown" else "resolved"
            of["resolved"] = None if result.status == "unknown" else today
    for key in [key for key in known if key not in scan.results and scan.reads(key)]:
        of = known[key]
        if of["state"] not in (None, "resolved"):
            hidden = scan.hides(key)
            of |= {"state": "unknowable", "status": "unknown"} if hidden else {"state": "resolved", "resolved": today}
            of |= {} if hidden else {"status": "not-applicable", "gone": True}
        elif of["state"] is None and not scan.hides(key):
            del known[key]
        else:
            of["gone"] = True


def due(of: dict[str, Any]) -> object:
    if of["state"] in (None, "resolved") or of["days"] is None:
        return None
    return day(of["opened"]).date() + timedelta(days=of["days"])


def expected(of: dict[str, Any]) -> tuple[object, ...]:
    if of["state"] is None:
        return (of["status"], None, day(of["first"]), None)
    resolved = None if of["resolved"] is None else day(of["resolved"])
    return (of["status"], (of["state"], of["reopened"], resolved), day(of["first"]), due(of))


def recorded(history: History, number: int, scan: Scan) -> dict[Key, tuple[object, ...]]:
    findings = [
        finding(
            name,
            check,
            result.status,
            region=REGIONS[name],
            severity=result.severity,
            reasons=[result.reason],
            due_days=result.due_days,
        )
        for (check, name), result in scan.results.items()
    ]
    of = scope(regions=scan.regions or ("east", "west"), restricted=scan.regions is not None)
    told, _ = record(history, number, findings, of=of, checks=scan.checks, unlisted=scan.unlisted)
    return {(each.check, each.resource.name): seen(each) for each in told.values()}


def seen(each: Any) -> tuple[object, ...]:
    of = each.lifecycle
    return (
        each.status,
        None if of is None else (of.state, of.reopened, of.resolved_at),
        each.first_seen,
        each.due,
    )


def settled(state: str | None) -> str | None:
    return "standing" if state in ("new", "changed", "reopened") else state


def check_all(place: Place, sequence: list[Scan], ends: tuple[int, int]) -> None:
    known: dict[Key, dict[str, Any]] = {}
    states: list[dict[Key, str | None]] = []
    with open_history(place.fresh()) as history:
        for number, scan in enumerate(sequence):
            judge(known, scan, number)
            told = recorded(history, number, scan)
            assert told == {key: expected(known[key]) for key in scan.results}
            states.append({key: of["state"] for key, of in known.items()})
        present = {(each.check, each.resource.name): seen(each) for each in history.findings()}
        assert present == {key: expected(of) for key, of in known.items() if not of["gone"]}
        resolved = history.findings(Wanted(state=("resolved",)))
        assert {(each.check, each.resource.name): seen(each) for each in resolved} == {
            key: expected(of) for key, of in known.items() if of["state"] == "resolved"
        }
        counted = Counter[tuple[str, str]]()
        for each in history.posture().counted:
            counted[each.group.check, each.group.status] += each.count
        assert counted == Counter((key[0], of["status"]) for key, of in known.items() if not of["gone"])
        check_changes(history, states, *sorted(min(end, len(states) - 1) for end in ends))


def check_changes(history: History, states: list[dict[Key, str | None]], since: int, until: int) -> None:
    """What is said to have changed leads from the states at one scan to those at the other, and nothing else did."""
    changes = {
        (each.finding.check, each.finding.resource.name): each
        for each in history.changes(f"scan-{since}", f"scan-{until}")
    }
    for key in states[since].keys() | states[until].keys():
        before, after = settled(states[since].get(key)), settled(states[until].get(key))
        if key in changes:
            assert changes[key].before == before
            assert settled(changes[key].state) == after
        else:
            assert before == after


@settings(max_examples=effort(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(scans(), min_size=1, max_size=7), st.tuples(st.integers(0, 6), st.integers(0, 6)))
def test_the_history_agrees_with_the_model(place: Place, sequence: list[Scan], ends: tuple[int, int]) -> None:
    check_all(place, sequence, ends)
