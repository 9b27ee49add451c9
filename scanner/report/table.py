"""`--format table`: the report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.report.digest import digest_of
from scanner.report.report import Report


def write(report: Report) -> Iterator[str]:
    """The page for the terminal that the report is for, section by section."""
    # rich is loaded for nothing else, and it costs more than everything else that a short command loads.
    from scanner.report.page import Page

    yield from Page(report, digest_of(report.findings)).sections()
