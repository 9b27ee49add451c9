"""How failures come and go, in rows or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from scanner.jsonline import json_line
from scanner.report.cells import DIM, STRONG, short, styled
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal

if TYPE_CHECKING:
    from scanner.history import Trend, TrendRow

NAME_WIDTH = 32
BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.:-=+*#"
POINTS = 16
"""Days that a line of bars shows at most."""
LEGEND = "to mend: median from first seen to resolved; to notice: median from made, by the audit log, to seen"
NUMBERS = ("open", "opened", "resolved", "overdue", "to mend", "to notice")


def rows(trend: Trend) -> Iterator[str]:
    """One JSON object per duty or owner."""
    for row in trend.rows:
        yield json_line(row) + "\n"


def lines(trend: Trend, origin: str, terminal: Terminal) -> Iterator[str]:
    """A table: a row per duty or owner, those with most open first."""
    paper = Paper(terminal)
    scans = "1 day of scans" if len(trend.days) == 1 else f"{len(trend.days):,} days of scans"
    yield paper.text(
        Text.assemble(
            (f"Failures by {trend.by} since {trend.since}", STRONG), "  ", (scans, DIM), "  ", styled(origin, DIM)
        ),
        "",
    )
    if not trend.rows:
        yield paper.text("Nothing failed.")
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=NAME_WIDTH)
    for name in NUMBERS:
        table.add_column(justify="right", width=max(len(name), 6))
    table.add_column(overflow="crop", no_wrap=True)
    table.add_row("", *(Text(name, DIM) for name in NUMBERS), Text("by day", DIM))
    for row in sorted(trend.rows, key=lambda row: (-row.open, row.name or "")):
        table.add_row(*_row(row, BARS if terminal.blocks else ASCII_BARS))
    yield paper.text(table)
    yield paper.text(
        "",
        paper.hanging(Text(LEGEND, DIM)),
    )


def _row(row: TrendRow, bars: str) -> Iterator[Text]:
    yield short(row.name or "nobody", NAME_WIDTH)
    for number in (row.open, row.opened, row.resolved, row.overdue):
        yield Text(f"{number:,}" if number else "-")
    yield Text(_span(row.resolution))
    yield Text(_span(row.lag))
    yield Text(_bars([day.open for day in row.days][-POINTS:], bars))


def _span(span: timedelta | None) -> str:
    if span is None:
        return "-"
    hours = span.total_seconds() / 3600
    return f"{hours / 24:,.0f} d" if hours >= 48 else f"{hours:,.0f} h" if hours >= 1 else f"{hours * 60:,.0f} min"


def _bars(numbers: list[int], bars: str) -> str:
    most = max(numbers, default=0)
    return "".join(bars[number * (len(bars) - 1) // most] if most else bars[0] for number in numbers)
