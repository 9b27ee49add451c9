"""Who answers: for each owner what fails, how bad it is and by when it has to be mended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from scanner.check import SEVERITIES, Severity
from scanner.finding import Finding


def overdue(finding: Finding) -> bool:
    """Whether a failure should have been mended before it was last seen."""
    return (
        finding.status == "fail"
        and finding.due is not None
        and finding.last_seen is not None
        and finding.due < finding.last_seen.date()
    )


@dataclass(slots=True)
class Owned:
    """What one owner has to mend."""

    name: str | None
    """None: nobody."""
    backups: dict[str, None] = field(default_factory=dict)
    channels: dict[str, None] = field(default_factory=dict)
    severities: Counter[Severity] = field(default_factory=Counter)
    """Of open failures."""
    excepted: int = 0
    overdue: int = 0
    due: date | None = None
    """The nearest day that is still to come."""

    @property
    def failed(self) -> int:
        """Open failures."""
        return self.severities.total()

    @property
    def rank(self) -> tuple[object, ...]:
        """Smaller for who has more of what is worse; nobody, who has no one to ask, comes first."""
        return self.name is not None, tuple(-self.severities[each] for each in SEVERITIES), self.name or ""

    def add(self, finding: Finding) -> None:
        """Take one failure in."""
        if finding.status == "excepted":
            self.excepted += 1
            return
        said = finding.responsibility
        self.severities[finding.severity] += 1
        if said.backup:
            self.backups[said.backup] = None
        if said.channel:
            self.channels[said.channel] = None
        if overdue(finding):
            self.overdue += 1
        elif finding.due is not None:
            self.due = min(self.due or finding.due, finding.due)


class Owners:
    """All who answer for something."""

    def __init__(self) -> None:
        self._owned: dict[str | None, Owned] = {}

    def add(self, finding: Finding) -> None:
        """Take one finding in; only failures count."""
        if finding.status in ("fail", "excepted"):
            owner = finding.responsibility.owner or None
            self._owned.setdefault(owner, Owned(owner)).add(finding)

    def worst_first(self) -> list[Owned]:
        """Who has the worst, after what nobody owns."""
        return sorted(self._owned.values(), key=lambda owned: owned.rank)
