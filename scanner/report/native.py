"""`--format json`: one object per line, a line for each finding, and a last line about the run."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

import msgspec

from scanner.attempt import Defect, attempt
from scanner.facts import Why
from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.record import Run
from scanner.report.lost import defect_text, in_place_of
from scanner.report.report import Report


class UnreadLine(msgspec.Struct, frozen=True):
    """An unread fact, in the order of the contract."""

    fact: str
    call: str
    needs: tuple[str, ...]
    why: Why
    detail: str


class LastLine(msgspec.Struct, frozen=True):
    """The record of the run, told apart from a finding by its one member."""

    run: Run


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The lines; as the generator's value, the defects met while writing, which the last line names as well."""
    defects: list[str] = []
    for each in report.findings:
        finding = each
        if not report.over_time and each.lifecycle is not None:
            finding = msgspec.structs.replace(each, lifecycle=None)
        line = attempt(partial(line_of, finding))
        if isinstance(line, Defect):
            defects.append(defect_text(finding, line))
            line = line_of(in_place_of(finding, line))
        yield line
    run = report.run
    if defects:
        run = msgspec.structs.replace(run, complete=False, defects=(*run.defects, *defects))
    yield json_line(LastLine(run)) + "\n"
    return tuple(defects)


def line_of(finding: Finding) -> str:
    """One finding as a line of the format."""
    if not finding.unread:
        return json_line(finding) + "\n"
    unread = [UnreadLine(gap.fact, gap.call, gap.needs, gap.why, gap.detail) for gap in finding.unread]
    return json_line(msgspec.structs.replace(finding, unread=unread)) + "\n"
