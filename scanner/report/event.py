"""Events: what a scan tells another system about one finding or one scope, in that system's form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec

from scanner.check import Check
from scanner.finding import Finding
from scanner.record import GapRecord, Run, ScopeRecord
from scanner.responsibility.model import ResponsibilityModel


class Event(msgspec.Struct, frozen=True):
    """One event, ready to be sent."""

    uid: str
    """The same for the same news: who gets it twice can tell."""
    key: str
    """Events of one key are told in order: the finding's id, the scope's uid, or the event's own."""
    body: str
    """One line of pure ASCII JSON, without its line end."""


class ScopeRead(msgspec.Struct, frozen=True, kw_only=True):
    """That a scope was read and judged: what lets its reader tell "no findings" from "not scanned"."""

    scan: str
    taken_at: datetime
    record: ScopeRecord
    gaps: tuple[GapRecord, ...] = ()
    resources: int = 0
    """Resources that were listed."""
    defects: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    """All that were run, whether they found something to judge or not; none where that is not known."""

    @property
    def not_read(self) -> tuple[GapRecord, ...]:
        """Gaps without those of which all was read, and we cannot decide yet: nobody can mend these."""
        return tuple(gap for gap in self.gaps if gap.why != "not-yet-known")


@dataclass(frozen=True, slots=True)
class Background:
    """What events refer to."""

    checks: Mapping[str, Check[Any]]
    model: ResponsibilityModel
    scopes: Mapping[tuple[str, str], ScopeRecord] = field(default_factory=dict)
    """By provider and account."""
    tool: str = "ourside"
    version: str = ""
    largest: int | None = None
    """Octets that a body may have. What does not fit is left out of it, and the body says so."""


class EventMaker(Protocol):
    """Makes events of one form. It may remember what events have in common, and serves one scan."""

    def finding(self, finding: Finding) -> Event | None:
        """The event about a finding, as its status and lifecycle are told; None where the form has no word for it.

        A form of one cloud has none for what another cloud's accounts hold: nothing is told of it, and nothing is lost.
        """
        ...

    def scope(self, read: ScopeRead) -> Iterable[Event]:
        """Events about a scope that was judged: that it was, and what could not be read of it. May be none."""
        ...


EventFormat = Callable[[Background], EventMaker]
"""What an entry point of the group `ourside.events` names."""


def scopes_read(run: Run) -> Iterator[ScopeRead]:
    """What a run says of each of its scopes."""
    told = set[tuple[str, str]]()
    for record in run.scopes:
        place = (record.provider, record.account)
        first = place not in told
        told.add(place)
        yield ScopeRead(
            scan=run.scan,
            taken_at=record.taken_at or run.taken_at,
            record=record,
            gaps=tuple(gap for gap in run.gaps if first and (gap.provider, gap.account) == place),
            resources=sum(each.resources for each in run.inventory if (each.provider, each.account) == place),
            checks=run.checks,
        )
