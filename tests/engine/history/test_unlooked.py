"""A comparison says how many failures lie where its second scan did not look."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.check import Reason
from scanner.finding import Finding, State
from scanner.history import Change, Unlooked, open_history
from scanner.history.compare import compare
from scanner.history.unlooked import Left
from scanner.posture import OlderReading
from scanner.record import Run, ScopeRecord
from scanner.report.changes import Changes, lines, rows
from scanner.report.terminal import Terminal
from tests.engine.history.made import CHECKS, DENIED, day, finding, record, scope
from tests.engine.history.places import Place

FOUND = [
    finding("a"),
    finding("b", region="west"),
    finding("c", "versions"),
    *(finding(f"d{number}", account=2) for number in range(3)),
]
EXPECTED = (
    Unlooked("scope", 3, ("lab 2",)),
    Unlooked("check", 1, ("versions",)),
    Unlooked("region", 1, ("west",)),
)


def run(scopes: Sequence[ScopeRecord], checks: Sequence[str], findings: Sequence[Finding]) -> Run:
    return Run(
        complete=True, scopes=tuple(scopes), gaps=(), calls=0, seconds=0.0, evaluated=0, vanished=0, asked=0,
        scan="scan", taken_at=day(1), statuses={"fail": len(findings)}, checks=tuple(checks),
    )  # fmt: skip


def test_files_tell_it() -> None:
    left = Left()
    of = scope(1, ["east"], restricted=True)
    assert list(compare(FOUND, FOUND[:1], run([of], CHECKS[:1], FOUND[:1]), left)) == []
    assert left.told() == EXPECTED


def test_a_history_tells_it(place: Place) -> None:
    with open_history(place.fresh()) as history:
        record(history, 0, FOUND[:3], scan="scan-0")
        record(history, 0, FOUND[3:], of=scope(2), scan="scan-0")
        of = scope(1, ["east"], restricted=True)
        record(history, 1, FOUND[:1], of=of, checks=CHECKS[:1])
        assert history.unlooked("scan-0", "scan-1") == EXPECTED
        assert history.unlooked("scan-1", "scan-0") == ()
        record(history, 2, FOUND[:3])
        assert history.unlooked("scan-0", "scan-2") == EXPECTED[:1]


def test_a_posture_names_what_the_newest_scan_did_not_look_at(place: Place) -> None:
    with open_history(place.fresh()) as history:
        record(history, 0, FOUND[:3], scan="scan-0")
        record(history, 1, FOUND[3:], of=scope(2), scan="scan-0")
        assert history.posture().older == ()
        record(history, 4, FOUND[:3])
        assert history.posture().older == (OlderReading(scope(2), day(1)),)


def test_it_is_said_before_anything_else_and_last_in_json() -> None:
    changes = Changes((Change(None, "new", FOUND[0]),), EXPECTED)
    *_, last = rows(changes)
    assert msgspec.json.decode(last) == {
        "summary": {
            "states": {"new": 1},
            "not_looked_at": [
                {"what": "scope", "failures": 3, "names": ["lab 2"]},
                {"what": "check", "failures": 1, "names": ["versions"]},
                {"what": "region", "failures": 1, "names": ["west"]},
            ],
        }
    }
    page = "".join(lines(changes, "g1.json", "g2.json", 5, Terminal(100)))
    assert page.index("3 failures lie in 1 scope that g2.json did not look at: lab 2") < page.index("New")
    nothing = "".join(lines(Changes((), EXPECTED), "g1.json", "g2.json", 5, Terminal(100)))
    assert "Nothing has changed in what both looked at." in nothing


def states(before: Finding, after: Finding) -> list[State]:
    return [change.state for change in compare([before], [after], run([scope()], CHECKS, [after]), Left())]


def test_a_reason_that_could_not_be_read_again_changes_nothing() -> None:
    both, one = finding("a", reasons=["by policy", "by list"]), finding("a", reasons=["by list"])
    unread = msgspec.structs.replace(one, unread=(DENIED,))
    assert states(both, one) == ["changed"]
    assert states(both, unread) == []
    other = msgspec.structs.replace(unread, reasons=(Reason("by link"),))
    assert states(both, other) == ["changed"]


def test_a_scope_with_scans_of_its_own_is_old_when_it_was_not_read_for_days(place: Place) -> None:
    with open_history(place.fresh()) as history:
        record(history, 1, FOUND[:3], scan="scan-1")
        record(history, 2, FOUND[3:], of=scope(2), scan="scan-2")
        assert history.posture().older == ()
        record(history, 9, FOUND[3:], of=scope(2), scan="scan-9")
        assert history.posture().older == (OlderReading(scope(1), day(1)),)
