"""A report in little: what a page can show of any number of findings, gathered in one pass and in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from scanner.check import SEVERITIES, Severity
from scanner.facts import Unread, Why
from scanner.finding import Finding, came_to
from scanner.responsibility.attribution import Responsibility

ROWS = 20
"""Failures of one check that are shown one by one."""
NAMES = 3


@dataclass(slots=True)
class Failures:
    """Failures that belong together, the first of them whole."""

    count: int = 0
    shown: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Count one more."""
        self.count += 1
        if len(self.shown) < ROWS:
            self.shown.append(finding)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


CauseKey: TypeAlias = tuple[Why, tuple[str, ...], str]


@dataclass(slots=True)
class Unknowns:
    """Answers that one cause left unknown."""

    why: Why
    needs: tuple[str, ...]
    call: str
    """Empty where permissions are named."""
    fact: str
    details: dict[str, None] = field(default_factory=dict)
    """The first of them."""
    answers: int = 0
    resources: int = 0
    names: list[tuple[str, str]] = field(default_factory=list)
    """Kind and name of the first resources."""
    checks: dict[str, None] = field(default_factory=dict)
    last: tuple[str, str] = ("", "")

    def add(self, finding: Finding, detail: str) -> None:
        """Count one more. Findings about one resource follow each other, so the last one tells whether it is new."""
        self.answers += 1
        self.checks[finding.check] = None
        if detail and len(self.details) < NAMES:
            self.details[detail] = None
        resource = finding.resource
        if self.last != (resource.uid, resource.region):
            self.last = (resource.uid, resource.region)
            self.resources += 1
            if len(self.names) < NAMES:
                self.names.append((resource.kind, resource.name or resource.uid))


@dataclass(slots=True)
class Violated:
    """A duty that failures violate."""

    duty: str
    severity: Severity
    """The worst."""
    count: int = 0
    owners: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Owned:
    """What one owner has to mend."""

    owner: str
    """Empty: nobody."""
    backup: str
    channel: str
    severity: Severity
    """The worst."""
    count: int = 0
    due: date | None = None
    """The nearest day that is still to come."""
    overdue: int = 0


@dataclass(slots=True)
class Digest:
    """What a page shows."""

    failures: dict[tuple[Severity, str], Failures] = field(default_factory=dict)
    unknowns: dict[CauseKey, Unknowns] = field(default_factory=dict)
    duties: dict[str, Violated] = field(default_factory=dict)
    severities: Counter[Severity] = field(default_factory=Counter)
    """Of failures."""
    excepted: Failures = field(default_factory=Failures)
    resolved: Failures = field(default_factory=Failures)
    """What was resolved by the scan."""
    findings: int = 0
    owners: dict[tuple[str, str], Owned] = field(default_factory=dict)
    """By owner and backup."""
    undescribed: Counter[str] = field(default_factory=Counter)
    """Resource types that nobody mapped to a service model, with how many results rest on the default rule."""

    def add(self, finding: Finding) -> None:
        """Take one finding in."""
        self.findings += 1
        if came_to(finding) == "resolved":
            self.resolved.add(finding)
        responsibility = finding.responsibility
        if responsibility.confidence == "default-rule" and finding.resource.type:
            self.undescribed[finding.resource.type] += 1
        if finding.status == "fail":
            self.severities[finding.severity] += 1
            self.failures.setdefault((finding.severity, finding.check), Failures()).add(finding)
            self._violate(finding.severity, responsibility)
            self._owned(finding)
        elif finding.status == "excepted":
            self.excepted.add(finding)
        elif finding.status == "unknown":
            for gap in finding.unread:
                self._unknown(finding, gap)

    def _violate(self, severity: Severity, responsibility: Responsibility) -> None:
        violated = self.duties.setdefault(responsibility.duty, Violated(responsibility.duty, severity))
        violated.count += 1
        violated.severity = min(violated.severity, severity, key=SEVERITIES.index)
        if responsibility.owner:
            violated.owners[responsibility.owner] = None

    def _owned(self, finding: Finding) -> None:
        responsibility = finding.responsibility
        key = (responsibility.owner or "", responsibility.backup or "")
        owned = self.owners.setdefault(key, Owned(*key, responsibility.channel or "", finding.severity))
        owned.count += 1
        owned.severity = min(owned.severity, finding.severity, key=SEVERITIES.index)
        if finding.due is None or finding.last_seen is None:
            return
        if finding.due < finding.last_seen.date():
            owned.overdue += 1
        else:
            owned.due = min(owned.due or finding.due, finding.due)

    def _unknown(self, finding: Finding, gap: Unread) -> None:
        call = "" if gap.needs else gap.call
        fact = "" if gap.needs or call else gap.fact
        key = (gap.why, gap.needs, call or fact)
        if key not in self.unknowns:
            self.unknowns[key] = Unknowns(gap.why, gap.needs, call, fact)
        self.unknowns[key].add(finding, gap.detail)

    def failures_worst_first(self) -> list[tuple[Severity, str, Failures]]:
        """By severity, then by check."""
        ordered = sorted(self.failures.items(), key=lambda item: (SEVERITIES.index(item[0][0]), item[0][1]))
        return [(severity, check, failures) for (severity, check), failures in ordered]

    def unknowns_largest_first(self) -> list[Unknowns]:
        """By how many answers they left unknown."""
        return sorted(self.unknowns.values(), key=lambda cause: (-cause.answers, cause.needs, cause.call, cause.why))

    def owners_worst_first(self) -> list[Owned]:
        """By severity, then by count; nobody comes last."""
        return sorted(
            self.owners.values(), key=lambda o: (not o.owner, SEVERITIES.index(o.severity), -o.count, o.owner)
        )

    def duties_worst_first(self) -> list[Violated]:
        """By severity, then by count."""
        return sorted(self.duties.values(), key=lambda v: (SEVERITIES.index(v.severity), -v.count, v.duty))


def digest_of(findings: Iterable[Finding]) -> Digest:
    """Gather a digest."""
    digest = Digest()
    for finding in findings:
        digest.add(finding)
    return digest
