"""Whatever others wrote into what is told, an event is one line of ASCII, fits, and has a uid that every sink bears."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scanner.cli import doors
from scanner.report.event import Event, scopes_read
from scanner.report.events import background_of
from scanner.report.report import Report
from tests.effort import effort
from tests.hostile.corpus import PAYLOADS, SHARP
from tests.hostile.reports import drenched, hostile, long

FORMS = doors.event_format_names()


def told(name: str, report: Report, largest: int | None) -> Iterator[Event]:
    """What a form of events tells of a report."""
    maker = doors.event_format(name)(replace(background_of(report), largest=largest))
    for finding in report.findings:
        event = maker.finding(finding)
        if event is not None:
            yield event
    for read in scopes_read(report.run):
        yield from maker.scope(read)


def check(event: Event, largest: int | None) -> None:
    assert re.fullmatch(r"[!-~]{1,128}", event.uid), event.uid
    assert event.key or event.key == ""
    assert event.body.isascii()
    assert event.body.isprintable()
    assert isinstance(json.loads(event.body), dict)
    assert largest is None or len(event.body) <= largest


@pytest.mark.parametrize("name", FORMS)
def test_each_event_is_a_line(name: str) -> None:
    for report in (hostile(), *map(drenched, PAYLOADS.values())):
        for event in told(name, report, None):
            check(event, None)


@pytest.mark.parametrize("name", FORMS)
def test_each_event_fits_where_syslog_takes_it(name: str) -> None:
    for report in map(drenched, SHARP.values()):
        for event in told(name, report, 7552):
            check(event, 7552)


@pytest.mark.parametrize("name", FORMS)
def test_each_event_fits_in_the_least_that_there_may_be(name: str) -> None:
    report = long()
    findings = list(report.findings)
    # Each place has four findings in a row, of which a third are one or two, and the others in the next place.
    tried = [*findings[:: 1 + len(findings) // effort(len(findings))], *findings[-2:]]
    for event in told(name, replace(report, findings=tried), 4096):
        check(event, 4096)


@pytest.mark.parametrize("name", sorted({"ocsf", "ecs", "json"} & set(FORMS)))
def test_each_finding_has_an_event_of_its_own(name: str) -> None:
    findings = list(hostile().findings)
    events = list(told(name, hostile(), None))[: len(findings)]
    assert len({event.uid for event in events}) == len(findings)
    assert [event.key for event in events] == [finding.id for finding in findings]
