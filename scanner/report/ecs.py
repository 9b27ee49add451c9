"""`--format ecs`, and events of the form `ecs`: documents of the Elastic Common Schema 9.4, one per line."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.report.ecs_context import Context
from scanner.report.ecs_finding import finding_document
from scanner.report.ecs_scope import scope_documents
from scanner.report.event import Background, Event, ScopeRead
from scanner.report.events import lines_of
from scanner.report.fitting import Fit, cut_to, first_only, room_in, without
from scanner.report.news import news_of
from scanner.report.report import Report


def _mark(body: dict[str, Any], octets: int) -> None:
    """ECS has no field for it."""
    body["ourside"]["truncated"] = True


FIT = Fit(
    _mark,
    (
        first_only("ourside", "checks", most=10),
        without("ourside", "evidence"),
        without("ourside", "witnesses"),
        first_only("ourside", "reasons"),
        without("ourside", "unread"),
        without("ourside", "mitigated_by"),
        without("ourside", "notices"),
        first_only("ourside", "needs", most=10),
        first_only("ourside", "scope", "regions", most=10),
        first_only("ourside", "gap", "needs", most=10),
        cut_to(4096),
        cut_to(1024),
        cut_to(256),
        without("rule", "description"),
        without("ourside", "responsibility", "source"),
        without("ourside", "exception"),
        without("ourside", "responsibility", "owner_undecided"),
        without("ourside", "responsibility", "undecided"),
        cut_to(128),
        without("ourside", "responsibility", "customer_part"),
        without("ourside", "responsibility", "provider_part"),
        without("ourside", "remediation"),
        without("ourside", "needs"),
        without("ourside", "scope", "regions"),
        without("ourside", "checks"),
        without("ourside", "gap", "needs"),
        cut_to(64),
        without("ourside", "responsibility"),
        cut_to(48),
    ),
)
"""What a verdict rests on is missed first; what it is, of what and for whom, is told to the last."""


class EcsEvents:
    """Makes documents: the state of a finding, and events about a scope that was read."""

    def __init__(self, background: Background) -> None:
        self._context = Context(background)
        self._largest = room_in(background)

    def finding(self, finding: Finding) -> Event:
        """The document about a finding."""
        news = news_of(finding)
        line = json_line(finding_document(finding, news, self._context))
        return Event(news.uid, finding.id, FIT.to(line, self._largest))

    def scope(self, read: ScopeRead) -> Iterator[Event]:
        """A document for each thing that was not read, then one for the scope: the last word on it."""
        *unread, whole = scope_documents(read, self._context)
        # What was not read is told apart, and waits for nothing: there may be hundreds.
        for document in unread:
            yield Event(document.event.id, document.event.id, FIT.to(json_line(document), self._largest))
        yield Event(whole.event.id, read.record.uid, FIT.to(json_line(whole), self._largest))


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The lines; as the generator's value, the defects met while writing."""
    return lines_of(EcsEvents, report)
