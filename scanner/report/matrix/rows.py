"""Rows as CSV for spreadsheets: each cell quoted, nothing in it runs as a formula or steers a terminal."""

from __future__ import annotations

from scanner.report.visible import visible

STARTS = frozenset("=+-@＝＋－＠")
"""With these a spreadsheet takes a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection"""


def row(*cells: object) -> str:
    """One line; None is an empty cell. Line ends in a cell are written as escapes, so that a line is a row."""
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return '"yes"' if value else '"no"'
    if isinstance(value, int):
        return f'"{value}"'
    text = visible(str(value)).replace('"', '""')
    # An apostrophe makes it a text; a space before the sign would not stop every program.
    return f'"\'{text}"' if text.lstrip()[:1] in STARTS and text.strip() else f'"{text}"'
