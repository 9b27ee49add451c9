"""What to mend first: the worst failures together by check, with whose they are, by when, and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scanner.check import SEVERITIES, Severity
from scanner.finding import Finding
from scanner.report.fix_words import passages
from scanner.report.html.address import address, of_finding
from scanner.report.html.people import overdue
from scanner.report.report import Report

SHOWN, OWNERS = 6, 2
_SENTENCE = re.compile(r".+?[.!](?=\s|$)", re.DOTALL)


@dataclass(slots=True)
class Group:
    """Failures of one check and one severity."""

    first: Finding
    count: int = 0
    owners: Counter[str] = field(default_factory=Counter)
    """Empty: nobody."""
    due: date | None = None
    """The nearest day, be it over or to come."""
    overdue: int = 0

    def add(self, finding: Finding) -> None:
        """Take one more in."""
        self.count += 1
        self.owners[finding.responsibility.owner or ""] += 1
        self.overdue += overdue(finding)
        if finding.due is not None:
            self.due = min(self.due or finding.due, finding.due)

    @property
    def rank(self) -> tuple[object, ...]:
        """Smaller for what is worse, then for what is late or due sooner, then for what there is more of."""
        return SEVERITIES.index(self.first.severity), self.due or date.max, -self.count, self.first.check


class Urgent:
    """All failures, by check and severity."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, Severity], Group] = {}

    def add(self, finding: Finding) -> None:
        """Take one finding in; only open failures count."""
        if finding.status == "fail":
            self._groups.setdefault((finding.check, finding.severity), Group(finding)).add(finding)

    def worst_first(self) -> list[Group]:
        """The few that come first."""
        return sorted(self._groups.values(), key=lambda group: group.rank)[:SHOWN]


@dataclass(frozen=True, slots=True)
class UrgentView:
    """A line of it."""

    severity: Severity
    said: str
    name: str
    more: int
    """Failures beside the one that is named."""
    todo: str
    """With names between backticks."""
    owners: tuple[str, ...]
    """Empty: nobody."""
    more_owners: int
    due: date | None
    overdue: int
    href: str


def urgent_view(group: Group, report: Report) -> UrgentView:
    """The view of a group."""
    first, check = group.first, report.checks.get(group.first.check)
    owners = [owner for owner, _ in group.owners.most_common()]
    fallback = check.guidance.title if check else first.check
    return UrgentView(
        severity=first.severity,
        said=first.reasons[0].text if first.reasons else fallback,
        name=first.resource.name or first.resource.uid,
        more=group.count - 1,
        todo=first_step(check.guidance.fix, first.resource.provider, report.clouds) if check else "",
        owners=tuple(owners[:OWNERS]),
        more_owners=max(len(owners) - OWNERS, 0),
        due=group.due,
        overdue=group.overdue,
        href=of_finding(first.id)
        if group.count == 1
        else address({"status": ["fail"], "severity": [first.severity], "check": [first.check]}),
    )


def first_step(fix: str, provider: str, clouds: Mapping[str, str]) -> str:
    """The first sentence of what to do, that of the resource's cloud where there are no general words."""
    titles = set(clouds.values())
    told = [each for each in passages(fix.split("\n\n")[0], titles) if each.title in ("", clouds.get(provider))]
    words = next((each.words for each in told if each.words), "")
    sentence = _SENTENCE.match(words)
    # A sentence ends in no name.
    return sentence[0] if sentence and sentence[0].count("`") % 2 == 0 else words
