"""CSV: a row for each result, whatever stands in it, and nothing in it runs."""

from __future__ import annotations

import csv as reader
import io
from collections.abc import Generator
from copy import copy
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import Reason
from scanner.finding import Finding
from scanner.report import Report, csv
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.sample import TAKEN, report_of, sample
from tests.engine.report.test_csv_cells import FORMULA


def returned(pieces: Generator[str, None, tuple[str, ...]]) -> tuple[list[str], tuple[str, ...]]:
    """What a writer writes, and what it returns."""
    texts: list[str] = []
    while True:
        try:
            texts.append(next(pieces))
        except StopIteration as end:
            return texts, end.value


class Unsayable:
    def __str__(self) -> str:
        raise ValueError("no words")


def broken(finding: Finding) -> Finding:
    """A finding that no writer of texts takes."""
    reasons = (Reason(Unsayable()),)  # type: ignore[arg-type]  # that is the mistake
    return msgspec.structs.replace(finding, reasons=reasons, status="fail")


def rows(report: Report) -> list[dict[str, str]]:
    text = "".join(csv.write(report))
    return list(reader.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_row_says_what_the_finding_says() -> None:
    held = list(sample().findings)
    found = rows(sample())
    assert [row["id"] for row in found] == [finding.id for finding in held]
    assert [row["status"] for row in found] == [finding.status for finding in held]
    first = found[0]
    assert {key: first[key] for key in ("check", "severity", "state", "owner", "due", "duty", "layer", "side")} == {
        "check": "storage-public-read",
        "severity": "critical",
        "state": "new",
        "owner": "team-storage",
        "due": f"{TAKEN.date() + timedelta(days=7)}",
        "duty": "data.public-access",
        "layer": "data",
        "side": "customer",
    }
    assert first["title"] == "Nobody can read a store's objects without being known to you."
    assert first["reasons"] == "the policy lets anyone read"
    assert first["fix"] == "Remove the statement that lets everybody read."
    assert (first["resource_uid"], first["region"]) == ("lab:store:customer-exports", "east")
    assert first["first_seen"] == first["last_seen"] == "2026-11-22T04:00:00Z"
    (excepted,) = (row for row in found if row["status"] == "excepted")
    assert (excepted["exception_ticket"], excepted["exception_expires"]) == ("RISK-7", "2027-01-31")
    unknown = next(row for row in found if row["status"] == "unknown")
    assert unknown["needs"] == "store:GetPolicy" and "AccessDenied" in unknown["reasons"] and not unknown["fix"]


def test_a_fix_is_cut_to_its_cloud() -> None:
    fix = "Close it. On Lab: press the button. On Cloud: pull the plug."
    check = copy(sample().checks["storage-public-read"])
    check.guidance = msgspec.structs.replace(check.guidance, fix=fix)
    report = replace(sample(), checks={check.id: check})
    whole = rows(report)[0]["fix"]
    cut = rows(replace(report, clouds={"lab": "Lab", "cloud": "Cloud"}))[0]["fix"]
    assert whole == fix and cut == "Close it. On Lab: press the button."


@settings(max_examples=effort(50))
@given(st.lists(findings(), max_size=3))
def test_whatever_somebody_wrote_a_result_is_a_row_and_no_formula(given_findings: list[Finding]) -> None:
    text = "".join(csv.write(report_of(given_findings)))
    lines = text.split("\r\n")
    assert len(lines) == len(given_findings) + 2 and lines[-1] == "" and all(line.isprintable() for line in lines)
    for row in reader.reader(io.StringIO(text, newline=""), strict=True):
        assert len(row) == len(csv.COLUMNS)
        assert not any(FORMULA.match(cell) for cell in row)


@pytest.mark.parametrize("letter", ["x", "\x00", "\U000e0001", "="])
def test_a_cell_is_no_longer_than_a_spreadsheet_takes(letter: str) -> None:
    finding = next(iter(sample().findings))
    long = msgspec.structs.replace(finding, reasons=(Reason(letter * 100_000),))
    (row,) = rows(report_of([long]))
    assert len(row["reasons"]) <= 32_767 and "--format json has all" in row["reasons"]
    (row,) = rows(report_of([msgspec.structs.replace(finding, reasons=(Reason("x" * 31_000),))]))
    assert row["reasons"] == "x" * 31_000


@pytest.mark.parametrize("position", [0, 5, -1])
def test_a_finding_that_cannot_be_written_costs_only_itself(position: int) -> None:
    held = list(sample().findings)
    lost = held[position] = broken(held[position])
    texts, defects = returned(csv.write(replace(sample(), findings=held)))
    found = list(reader.DictReader(io.StringIO("".join(texts), newline="")))
    assert [row["id"] for row in found] == [finding.id for finding in held]
    assert found[position]["status"] == "unknown" and "could not be written" in found[position]["reasons"]
    assert len(defects) == 1 and lost.id in defects[0]
