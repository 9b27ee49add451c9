"""Results counted by equal answer: what is known about all that was scanned, in little.

A matrix, a framework's report and a list of gaps ask how many results of which status a duty has where. They ask it of
a file of findings, of a judged snapshot and of the history alike; each of them becomes a Posture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec

from scanner.check import Severity
from scanner.facts import Why
from scanner.finding import Finding, Status
from scanner.record import GapRecord, Run, ScopeRecord, TypeCount
from scanner.responsibility.attribution import Responsibility


class Group(msgspec.Struct, frozen=True):
    """Results that have all this in common."""

    provider: str
    account: str
    type: str
    """The type of their resources."""
    check: str
    severity: Severity
    status: Status
    why: tuple[Why, ...]
    """Why they are unknown, each reason once; none for other statuses."""
    responsibility: Responsibility


class Counted(msgspec.Struct, frozen=True):
    """A group, and how many results it has."""

    group: Group
    count: int


class OlderReading(msgspec.Struct, frozen=True):
    """A scope that the newest scan did not look at."""

    scope: ScopeRecord
    taken_at: datetime
    """When it was last read."""


class Posture(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about all that was scanned."""

    counted: tuple[Counted, ...]
    scopes: tuple[ScopeRecord, ...]
    inventory: tuple[TypeCount, ...]
    gaps: tuple[GapRecord, ...] = ()
    taken_at: datetime
    """When the newest of it was read."""
    origin: str
    """Where it comes from, in words: a file, a snapshot, the history."""
    older: tuple[OlderReading, ...] = ()
    """Scopes that were not read when the newest of it was; the one that was not read for longest first."""
    part: str = ""
    """What it leaves out, in words: where it holds only some results of its scan. Empty where it holds all."""

    @property
    def whole(self) -> bool:
        """Whether what it does not tell of is not there: all was looked at, and no result was left out."""
        return not self.part and all(scope.complete and not scope.restricted for scope in self.scopes)


def posture_of(findings: Iterable[Finding], run: Run, origin: str) -> Posture:
    """Count findings; the record of their run says what was scanned."""
    counts = Counter(map(group_of, findings))
    held = Counter[Status]()
    for group, count in counts.items():
        held[group.status] += count
    missing = [status for status, count in run.statuses.items() if held[status] < count and status != "excepted"]
    lost = sum(run.statuses.values()) - held.total()
    return Posture(
        counted=tuple(Counted(group, count) for group, count in counts.items()),
        scopes=run.scopes,
        inventory=run.inventory,
        gaps=run.gaps,
        taken_at=run.taken_at,
        origin=origin,
        part=f"{lost:,} results of the scan are not in it: {', '.join(missing)}" if lost > 0 else "",
    )


def group_of(finding: Finding) -> Group:
    """The group that a finding counts in."""
    subject = finding.resource
    why = tuple(sorted({gap.why for gap in finding.unread})) if finding.status == "unknown" else ()
    return Group(
        subject.provider,
        subject.account,
        subject.type,
        finding.check,
        finding.severity,
        finding.status,
        why,
        finding.responsibility,
    )
