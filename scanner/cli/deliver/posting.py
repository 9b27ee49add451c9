"""What a scan has to say to sinks, written into the outbox together with what the history learns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from scanner.attempt import Defect, attempt
from scanner.check import Check
from scanner.cli import doors
from scanner.finding import Finding
from scanner.history.outbox import Outgoing
from scanner.record import ScopeRecord
from scanner.report.event import Background, Event, EventMaker, ScopeRead
from scanner.report.events import events_about
from scanner.report.lost import defect_text, in_place_of
from scanner.responsibility.model import ResponsibilityModel

if TYPE_CHECKING:
    from scanner.deliver.route import Route

Form = tuple[str, int]
"""A form of events, and how many octets one may have."""


class Posting:
    """Makes events for the sinks of one scan, each form once however many sinks take it."""

    def __init__(
        self,
        routes: Sequence[Route],
        checks: Sequence[Check[Any]],
        model: ResponsibilityModel,
        version: str,
        defect: Callable[[str], None],
    ) -> None:
        self._scopes: dict[tuple[str, str], ScopeRecord] = {}
        self._defect = defect
        by_id = {check.id: check for check in checks}
        self._routes = [(route, (route.format, route.limits.largest)) for route in routes]
        self._makers: dict[Form, EventMaker] = {}
        for form in dict.fromkeys(form for _, form in self._routes):
            background = Background(by_id, model, self._scopes, version=version, largest=form[1])
            self._makers[form] = doors.event_format(form[0])(background)

    def begin(self, record: ScopeRecord) -> None:
        """Events about a scope's findings follow."""
        self._scopes[record.provider, record.account] = record

    def about(self, findings: Iterable[Finding]) -> Iterator[Outgoing]:
        """Events about findings."""
        for finding in findings:
            made: dict[Form, Event | None] = {}
            for route, form in self._routes:
                if not route.takes(finding):
                    continue
                if form not in made:
                    made[form] = self._event(self._makers[form], finding)
                event = made[form]
                if event is not None:
                    yield Outgoing(route.name, event.uid, event.key, event.body)

    def _event(self, maker: EventMaker, finding: Finding) -> Event | None:
        event = attempt(partial(maker.finding, finding))
        if isinstance(event, Defect):
            self._defect(defect_text(finding, event))
            return maker.finding(in_place_of(finding, event))
        return event

    def scope(self, read: ScopeRead) -> Iterator[Outgoing]:
        """Events about a scope that was judged."""
        made = {form: self._events(maker, read) for form, maker in self._makers.items()}
        for route, form in self._routes:
            for event in made[form]:
                yield Outgoing(route.name, event.uid, event.key, event.body)

    def _events(self, maker: EventMaker, read: ScopeRead) -> list[Event]:
        events = attempt(partial(events_about, maker, read))
        if isinstance(events, Defect):
            self._defect(f"events about the scope {read.record.uid} were not made: {events}")
            return []
        return events
