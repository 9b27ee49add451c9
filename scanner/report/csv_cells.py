"""Rows as CSV for spreadsheets: each cell quoted, nothing in it runs as a formula or steers a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.report.visible import visible

_SIGNS = frozenset("=+-@＝＋－＠")
_FORMULA = re.compile(r"(^|;)(?=[\s\"]*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula: https://owasp.org/www-community/attacks/CSV_Injection

One that separates cells by semicolons, as where the comma is for decimals, reads a quoted cell's semicolon as an end,
and a quote behind it as the beginning of another.
"""


def row(*cells: object) -> str:
    """One line; None is an empty cell. Line ends in a cell are written as escapes, so that a line is a row."""
    return ",".join(map(_cell, cells)) + "\r\n"


def several(values: Iterable[object]) -> str:
    """One cell of many values, each once."""
    return "; ".join(dict.fromkeys(map(str, values)))


def _cell(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return '"yes"' if value else '"no"'
    if isinstance(value, int):
        return f'"{value}"'
    # An apostrophe makes it a text; a space before the sign would not stop every program.
    text = visible(str(value))
    if ";" in text or text.lstrip(' "')[:1] in _SIGNS:
        text = _FORMULA.sub(r"\1'", text)
    return '"{}"'.format(text.replace('"', '""'))
