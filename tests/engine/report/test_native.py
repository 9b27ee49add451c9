"""The native report: the contract's members in the contract's order, one object per line, nothing lost in silence."""

import json
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.access import Witness
from scanner.check import Reason
from scanner.finding import Finding
from scanner.jsonline import well_formed
from scanner.report import Report, native
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.sample import HARMLESS, HOSTILE, report_of, sample

MEMBERS = {
    "": "id check status severity resource reasons witness unread needs responsibility evidence mitigated_by "
    "first_seen last_seen scan",
    "resource": "uid kind type name provider account region",
    "responsibility": "duty layer layer_owner side service_model boundary_rule customer_part "
    "provider_part owner backup",
    "unread": "fact call needs why detail",
    "reasons": "text witness",
    "run": "complete scopes gaps calls seconds evaluated vanished",
    "scopes": "uid regions complete",
    "gaps": "provider account region kind call needs why detail affects",
}


def lines(report: Report) -> list[Any]:
    return [json.loads(line) for line in "".join(native.write(report)).splitlines()]


def starts_with(value: dict[str, object], members: str) -> bool:
    return list(value)[: len(MEMBERS[members].split())] == MEMBERS[members].split()


def test_the_members_and_their_order_are_the_contract() -> None:
    *written, last = lines(sample())
    assert {line["status"] for line in written} == {"fail", "pass", "unknown", "not-applicable", "excepted"}
    for line in written:
        assert starts_with(line, "")
        assert starts_with(line["resource"], "resource")
        assert starts_with(line["responsibility"], "responsibility")
        assert all(list(gap) == MEMBERS["unread"].split() for gap in line["unread"])
        assert all(list(reason) == MEMBERS["reasons"].split() for reason in line["reasons"])
    assert list(last) == ["run"]
    assert starts_with(last["run"], "run")
    assert all(starts_with(scope, "scopes") for scope in last["run"]["scopes"])
    assert all(list(gap) == MEMBERS["gaps"].split() for gap in last["run"]["gaps"])


def test_what_the_members_say() -> None:
    *written, last = lines(sample())
    for line in written:
        assert (line["status"] == "fail" or line["status"] == "excepted") == bool(line["reasons"])
        assert (line["status"] == "unknown") == bool(line["unread"])
        assert line["responsibility"]["side"] == ("provider" if line["status"] == "not-applicable" else "customer")
        assert isinstance(line["evidence"], dict)
        assert line["witness"] == next((each["witness"] for each in line["reasons"] if each["witness"]), None)
        assert line["needs"] == sorted({need for gap in line["unread"] for need in gap["needs"]})
        assert line["last_seen"] == "2026-11-22T04:00:00Z" >= line["first_seen"]
        assert (line["status"] == "excepted") == (line["exception"] is not None)
    assert last["run"]["taken_at"] == "2026-11-22T04:00:00Z"
    assert [gap["affects"] for gap in last["run"]["gaps"]] == [5, 2]
    assert last["run"]["statuses"] == {
        status: sum(line["status"] == status for line in written) for status in {line["status"] for line in written}
    }


def test_names_come_back_as_they_are() -> None:
    names = {line["resource"]["name"] for line in lines(sample())[:-1]}
    assert {HARMLESS, HOSTILE} <= names
    assert "".join(native.write(sample())).isascii()


@settings(max_examples=effort(100))
@given(st.lists(findings(), max_size=3))
def test_any_finding_is_one_line_that_a_strict_parser_reads(given_findings: list[Finding]) -> None:
    report = report_of(given_findings)
    pieces = list(native.write(report))
    assert len(pieces) == len(given_findings) + 1
    for piece, finding in zip(pieces, given_findings, strict=False):
        assert piece.endswith("\n") and piece[:-1].isascii() and piece[:-1].isprintable()
        back = msgspec.json.decode(piece, type=Finding)
        assert back == msgspec.structs.replace(well_formed(finding), evidence=back.evidence)
        assert msgspec.json.decode(back.evidence) == msgspec.json.decode(finding.evidence)


def returned(report: Report) -> tuple[list[Any], tuple[str, ...]]:
    """The lines, and what the writer says was lost."""
    written, pieces = [], native.write(report)
    while True:
        try:
            written.append(json.loads(next(pieces)))
        except StopIteration as end:
            return written, end.value


def broken(finding: Finding) -> Finding:
    """A finding that no encoder takes: a check put something of its own into a witness."""
    witness = Witness("*", "a", "r", {"key": object()})  # type: ignore[dict-item]  # that is the mistake
    return msgspec.structs.replace(finding, reasons=(Reason("open", witness),), witness=witness)


@pytest.mark.parametrize("position", [0, 5, -1])
def test_a_finding_that_cannot_be_written_costs_only_itself_and_says_so(position: int) -> None:
    report = sample()
    whole, _ = returned(report)
    held = list(report.findings)
    lost = held[position] = broken(held[position])
    written, defects = returned(replace(report, findings=held))
    assert len(written) == len(whole)
    changed = [number for number, (old, new) in enumerate(zip(whole, written, strict=True)) if old != new]
    assert changed == [range(len(held))[position], len(held)], "that finding and the run"
    stands_in = written[position if position >= 0 else position - 1]
    assert (stands_in["id"], stands_in["check"], stands_in["status"]) == (lost.id, lost.check, "unknown")
    assert stands_in["unread"][0]["why"] == "failed"
    assert f"the verdict was {lost.status}" in stands_in["unread"][0]["detail"]
    assert len(defects) == 1 and lost.id in defects[0]
    assert written[-1]["run"]["defects"][-1] == defects[0]
    assert not written[-1]["run"]["complete"]


def test_an_empty_report_still_has_its_run() -> None:
    (last,) = lines(report_of([]))
    assert last["run"]["statuses"] == {}
    assert datetime.fromisoformat(last["run"]["taken_at"]).utcoffset() is not None


def test_a_hundred_thousand_findings_take_seconds() -> None:
    report = sample()
    many = replace(report, findings=list(report.findings) * 1000)
    started = time.process_time()
    count = sum(1 for _ in native.write(many))
    assert count / (time.process_time() - started) > 40_000, "100,000 a second on a quiet core; here others work too"
