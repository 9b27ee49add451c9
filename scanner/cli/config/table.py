"""Options, their values and where they come from, in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from scanner.cli.config.origins import Row
from scanner.jsonline import json_line
from scanner.report.cells import DIM, STRONG, styled
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal


def lines(rows: Sequence[Row], terminal: Terminal) -> Iterator[str]:
    """A row per option; what stands there by default is dim."""
    paper = Paper(terminal)
    width = max(len(row.option) for row in rows)
    grid = paper.grid(width, max(len("environment"), *(len(row.where) for row in rows)))
    for row in rows:
        style = DIM if row.origin == "default" else STRONG
        grid.add_row(styled(row.option, style), Text(row.where or row.origin, DIM), styled(_said(row.value)))
    yield paper.text(grid)


def _said(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value)) or "-"
        case dict():
            return json_line(value)
    return str(value)
