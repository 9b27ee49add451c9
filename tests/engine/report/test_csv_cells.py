"""Rows for spreadsheets: each cell is a text, whatever stands in it, and a row stays one."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.csv_cells import row
from scanner.report.visible import visible
from tests.engine.report.hostile import texts

SIGNS = "=+@＝＋－＠-"
FORMULA = re.compile(rf"\s*[{SIGNS}]")
cells = texts | st.text(st.sampled_from([*SIGNS, *" \t\r\n\u3000\xa0;,\"'|a1"]), max_size=12)


def read(line: str) -> list[str]:
    (found,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    return found


@given(st.lists(cells, min_size=1, max_size=4))
def test_no_cell_is_a_formula_and_each_says_what_it_said(said: list[str]) -> None:
    line = row(*said)
    assert line.endswith("\r\n") and line[:-2].isprintable()
    back = read(line)
    assert not any(map(FORMULA.match, back))
    assert [cell.replace("'", "") for cell in back] == [visible(cell).replace("'", "") for cell in said]


@given(st.lists(cells, min_size=1, max_size=4))
def test_none_is_one_where_a_semicolon_ends_a_cell(said: list[str]) -> None:
    """As in spreadsheets of countries that write the comma for decimals: they do not see that the cell is quoted."""
    # A quote behind it is the beginning of a quoted cell.
    assert not any(FORMULA.match(part.lstrip('" ')) for cell in read(row(*said)) for part in cell.split(";"))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\u3000"])
def test_a_sign_is_told_apart_whatever_stands_before_it(sign: str, before: str) -> None:
    (cell,) = read(row(f"{before}{sign}1+1"))
    assert not FORMULA.match(cell) and sign in cell


def test_what_is_no_text() -> None:
    assert row(None, True, False, -3) == '"","yes","no","-3"\r\n'
