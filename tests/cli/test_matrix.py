"""`ourside matrix` and `ourside gaps`, as users run them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from scanner.report import native
from tests.cli.conftest import Shell
from tests.engine.report.sample import sample


@pytest.fixture
def findings(tmp_path: Path) -> str:
    """A file of findings with hostile names in it."""
    (tmp_path / "findings.json").write_text("".join(native.write(sample())), encoding="utf-8")
    return "findings.json"


def test_the_matrix_fits_a_terminal_and_says_first_what_was_looked_at(bare: Shell, findings: str) -> None:
    ended = bare("ourside", "matrix", findings)
    assert ended.code == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert max(map(cell_len, lines)) <= 100
    assert lines[2].startswith("Coverage")
    assert any(line.split()[:2] == ["data.public-access", "!"] for line in lines)
    assert "compliant" not in ended.stdout


def test_rows_can_be_chosen(bare: Shell, findings: str) -> None:
    ended = bare("ourside", "matrix", findings, "--duty", "data.*", "--layer", "data", "--format", "json")
    told = json.loads(ended.stdout)["matrix"]
    assert [layer["layer"] for layer in told["layers"]] == ["data"]
    assert all(duty["duty"].startswith("data.") for duty in told["layers"][0]["duties"])


@pytest.mark.parametrize("form", ["csv", "crm-csv", "pci-csv"])
def test_sheets(bare: Shell, findings: str, form: str) -> None:
    ended = bare("ourside", "matrix", findings, "--by", "account", "--format", form)
    rows = list(csv.reader(io.StringIO(ended.stdout), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 30


def test_gaps(bare: Shell, findings: str) -> None:
    ended = bare("ourside", "gaps", findings)
    assert ended.code == 0, ended.stderr
    assert "lab.new.gadget" in ended.stdout
    told = json.loads(bare("ourside", "gaps", findings, "--format", "json").stdout)["gaps"]
    assert [each["type"] for each in told["types_undescribed"]] == ["lab.storage.store", "lab.new.gadget"]


def test_attested_and_documented(bare: Shell, findings: str) -> None:
    (bare.folder / "attestations.yaml").write_text(
        "attestations:\n- duty: data.classification\n  scope: '1111'\n  who: ada\n  on: 2026-11-01\n"
        "  until: 2027-10-01\n  evidence: https://wiki.example/data\n"
    )
    ended = bare("ourside", "matrix", findings, "--attestations", "attestations.yaml", "--format", "csv")
    (row,) = (row for row in csv.DictReader(io.StringIO(ended.stdout)) if row["duty"] == "data.classification")
    assert (row["state"], row["attested_by"], row["attested_until"]) == ("attested", "ada", "2027-10-01")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--duty", "data.public-acess"), "Did you mean 'data.public-access'?"),
        (("--layer", "identiti"), "Did you mean 'identity'?"),
        (("--provider", "awz"), "Did you mean 'aws'?"),
    ],
)
def test_a_name_that_does_not_exist(bare: Shell, findings: str, words: tuple[str, str], hint: str) -> None:
    ended = bare("ourside", "matrix", findings, *words)
    assert ended.code == 2
    assert hint in ended.stderr


def test_without_a_history_it_says_how_to_make_one(bare: Shell) -> None:
    for command in ("matrix", "gaps"):
        ended = bare("ourside", command)
        assert ended.code == 2
        assert "Run a scan" in ended.stderr
