"""The table: nothing in it steers the terminal, no line is too long, and the most important things are there."""

import re
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from scanner.facts import Unread
from scanner.finding import Finding
from scanner.report import GapRecord, Report, ScopeRecord, table
from scanner.report.terminal import NARROWEST, WIDEST, Terminal
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.sample import HARMLESS, HOSTILE, keeps_versions, public_read, report_of, sample

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def page(report: Report, width: int = 100, *, colour: bool = False) -> str:
    return "".join(table.write(replace(report, terminal=Terminal(width, colour))))


def failure(number: int = 0) -> Finding:
    finding = next(iter(sample().findings))
    resource = msgspec.structs.replace(finding.resource, uid=f"lab:store:s-{number}", name=f"s-{number}")
    return msgspec.structs.replace(finding, resource=resource)


def unknown(number: int, gap: Unread) -> Finding:
    return msgspec.structs.replace(
        failure(number), status="unknown", reasons=(), witness=None, unread=(gap,), needs=gap.needs
    )


@settings(max_examples=effort(60), deadline=None)
@given(st.lists(findings(), max_size=4), st.integers(NARROWEST, WIDEST))
def test_whatever_is_in_a_report_each_line_shows_and_fits(found: list[Finding], width: int) -> None:
    report = report_of(found, defects=[finding.resource.name for finding in found])
    plain = page(report, width)
    for line in plain.split("\n"):
        assert line.isprintable()
        assert line == line.rstrip()
        assert cell_len(line) <= width
    assert plain.encode("utf-8")


@settings(max_examples=effort(30), deadline=None)
@given(st.lists(findings(), max_size=3))
def test_colour_adds_styles_and_nothing_else(found: list[Finding]) -> None:
    report = report_of(found)
    assert [line.rstrip() for line in STYLE.sub("", page(report, colour=True)).split("\n")] == page(report).split("\n")


def test_what_the_terminal_can_show_is_told_by_the_report_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured, plain = page(sample(), colour=True), page(sample())
    assert "\x1b[1;31mCRITICAL" in coloured
    for name, value in {"NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "dumb", "COLUMNS": "30"}.items():
        monkeypatch.setenv(name, value)
    assert (page(sample(), colour=True), page(sample())) == (coloured, plain)


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_each_failure_is_a_row_with_its_severity_check_resource_reason_and_duty(width: int) -> None:
    report = sample()
    text = page(report, width)
    rows = [line for line in text.splitlines() if line.startswith(("CRITICAL  storage", "MEDIUM    storage"))]
    failed = [finding for finding in report.findings if finding.status == "fail"]
    assert len(rows) == len(failed)
    assert [row.split()[0].lower() for row in rows] == sorted(finding.severity for finding in failed)
    assert all(row.split()[1] in report.checks for row in rows)
    assert [row.split()[-1] for row in rows] == ["east", "east", "west", "east", "east", "east"]
    assert text.count("(violates data.public-access") == 4
    assert "the policy lets anyone read" in text
    assert HARMLESS in text


def test_hostile_names_stay_recognisable() -> None:
    text = page(sample(), 160)
    assert "\\x1b[31mred\\x1b[0m\\u202egpj.exe\\u2028\\x9b2J\\r\\nFAIL fake" in text
    assert not any(line.startswith("FAIL") for line in text.splitlines())
    assert HOSTILE not in text


def test_a_long_name_loses_its_middle() -> None:
    assert "a-very-long-name-of…all-the-years-2024  east" in page(sample(), 80)


def test_unknown_is_grouped_by_cause() -> None:
    denied = Unread("denied", ("store:GetPolicy",), "store:GetPolicy", "bucket.readers")
    slow = Unread("throttled", (), "store:ListStores", "bucket", "SlowDown")
    text = page(report_of([*(unknown(number, denied) for number in range(12)), unknown(99, slow)]))
    assert "12 answers need store:GetPolicy (denied)\n  on bucket s-0, s-1, s-2 and 9 more\n" in text
    assert "1 answer needs an answer to store:ListStores (throttled)\n  on bucket s-99\n" in text


def test_several_answers_about_one_resource_name_it_once() -> None:
    denied = Unread("denied", ("store:GetPolicy",))
    first = unknown(0, denied)
    text = page(report_of([first, msgspec.structs.replace(first, check=keeps_versions.id)]))
    assert "2 answers need store:GetPolicy (denied)\n  on bucket s-0\n" in text
    assert f"  for {public_read.id}, {keeps_versions.id}\n" in text


def test_many_failures_of_one_check_are_counted_rather_than_listed() -> None:
    text = page(report_of([failure(number) for number in range(500)]))
    assert text.count("CRITICAL  storage-public-read") == 21
    assert "and 480 more of them; --format json has all" in text
    assert "Failed  500" in text


def test_severities_come_worst_first() -> None:
    severe = [
        msgspec.structs.replace(failure(), severity=word) for word in ("low", "info", "critical", "medium", "high")
    ]
    rows = [line.split()[0] for line in page(report_of(severe)).splitlines() if "storage-public-read" in line]
    assert rows == ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"]


def test_many_reasons_are_counted() -> None:
    reasons = tuple(msgspec.structs.replace(failure().reasons[0], text=f"reason {number}") for number in range(6))
    text = page(report_of([msgspec.structs.replace(failure(), reasons=reasons)]))
    assert "reason 2\n" in text and "reason 3" not in text
    assert "and 3 more reasons (violates data.public-access" in text


def test_the_owner_stands_beside_the_duty() -> None:
    owned = msgspec.structs.replace(failure().responsibility, owner="data-platform", backup="sre")
    text = page(report_of([msgspec.structs.replace(failure(), responsibility=owned)]))
    assert "(violates data.public-access, owner data-platform" in text
    assert "owner data-platform\n" in text


def test_duties_name_both_halves() -> None:
    text = page(sample())
    duty = sample().model.duties["data.public-access"]
    words = " ".join(text.split())
    assert duty.title in words and duty.customer in words and duty.counterpart in words


def test_the_summary_says_what_is_missing() -> None:
    words = " ".join(page(sample()).split())
    assert "failed 6 4 CRITICAL, 2 MEDIUM" in words
    assert "unknown 7 excepted 1 passed 9 not applicable 2" in words
    assert "Evaluated 16 of 23 checks x resources (69%), with 42 calls in 1.5 s. 1 resource vanished" in words
    assert "Not complete: lab 1111 (prod): needs store:GetPolicy (denied), an answer to store:ListStores" in words
    assert "by the default rule yours: lab.new.gadget" in words
    assert "Defects of ours 1 Please report them" in words


def test_all_is_well() -> None:
    passed = [finding for finding in sample().findings if finding.status == "pass"]
    text = page(report_of(passed))
    assert "Failed" not in text and "Unknown" not in text and "Defects" not in text
    assert "Complete: lab 1111 (prod)" in text
    assert page(report_of([])).startswith("ourside 0.1.0")


def test_several_accounts_are_told_apart() -> None:
    report = report_of([failure()])
    scopes = tuple(
        ScopeRecord(f"lab::{number}", ("east",), number != 7, "lab", str(number), "") for number in range(30)
    )
    gap = GapRecord("lab", "7", "east", "bucket", "store:Get", (), "failed", "", 3)
    text = page(replace(report, run=msgspec.structs.replace(report.run, scopes=scopes, gaps=(gap,))))
    assert text.splitlines()[0].startswith("ourside 0.1.0  lab 30 accounts  east")
    assert "1111 east" in text
    assert "Not complete: lab 7: needs an answer to store:Get (failed)\n" in text
    assert "and 20 more scopes, 0 of them not complete" in text


@dataclass(frozen=True)
class Repeated:
    """Many findings that are never held at once."""

    kinds: int
    times: int

    def __iter__(self) -> Iterator[Finding]:
        for kind in range(self.kinds):
            for number in range(self.times):
                yield msgspec.structs.replace(failure_template(number), check=f"check-{kind}")


def failure_template(number: int) -> Finding:
    return TEMPLATES[number % len(TEMPLATES)]


TEMPLATES = [failure(number) for number in range(100)]


def test_a_hundred_thousand_failures_take_seconds_and_little_memory() -> None:
    times = effort(1000)
    report = replace(report_of([]), findings=Repeated(kinds=100, times=times))
    started = time.process_time()
    text = page(report)
    assert time.process_time() - started < 15 * times / 1000
    assert text.count(f"and {times - 20} more") == 100
    tracemalloc.start()
    page(replace(report, findings=Repeated(kinds=5, times=200)))
    few = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    page(replace(report, findings=Repeated(kinds=5, times=effort(6000))))
    many = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert many < few * 1.5, "memory must not grow with the number of findings"


def test_rich_is_loaded_for_a_page_only() -> None:
    code = "import sys, scanner.report.table, scanner.report.native, scanner.report.ocsf; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_answers_that_are_not_known_for_different_reasons_show_the_first_of_them() -> None:
    gaps = [Unread("not-yet-known", detail=f"whether number {number} is ours") for number in (0, 1, 1, 2, 3)]
    shown = page(report_of([unknown(number, gap) for number, gap in enumerate(gaps)]))
    assert "5 answers need more information (not-yet-known)" in shown
    assert [number for number in range(4) if f"whether number {number} is ours" in shown] == [0, 1, 2]
