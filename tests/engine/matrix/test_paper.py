"""The matrix on paper: every format shows hostile names, fits, runs nothing, and never promises too much."""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from scanner.matrix.columns import Axis
from scanner.matrix.gaps import gaps_of
from scanner.matrix.matrix import Matrix, matrix_of, only
from scanner.matrix.promises import Promises
from scanner.matrix.standing import Violated
from scanner.posture import OlderReading, Posture
from scanner.report.matrix import sheets
from scanner.report.matrix.gaps import gaps_page
from scanner.report.matrix.gaps_json import gaps_json
from scanner.report.matrix.json import matrix_json
from scanner.report.matrix.markdown import matrix_markdown
from scanner.report.matrix.terminal import matrix_page
from scanner.report.terminal import NARROWEST, WIDEST, Terminal
from tests.engine.matrix.postures import postures, promises
from tests.engine.matrix.world import (
    CATALOGUE,
    DENIED,
    MODEL,
    PROMISES,
    SAMPLE,
    SCOPES,
    TAKEN,
    TODAY,
    UNOWNED,
    counted,
    owed,
)
from tests.engine.matrix.world import posture as posture_with

GOLDEN = Path(__file__).parent / "golden"
RENEW = "OURSIDE_RENEW_GOLDEN"
STYLE = re.compile(r"\x1b\[[0-9;]*m")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
BAR = re.compile(r"(?<!\\)\|")
axes = st.sampled_from(get_args(Axis))
ORDINARY = settings(max_examples=25, deadline=None)


def matrix(posture: Posture = SAMPLE, said: Promises = PROMISES, by: Axis = "cloud") -> Matrix:
    return matrix_of(posture, MODEL, CATALOGUE, said, by, TODAY)


def page(found: Matrix, width: int = 100, *, colour: bool = False, fold: bool = False) -> str:
    return "".join(matrix_page(found, Terminal(width, colour), fold=fold))


SHEETS: Mapping[str, Callable[[Matrix], Iterable[str]]] = {
    "matrix.csv": sheets.plain,
    "matrix.crm.csv": lambda found: sheets.customer_responsibility(found, MODEL),
    "matrix.pci.csv": lambda found: sheets.service_providers(found, MODEL),
}
GAPS = gaps_of(SAMPLE, MODEL, CATALOGUE, PROMISES, TODAY)
WRITTEN: Mapping[str, Callable[[], str]] = {
    "matrix.txt": lambda: page(matrix()),
    "matrix-accounts-80.txt": lambda: page(matrix(by="account"), 80),
    "matrix-owners-folded.txt": lambda: page(matrix(by="owner"), fold=True),
    "matrix.md": lambda: "".join(matrix_markdown(matrix())),
    "matrix.json": lambda: json.dumps(json.loads(matrix_json(matrix())), indent=1) + "\n",
    "gaps.txt": lambda: "".join(gaps_page(GAPS, Terminal(100))),
    "gaps.json": lambda: json.dumps(json.loads(gaps_json(GAPS)), indent=1) + "\n",
    **{name: lambda write=write: "".join(write(matrix())) for name, write in SHEETS.items()},  # type: ignore[misc]
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_format_is_what_it_was(name: str) -> None:
    path, text = GOLDEN / name, WRITTEN[name]()
    if os.environ.get(RENEW):
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode("utf-8"), (
        f"{name} has changed; {RENEW}=1 renews it, then read the difference"
    )


def test_what_the_newest_scan_did_not_look_at_stands_above_the_table() -> None:
    older = tuple(OlderReading(each, TAKEN - timedelta(days=6 - number)) for number, each in enumerate(SCOPES[1:]))
    posture = msgspec.structs.replace(SAMPLE, older=older)
    found = matrix(posture)
    for text in (page(found), "".join(matrix_markdown(found))):
        assert text.index("not read since 2026-11-20: lab ") < text.index("governance.asset-inventory")
        assert "not read since 2026-11-21: mill 図-mill" in text
    told = json.loads(matrix_json(found))["matrix"]["older_readings"]
    assert [(each["account"], each["taken_at"][:10]) for each in told] == [
        ("2222", "2026-11-20"),
        ("m-1", "2026-11-21"),
    ]
    assert [each.scope.provider for each in only(posture, {"mill"}).older] == ["mill"]


def test_what_a_scope_lacks_is_wrapped_and_whole() -> None:
    needs = tuple(f"store.service:GetSomething{number}" for number in range(9))
    gap = msgspec.structs.replace(DENIED, needs=needs)
    text = page(matrix(msgspec.structs.replace(SAMPLE, gaps=(gap,))), 80)
    assert all(need in text for need in needs[:6])
    assert "and 3 more (denied)" in " ".join(text.split())


def test_what_nobody_answers_for_is_never_left_out() -> None:
    owners = [f"team-{number:02}" for number in range(60)]
    said = [owed("lab.storage.store", "data.public-access", owner, "b") for owner in owners]
    results = [counted(9, "fail", each, severity="critical") for each in said]
    text = page(matrix(posture_with(*results, counted(1, "fail", UNOWNED, severity="low"), scopes=SCOPES), by="owner"))
    assert "more owners, where less is wrong" in text
    assert text.index(" nobody ") < text.index(" team-00")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((24, 24, 24), "24 fail, none has an owner"),
        ((24, 24, 3), "24 fail, none has an owner, 3 without backup"),
        ((24, 0, 24), "24 fail, none has a backup"),
        ((24, 2, 3), "24 fail, 2 without owner, 3 without backup"),
    ],
)
def test_gaps_say_once_that_nobody_answers(numbers: tuple[int, int, int], words: str) -> None:
    failed, owner, backup = numbers
    violated = Violated(
        duty="data.public-access", worst="high", failed=failed, without_owner=owner, without_backup=backup
    )
    text = "".join(gaps_page(msgspec.structs.replace(GAPS, unowned=(violated,)), Terminal(100)))
    assert f"  {words}\n" in text


@ORDINARY
@given(postures, promises, axes, st.integers(NARROWEST, WIDEST), st.booleans())
def test_a_terminal_shows_each_line_and_it_fits(
    posture: Posture, said: Promises, by: Axis, width: int, fold: bool
) -> None:
    found = matrix(posture, said, by)
    gaps = "".join(gaps_page(gaps_of(posture, MODEL, CATALOGUE, said, TODAY), Terminal(width)))
    for line in (page(found, width, fold=fold) + gaps).split("\n"):
        assert line.isprintable()
        assert line == line.rstrip()
        assert cell_len(line) <= width


@ORDINARY
@given(postures, axes)
def test_colour_adds_styles_and_nothing_else(posture: Posture, by: Axis) -> None:
    found = matrix(posture, by=by)
    assert [line.rstrip() for line in STYLE.sub("", page(found, colour=True)).split("\n")] == page(found).split("\n")


@ORDINARY
@given(postures, promises, axes)
def test_a_sheet_runs_nothing_and_keeps_its_columns(posture: Posture, said: Promises, by: Axis) -> None:
    found = matrix(posture, said, by)
    for write in SHEETS.values():
        lines = list(write(found))
        rows = list(csv.reader(io.StringIO("".join(lines), newline=""), strict=True))
        assert len(rows) == len(lines)
        assert len({len(row) for row in rows}) == 1
        for cell in (cell for row in rows for cell in row):
            assert cell.isprintable()
            assert not FORMULA.match(cell)


@ORDINARY
@given(postures, promises, axes)
def test_markdown_keeps_its_tables(posture: Posture, said: Promises, by: Axis) -> None:
    found = matrix(posture, said, by)
    bars = 0
    for line in "".join(matrix_markdown(found)).split("\n"):
        assert line.isprintable()
        if not line.startswith("|"):
            bars = 0
            continue
        bars = bars or len(BAR.findall(line))
        assert len(BAR.findall(line)) == bars


@ORDINARY
@given(postures, promises, axes)
def test_json_is_one_plain_line_of_all_cells(posture: Posture, said: Promises, by: Axis) -> None:
    line = matrix_json(matrix(posture, said, by))
    assert line.isascii()
    assert line.count("\n") == 1
    told = json.loads(line)["matrix"]
    assert all(
        [cell["column"] for cell in row["cells"]] == [column["id"] for column in told["columns"]]
        for layer in told["layers"]
        for row in (layer, *layer["duties"])
    )
    assert json.loads(gaps_json(gaps_of(posture, MODEL, CATALOGUE, said, TODAY)))["gaps"]["version"] == 1


def test_no_format_promises_too_much() -> None:
    for write in WRITTEN.values():
        text = write().casefold()
        assert "compliant" not in text
        assert "passed" not in text


def test_what_has_to_be_known_stands_before_the_table() -> None:
    for name in ("matrix.txt", "matrix.md"):
        text = WRITTEN[name]()
        assert text.index("Coverage") < text.index("Without owner") < text.index("governance.asset-inventory")


def test_more_columns_than_help_are_counted() -> None:
    from tests.engine.matrix.world import PUBLIC, counted, posture

    many = posture(*(counted(1 + number, "fail", PUBLIC, where=("lab", f"{number:04}")) for number in range(200)))
    text = page(matrix(many, by="account"))
    assert "0199" in text
    assert "more accounts" in text
    assert text.count("data.public-access") < 10
