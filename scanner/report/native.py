"""`--format json`: one object per line, a line for each finding, and a last line about the run.

Events of the form `json` are the same lines about findings, and a line for each scope that was read.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from scanner.attempt import Defect, attempt
from scanner.facts import Why
from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.record import GapRecord, Run, ScopeRecord
from scanner.report.event import Background, Event, ScopeRead
from scanner.report.fitting import Fit, cut_to, emptied, first_only, room_in, without
from scanner.report.lost import defect_text, in_place_of
from scanner.report.news import news_of, uid_of_reading
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


class Reading(msgspec.Struct, frozen=True):
    """What is told of a scope that was read: its members are those of the run's record."""

    scan: str
    taken_at: datetime
    scope: ScopeRecord
    gaps: tuple[GapRecord, ...]
    resources: int
    defects: tuple[str, ...]
    checks: tuple[str, ...]
    checks_run: int


class ReadingLine(msgspec.Struct, frozen=True):
    """A scope that was read, told apart from a finding by its one member."""

    scope_read: Reading


def _mark(body: dict[str, Any], octets: int) -> None:
    body["truncated"] = True


def _mark_reading(body: dict[str, Any], octets: int) -> None:
    body["scope_read"]["truncated"] = True


FIT = Fit(
    _mark,
    (
        emptied("evidence"),
        first_only("reasons"),
        first_only("unread"),
        emptied("mitigated_by"),
        emptied("notices"),
        # An empty one would say that it has none.
        without("resource", "tags"),
        without("resource", "within"),
        # Without its middle it would be another file.
        without("resource", "written"),
        emptied("witness", "context"),
        emptied("reasons", 0, "witness", "context"),
        first_only("needs", most=10),
        first_only("unread", 0, "needs", most=10),
        cut_to(4096),
        cut_to(1024),
        cut_to(256),
        emptied("responsibility", "owner_undecided"),
        emptied("responsibility", "undecided"),
        emptied("needs"),
        cut_to(128),
        first_only("unread", 0, "needs"),
        cut_to(64),
        cut_to(48),
    ),
)
FIT_READING = Fit(
    _mark_reading,
    (
        first_only("scope_read", "checks", most=10),
        first_only("scope_read", "gaps", most=100),
        first_only("scope_read", "defects", most=10),
        first_only("scope_read", "gaps", most=10),
        without("scope_read", "scope", "within"),
        cut_to(1024),
        emptied("scope_read", "gaps"),
        emptied("scope_read", "defects"),
        emptied("scope_read", "scope", "regions"),
        emptied("scope_read", "checks"),
        cut_to(256),
    ),
)


class NativeEvents:
    """Makes events that are lines of the native format, each with its lifecycle."""

    def __init__(self, background: Background) -> None:
        self._largest = room_in(background)

    def finding(self, finding: Finding) -> Event:
        """The finding's line."""
        return Event(news_of(finding).uid, finding.id, FIT.to(line_of(finding)[:-1], self._largest))

    def scope(self, read: ScopeRead) -> Iterator[Event]:
        """One line, `{"scope_read": {...}}`, with the members of `Reading`."""
        checks = read.checks
        told = Reading(
            read.scan, read.taken_at, read.record, read.gaps, read.resources, read.defects, checks, len(checks)
        )
        line = json_line(ReadingLine(told))
        yield Event(uid_of_reading(read), read.record.uid, FIT_READING.to(line, self._largest))
