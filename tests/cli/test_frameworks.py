"""Reports by framework: their pages, their rows, and the commands."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from rich.cells import cell_len

from scanner.cli.framework.page import markdown, page
from scanner.cli.framework.rows import COLUMNS, csv_rows, json_lines
from scanner.frameworks.published import Published
from scanner.frameworks.standing import report_on
from scanner.posture import Posture
from scanner.report import native
from scanner.report.terminal import Terminal
from tests.cli.conftest import Shell
from tests.engine.frameworks.postures import CHECKS, JUDGED, MODEL, postures, published
from tests.engine.report.sample import sample


@settings(max_examples=25)
@given(published, postures)
def test_every_form_says_coverage_first_and_lets_nothing_out(framework: Published, posture: Posture) -> None:
    found = report_on(framework, posture, MODEL, JUDGED)
    shown = "".join(page(found, Terminal()))
    text = "".join(markdown(found))
    coverage = f"{found.assessed:,} of {found.controls:,} controls"
    assert coverage in " ".join(shown.split("\n\n")[1].split()) and text.split("\n\n")[1].count(coverage) == 1
    for written in (shown, text):
        assert "compliant" not in written.lower()
        assert all(character.isprintable() or character == "\n" for character in written)
    assert all(cell_len(line) <= 100 for line in shown.splitlines())
    assert "<b>" not in text


@settings(max_examples=40)
@given(published, postures)
def test_rows_are_one_per_control_and_no_cell_is_a_formula(framework: Published, posture: Posture) -> None:
    found = report_on(framework, posture, MODEL, JUDGED)
    heads, *rows = csv.reader(io.StringIO("".join(csv_rows(found))))
    assert tuple(heads) == COLUMNS
    assert [row[2] for row in rows] == [each.control for each in found.standings]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    back = json.loads("".join(json_lines(found)))
    assert [each["control"] for each in back["standings"]] == [each.control for each in found.standings]
    assert (back["assessed"], back["framework"]["id"]) == (found.assessed, framework.framework.id)


@pytest.fixture
def findings(tmp_path: Path) -> str:
    report = replace(sample(), checks=CHECKS)
    path = tmp_path / "findings.json"
    path.write_text("".join(native.write(report)), encoding="utf-8")
    return str(path)


def test_a_report_from_a_file(bare: Shell, findings: str) -> None:
    ended = bare("ourside", "framework", "report", "csa-ccm-4.1", findings)
    assert ended.code == 0, ended.stderr
    assert "of 207 controls" in ended.stdout and "IAM-15" in ended.stdout
    ended = bare("ourside", "framework", "report", "cis-aws-7.0", findings, "--format", "json")
    assert json.loads(ended.stdout)["controls"] == 70


def test_a_name_that_nothing_has(bare: Shell) -> None:
    ended = bare("ourside", "framework", "report", "cis-aws-7")
    assert (ended.code, ended.stdout) == (2, "")
    assert "unknown framework 'cis-aws-7'. Did you mean 'cis-aws-7.0'?" in ended.stderr


def test_checks_by_framework(bare: Shell) -> None:
    listed = bare("ourside", "framework", "list")
    assert listed.code == 0 and all(len(line) <= 140 for line in listed.stdout.splitlines())
    ended = bare("ourside", "checks", "list", "--framework", "cis-aws-7.0", "--duty", "logging.*")
    assert ended.code == 0 and "audit-trail-missing" in ended.stdout
    assert "storage-access-unlogged" not in ended.stdout
