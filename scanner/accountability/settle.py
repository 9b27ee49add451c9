"""Findings, each given who answers for it, by when, and the exception that holds of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from scanner.accountability.attestations import Attestations
from scanner.accountability.contract import Contract
from scanner.accountability.exceptions import Entry, Exceptions, ends
from scanner.accountability.owners import Decision, Owners
from scanner.accountability.place import Place, Places
from scanner.finding import Finding
from scanner.responsibility.attribution import Responsibility

MOST_REMEMBERED = 16_384

_FAILED = frozenset({"fail", "excepted"})


@dataclass(slots=True)
class Accountability:
    """What a customer's files say of findings. Where a file was not given, nothing is changed that it would say."""

    today: date = date.min
    owners: Owners | None = None
    exceptions: Exceptions | None = None
    attestations: Attestations = field(default=Attestations(date.min))
    contract: Contract = field(default=Contract(date.min))
    _places: Places = field(default_factory=Places, init=False, repr=False)
    _met: dict[tuple[int, int], tuple[Responsibility, Decision, Responsibility]] = field(
        default_factory=dict, init=False, repr=False
    )
    _owned: dict[tuple[Responsibility, int], tuple[Decision, Responsibility]] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def needs_tags(self) -> bool:
        """Whether tags have to be read for it, of resources and of what they lie in."""
        return any(file is not None and file.needs_tags for file in (self.owners, self.exceptions))

    @property
    def needs_places(self) -> bool:
        """Whether it has to be asked what accounts lie in."""
        return self.owners is not None or self.exceptions is not None

    def settle(self, finding: Finding) -> Finding:
        """The finding with its owner; a failure also with its days, its exception and what its reader has to know."""
        if self.owners is None and self.exceptions is None:
            return finding
        place = self._places.of(finding.resource)
        decision = self.decision(finding, place)
        given: dict[str, Any] = {}
        if self.owners is not None:
            given["responsibility"] = self._responsibility(finding.responsibility, decision)
        if finding.status in _FAILED:
            self._settle_failure(finding, place, decision, given)
        return msgspec.structs.replace(finding, **given) if given else finding

    def decision(self, finding: Finding, place: Place) -> Decision:
        """Who owns a finding: by the owners file, or as it was told before where there is none."""
        return _as_told(finding.responsibility) if self.owners is None else self.owners.decide(finding, place)

    def settle_anew(self, finding: Finding) -> Finding:
        """The same for a finding that was settled before, perhaps by other files: what they said of it is forgotten."""
        if self.exceptions is not None and finding.notices:
            finding = msgspec.structs.replace(finding, notices=())
        return self.settle(finding)

    def _settle_failure(self, finding: Finding, place: Place, decision: Decision, given: dict[str, Any]) -> None:
        notices = finding.notices
        if self.owners is not None:
            days = decision.due.days(finding.severity)
            given["due_days"] = self.owners.due.days(finding.severity) if days is None else days
            notices = (*notices, decision.notice) if decision.notice else notices
        if self.exceptions is not None:
            judged = self.exceptions.judge(finding, place, decision)
            entry = judged.entry
            given["status"] = "fail" if entry is None else "excepted"
            given["exception"] = None if entry is None else entry.exemption
            notices = (*notices, *judged.notices)
        if notices != finding.notices:
            given["notices"] = tuple(dict.fromkeys(notices))

    def _responsibility(self, owed: Responsibility, decision: Decision) -> Responsibility:
        """Equal answers stay one object."""
        key = (id(owed), id(decision))
        met = self._met.get(key)
        if met is not None:
            return met[2]
        known = self._owned.get((owed, id(decision)))
        if known is None:
            if len(self._owned) >= MOST_REMEMBERED:
                self._owned.clear()
            made = msgspec.structs.replace(
                owed,
                owner=decision.owner,
                backup=decision.backup,
                channel=decision.channel,
                owned_by=decision.owned_by,
                owner_undecided=decision.undecided,
            )
            # Both are held, so that their numbers are no others' as long as they are remembered.
            known = self._owned[(owed, id(decision))] = decision, made
        if len(self._met) >= MOST_REMEMBERED:
            self._met.clear()
        self._met[key] = owed, decision, known[1]
        return known[1]

    def notices(self) -> tuple[str, ...]:
        """What the reader of a run has to know, now that all its findings were settled."""
        said = [*self.attestations.notices(), *self.contract.notices()]
        if self.exceptions is not None:
            said = [
                *(text for entry in self.exceptions.entries for text in self._of_entry(self.exceptions, entry)),
                *said,
            ]
        return tuple(said)

    @staticmethod
    def _of_entry(exceptions: Exceptions, entry: Entry) -> list[str]:
        said = []
        if back := exceptions.expired[entry]:
            said.append(f"{entry} expired on {entry.expires}, and {_failures(back)} came back")
        if refused := exceptions.refused[entry]:
            said.append(f"{entry} does not hold for {_failures(refused)}: {entry.approver} owns them, or may")
        if unknown := exceptions.open[entry]:
            said.append(f"{entry} is not known to hold for {_failures(unknown)}: what it asks for was not read")
        left = (entry.expires - exceptions.today).days
        if exceptions.held[entry] and left <= exceptions.warn:
            said.append(f"{entry} {ends(left, entry.expires)}, for {_failures(exceptions.held[entry])}")
        return said


def _as_told(owed: Responsibility) -> Decision:
    """The owner that a finding had already."""
    return Decision(owed.owner, undecided=owed.owner_undecided, possible=None if owed.owner_undecided else frozenset())


def _failures(count: int) -> str:
    return "1 failure" if count == 1 else f"{count} failures"
