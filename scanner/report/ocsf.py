"""`--format ocsf`, and events of the form `ocsf`: OCSF 1.8.0 with the profile `cloud`, one event per line."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.report.event import Background, Event, ScopeRead
from scanner.report.events import lines_of
from scanner.report.fitting import Fit, cut_to, first_only, room_in, without
from scanner.report.news import news_of
from scanner.report.ocsf_context import Context
from scanner.report.ocsf_finding import finding_event
from scanner.report.ocsf_scope import scope_events
from scanner.report.report import Report


def _mark(body: dict[str, Any], octets: int) -> None:
    """As `metadata` has it; `untruncated_size` counts kilobytes."""
    body["metadata"]["is_truncated"] = True
    body["metadata"]["untruncated_size"] = -(-octets // 1024)


FIT = Fit(
    _mark,
    (
        first_only("unmapped", "checks", most=10),
        without("evidences"),
        first_only("compliance", "status_details"),
        without("unmapped", "unread"),
        without("observables"),
        without("unmapped", "mitigated_by"),
        without("unmapped", "notices"),
        without("resources", 0, "tags"),
        without("resources", 0, "labels"),
        first_only("unmapped", "needs", most=10),
        first_only("unmapped", "scope", "regions", most=10),
        cut_to(4096),
        cut_to(1024),
        without("unmapped", "checks"),
        without("compliance", "requirements"),
        without("compliance", "standards"),
        first_only("remediation", "references"),
        cut_to(256),
        without("finding_info", "desc"),
        without("unmapped", "responsibility", "source"),
        without("unmapped", "responsibility", "exception"),
        without("unmapped", "responsibility", "owner_undecided"),
        without("unmapped", "responsibility", "undecided"),
        cut_to(128),
        without("unmapped", "responsibility", "customer_part"),
        without("unmapped", "responsibility", "provider_part"),
        without("remediation"),
        without("unmapped", "responsibility"),
        cut_to(64),
        without("unmapped"),
        cut_to(48),
    ),
)
"""What a verdict rests on is missed first; what it is, of what and for whom, is told to the last."""


class OcsfEvents:
    """Makes OCSF events: Compliance Findings, and Scan Activity and Application Errors of scopes."""

    def __init__(self, background: Background) -> None:
        self._context = Context(background)
        self._largest = room_in(background)

    def finding(self, finding: Finding) -> Event:
        """The Compliance Finding."""
        news = news_of(finding)
        line = json_line(finding_event(finding, news, self._context))
        return Event(news.uid, finding.id, FIT.to(line, self._largest))

    def scope(self, read: ScopeRead) -> Iterator[Event]:
        """An Application Error for each thing that was not read, then the Scan Activity: the last word on the scope."""
        *unread, whole = scope_events(read, self._context)
        # What was not read is told apart, and waits for nothing: there may be hundreds.
        for event in unread:
            yield Event(event.metadata.uid, event.metadata.uid, FIT.to(json_line(event), self._largest))
        yield Event(whole.metadata.uid, read.record.uid, FIT.to(json_line(whole), self._largest))


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The lines; as the generator's value, the defects met while writing."""
    return lines_of(OcsfEvents, report)
