"""What was recorded can be asked for: whole, counted, over time."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.finding import Finding, Lifecycle
from scanner.history import Begin, HistoryError, Read, TrendRow, Wanted, open_history
from scanner.jsonline import well_formed
from scanner.posture import posture_of
from tests.engine.history.made import day, finding, record, scope
from tests.engine.history.places import Place
from tests.engine.report.sample import sample

HOSTILE = st.text(st.characters(codec=None, categories=None), max_size=20)
"""NUL, controls and lone surrogates among them."""


def test_a_history_knows_of_one_scan_what_its_report_says(place: Place) -> None:
    report = sample()
    run = report.run
    findings = [msgspec.structs.replace(each, lifecycle=None, due=None) for each in report.findings]
    with open_history(place.fresh()) as history:
        begin = Begin(run.scan, run.taken_at, run.scopes[0], tuple(report.checks))
        with history.scope(begin) as recording:
            told = recording.add(findings)
            recording.finish(Read(run.complete, inventory=run.inventory, gaps=run.gaps))
        posture, expected = history.posture(), posture_of(findings, run, "")
        assert {each.group: each.count for each in posture.counted} == {
            well_formed(each.group): each.count for each in expected.counted
        }
        assert (posture.scopes, posture.inventory, posture.gaps) == (run.scopes, run.inventory, run.gaps)
        assert posture.taken_at == run.taken_at
        kept = {each.id: each for each in history.findings()}
    for each in told:
        assert as_kept(kept[each.id]) == as_kept(each)


def as_kept(finding: Finding) -> Finding:
    """A finding without its evidence, which is JSON text, and which is kept of failures alone."""
    evidence = msgspec.Raw(b"{}")
    mitigated = finding.mitigated_by if finding.status in ("fail", "unknown", "excepted") else ()
    witness = next((reason.witness for reason in finding.reasons if reason.witness), None)
    return msgspec.structs.replace(finding, evidence=evidence, mitigated_by=mitigated, witness=witness)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE, st.integers(1, 100_000))
def test_hostile_texts_come_back(place: Place, name: str, reason: str, times: int) -> None:
    found = finding("a", reasons=[reason * times], account=1)
    subject = msgspec.structs.replace(found.resource, name=name, region=name, account=name, uid=name * 50)
    found = msgspec.structs.replace(found, resource=subject)
    of = msgspec.structs.replace(scope(), account=name, name=name, uid=name)
    with open_history(place.fresh()) as history:
        record(history, 0, [found], of=of, scan=f"scan {name}")
        (back,) = history.findings(Wanted(account=(name,)))
        assert (back.resource, back.reasons) == (well_formed(subject), well_formed(found.reasons))
        assert history.posture().scopes == (well_formed(of),)
        assert record(history, 1, [found], of=of)[1] == {"standing": 1}
        assert [change.state for change in history.changes(f"scan {name}", "scan-1")] == []


def test_an_older_reading_overwrites_nothing_and_adds_what_was_not_looked_at(place: Place) -> None:
    with open_history(place.fresh()) as history:
        record(history, 5, [finding("a", status="pass"), finding("b")], checks=["public-read"])
        before = {each.id: each for each in history.findings()}
        older = [finding("a"), finding("b", status="pass"), finding("c"), finding("c", "versions")]
        told, counts = record(history, 2, older)
        assert {each.check: each.lifecycle for each in told.values() if each.resource.name == "c"} == {
            "public-read": None,
            "versions": Lifecycle("new"),
        }
        assert counts == {"new": 1}
        after = {each.id: each for each in history.findings()}
        assert {key: after[key] for key in before} == before
        assert [after[key].check for key in after.keys() - before.keys()] == ["versions"]
        # What the newer reading did not meet was mended meanwhile.
        (gone,) = history.findings(Wanted(state=("resolved",)))
        assert (gone.resource.name, gone.lifecycle) == ("c", Lifecycle("resolved", resolved_at=day(5)))
        assert history.posture().taken_at == day(5)


def test_wanted_findings_and_no_others(place: Place) -> None:
    with open_history(place.fresh()) as history:
        findings = [
            finding("a", severity="low", due_days=1),
            finding("b", severity="critical", due_days=9),
            finding("c", "versions", severity="high"),
            finding("d", status="pass"),
            finding("e", "versions", "excepted", due_days=0),
        ]
        record(history, 0, findings)

        def names(**wanted: object) -> str:
            return "".join(each.resource.name for each in history.findings(msgspec.convert(wanted, Wanted)))

        assert sorted(names()) == list("abcde")
        assert names(status=["fail"]) == "bca"
        assert names(status=["fail"], limit=2) == "bc"
        assert names(severity="high", status=["fail"]) == "bc"
        assert names(owner=[None], state=["new"]) == "c"
        assert names(owner=["team-storage"], status=["pass"]) == "d"
        assert names(duty=["data.recoverability"], state=["excepted"]) == "e"
        assert names(check=["versions"], provider=["lab"], account=["2"]) == ""
        assert names(overdue="2026-11-05") == "a"


def test_a_finding_is_found_by_the_beginning_of_its_id(place: Place) -> None:
    with open_history(place.fresh()) as history:
        told, _ = record(history, 0, [finding(f"store-{number}") for number in range(20)])
        for id in told:  # noqa: A001
            assert history.find(id).id == history.find(id.removeprefix("f1:")[:24]).id == id
        with pytest.raises(HistoryError, match="write more of its id"):
            history.find("f1:")
        with pytest.raises(HistoryError, match="no finding begins with 'zz'"):
            history.find("zz")


def test_a_trend_adds_up(place: Place) -> None:
    with open_history(place.fresh()) as history:
        made = Lifecycle("new", introduced_at=day(0) - timedelta(hours=5), introduced_by="somebody")
        first = msgspec.structs.replace(finding("a", due_days=3), lifecycle=made)
        told, _ = record(history, 0, [first, finding("b"), finding("c", "versions")])
        assert told[first.id].lifecycle == made
        record(history, 2, [finding("a", due_days=3), finding("b", status="unknown"), finding("c", "versions")])
        record(history, 4, [finding("a", due_days=3), finding("b", status="pass")])
        trend = history.trend("duty", day(0).date(), date(2026, 11, 9))
        assert trend.days == (day(0).date(), day(2).date(), day(4).date())
        access, recovery = trend.rows
        assert [(each.open, each.opened, each.resolved) for each in access.days] == [(2, 2, 0), (2, 0, 0), (1, 0, 1)]
        assert (access.name, access.open, access.overdue) == ("data.public-access", 1, 1)
        assert (access.resolution, access.lag) == (timedelta(days=4), timedelta(hours=5))
        assert (recovery.open, recovery.resolved, recovery.lag) == (0, 1, None)
        by_owner: dict[str | None, TrendRow] = {
            row.name: row for row in history.trend("owner", day(0).date(), day(9).date()).rows
        }
        assert by_owner["team-storage"].open == 1
        assert by_owner[None].resolution == timedelta(days=4)


def test_what_is_forgotten_changes_no_later_state(place: Place) -> None:
    with open_history(place.fresh()) as history:
        record(history, 0, [finding("a"), finding("b"), finding("c")])
        record(history, 1, [finding("a", reasons=["other"]), finding("b", status="pass")])
        record(history, 3, [finding("a", reasons=["more"]), finding("b")])
        later = {(each.before, each.state, each.finding.resource.name) for each in history.changes(day(2), "scan-3")}
        history.forget(day(2))
        assert (
            {(each.before, each.state, each.finding.resource.name) for each in history.changes(day(2), "scan-3")}
            == later
            == {("standing", "changed", "a"), ("resolved", "reopened", "b")}
        )
        assert sorted(each.resource.name for each in history.findings()) == ["a", "b"]
        assert list(history.findings(Wanted(state=("resolved",)))) == []
        assert [each.scan for each in history.scans()] == ["scan-3"]
        with pytest.raises(HistoryError, match="no scan 'scan-0' was recorded"):
            list(history.changes("scan-0", "scan-3"))


def test_an_empty_history_has_no_posture(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert history.scans() == ()
        with pytest.raises(HistoryError, match="nothing was recorded yet"):
            history.posture()
