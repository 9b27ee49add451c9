"""Failures that somebody has accepted, for a while: which exception holds of a finding, and which would if it could."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from scanner.accountability.candidates import Candidates
from scanner.accountability.match import Match, Matcher
from scanner.accountability.owners import Decision, folded
from scanner.accountability.place import Place, Tags
from scanner.finding import Exemption, Finding
from scanner.responsibility.model import Row


class ExceptionRow(Row, frozen=True):
    """An exception as it is written."""

    id: str = ""
    match: Match | None = None
    ticket: str = ""
    approver: str = ""
    owner: str = ""
    reason: str = ""
    expires: date | None = None


class ExceptionsFile(Row, frozen=True):
    """`exceptions.yaml`."""

    longest: int = 365
    """Days that an exception may be ahead of its end."""
    longest_broad: int = 90
    """The same for one that is about anything that is called anything."""
    warn: int = 14
    """Days before its end from which on it is spoken of."""
    exceptions: object = ()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An exception, made ready."""

    where: str
    matcher: Matcher
    ticket: str
    approver: str
    owner: str
    reason: str
    expires: date

    def __str__(self) -> str:
        return f"{self.where} ({self.ticket})"

    @property
    def exemption(self) -> Exemption:
        """It, as findings carry it."""
        return Exemption(self.ticket, self.approver, self.owner, self.reason, self.expires, self.where)


@dataclass(slots=True)
class Judged:
    """What exceptions say of one failure."""

    entry: Entry | None = None
    """The one that holds."""
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class Exceptions:
    """The exceptions file, made ready."""

    today: date
    entries: tuple[Entry, ...] = ()
    warn: int = 14
    expired: Counter[Entry] = field(default_factory=Counter)
    """Failures that an exception brought back by expiring."""
    refused: Counter[Entry] = field(default_factory=Counter)
    """Failures of which it does not hold because their owner approved it, or may have."""
    open: Counter[Entry] = field(default_factory=Counter)
    """Failures of which it is not known whether it holds."""
    held: Counter[Entry] = field(default_factory=Counter)
    _candidates: Candidates[Entry, None] = field(init=False)

    def __post_init__(self) -> None:
        self._candidates = Candidates(self.entries)

    @property
    def needs_tags(self) -> bool:
        """Whether tags matter."""
        return any(entry.matcher.keys for entry in self.entries)

    def possible(self, finding: Finding) -> Sequence[Entry]:
        """Those that its check, duty, type and the like, its id, uid and name leave open."""
        return self._candidates.of(finding).entries(finding)

    def judge(self, finding: Finding, place: Place, decision: Decision) -> Judged:
        """The first exception that holds of a failure; else why those that match do not hold."""
        candidates = self.possible(finding)
        if not candidates:
            return _NOTHING
        tags = Tags(finding.resource, place)
        notices: list[str] = []
        for entry in candidates:
            holds = entry.matcher.holds(finding, place, tags)
            if holds is False:
                continue
            if holds is None:
                self.open[entry] += 1
                unread = entry.matcher.unread(finding.resource, place, tags)
                notices.append(f"{entry} is not known to hold: not read: {unread}")
                continue
            problem = self.problem(entry, decision)
            if not problem:
                self.held[entry] += 1
                return Judged(entry, self._soon(entry))
            (self.expired if self.is_expired(entry) else self.refused)[entry] += 1
            notices.append(f"{entry} {problem}")
        return Judged(None, tuple(notices))

    def is_expired(self, entry: Entry) -> bool:
        """Whether its last day is over."""
        return entry.expires < self.today

    def problem(self, entry: Entry, decision: Decision) -> str:
        """Why an exception that matches does not hold; empty where it does."""
        if self.is_expired(entry):
            return f"expired on {entry.expires}: mend the failure, or let {entry.approver} approve it anew"
        owner, approver = decision.owner, folded(entry.approver)
        if owner is not None and folded(owner) == approver:
            return f"does not hold: {entry.approver} approved it and owns the finding: let somebody else approve"
        if decision.possible is None or approver in decision.possible:
            missing = "; ".join(decision.undecided)
            return f"does not hold: {entry.approver} approved it and may own the finding ({missing})"
        return ""

    def _soon(self, entry: Entry) -> tuple[str, ...]:
        left = (entry.expires - self.today).days
        if left > self.warn:
            return ()
        return (f"{entry} {ends(left, entry.expires)}: mend the failure until then, or have it approved anew",)


def ends(left: int, day: date) -> str:
    """When something ends whose last day is so many days ahead."""
    return f"ends on {day}, {'today' if left == 0 else 'tomorrow' if left == 1 else f'in {left} days'}"


_NOTHING = Judged()
