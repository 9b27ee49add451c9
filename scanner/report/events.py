"""A report as events, one a line: of its findings, of failures that are gone, and of its scopes."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from functools import partial

from scanner.attempt import Defect, attempt
from scanner.report.event import Background, Event, EventFormat, EventMaker, ScopeRead, scopes_read
from scanner.report.lost import defect_text, in_place_of
from scanner.report.report import Report


def background_of(report: Report) -> Background:
    """What the events of a report refer to."""
    run = report.run
    scopes = {(scope.provider, scope.account): scope for scope in reversed(run.scopes)}
    return Background(report.checks, report.model, scopes, run.tool, run.version)


def lines_of(make: EventFormat, report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The lines; as the generator's value, the defects met while writing."""
    defects: list[str] = []
    maker = make(background_of(report))
    for finding in itertools.chain(report.findings, report.gone):
        event = attempt(partial(maker.finding, finding))
        if isinstance(event, Defect):
            defects.append(defect_text(finding, event))
            event = maker.finding(in_place_of(finding, event))
        if event is not None:
            yield event.body + "\n"
    for read in scopes_read(report.run):
        events = attempt(partial(events_about, maker, read))
        if isinstance(events, Defect):
            defects.append(f"events about the scope {read.record.uid} were not written: {events}")
            continue
        yield from (event.body + "\n" for event in events)
    return tuple(defects)


def events_about(maker: EventMaker, read: ScopeRead) -> list[Event]:
    """All events about a scope."""
    return list(maker.scope(read))
