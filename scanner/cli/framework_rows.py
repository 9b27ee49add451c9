"""What is known of a framework's controls, for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from scanner.frameworks.standing import FrameworkReport, Standing
from scanner.jsonline import json_line
from scanner.report.visible import visible

COLUMNS = (
    "framework",
    "version",
    "control",
    "state",
    "violations",
    "excepted",
    "worst",
    "clean",
    "unknown",
    "why",
    "duties",
    "checks",
    "answered",
    "owners",
    "backups",
    "unowned",
    "roles",
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def json_lines(report: FrameworkReport) -> Iterator[str]:
    """One object: the framework, its counts, and `standings` by control."""
    yield f"{json_line(report)}\n"


def csv_rows(report: FrameworkReport) -> Iterator[str]:
    """A row per control. A text that a spreadsheet would take for a formula has a quotation mark before it."""
    yield _line(COLUMNS)
    for standing in report.standings:
        yield _line(_cells(report, standing))


def _cells(report: FrameworkReport, standing: Standing) -> tuple[str, ...]:
    return (
        report.framework.id,
        report.framework.version,
        standing.control,
        standing.state,
        str(standing.violations),
        str(standing.excepted),
        standing.worst or "",
        str(standing.clean),
        str(standing.unknown),
        "; ".join(standing.why),
        " ".join(standing.duties),
        " ".join(standing.checks),
        " ".join(standing.answered),
        "; ".join(dict.fromkeys(each.owner for each in standing.owners if each.owner)),
        "; ".join(dict.fromkeys(each.backup for each in standing.owners if each.backup)),
        str(standing.unowned),
        "; ".join(standing.roles),
    )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: str) -> str:
    shown = visible(cell)
    return f"'{shown}" if shown.startswith(FORMULAS) else shown
