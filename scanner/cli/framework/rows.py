"""What is known of a framework's controls, for other programs: CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.frameworks.standing import FrameworkReport, Standing
from scanner.jsonline import json_line
from scanner.report.csv_cells import row, several

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
    "applicable",
    "elsewhere",
)


def json_lines(report: FrameworkReport) -> Iterator[str]:
    """One object: the framework, its counts, and `standings` by control."""
    yield f"{json_line(report)}\n"


def csv_rows(report: FrameworkReport) -> Iterator[str]:
    """A row per control."""
    yield row(*COLUMNS)
    for standing in report.standings:
        yield row(*_cells(report, standing))


def _cells(report: FrameworkReport, standing: Standing) -> tuple[object, ...]:
    return (
        report.framework.id,
        report.framework.version,
        standing.control,
        standing.state,
        standing.violations,
        standing.excepted,
        standing.worst,
        standing.clean,
        standing.unknown,
        several(standing.why),
        " ".join(standing.duties),
        " ".join(standing.checks),
        " ".join(standing.answered),
        several(each.owner for each in standing.owners if each.owner),
        several(each.backup for each in standing.owners if each.backup),
        standing.unowned,
        several(standing.roles),
        " ".join(standing.applicable),
        " ".join(standing.elsewhere),
    )
