"""What is amiss with owners, seen against findings: duties that nobody answers for, rules that never decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.accountability.match import fixed_of
from scanner.accountability.owners import Owners, Rule, folded
from scanner.accountability.place import Places, Tags
from scanner.finding import Finding

MOST_OPEN = 5
"""Facts that were not read of which each is named."""
FEWEST_DUTIES = 4
"""Violated duties below which it means nothing that one name owns more than half of them."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is amiss."""

    text: str
    duty: str = ""
    """The violated duty that lacks an owner or a backup; empty where that is not what is amiss."""


@dataclass(slots=True)
class Lack:
    """Failures of a duty that lack something."""

    failures: int = 0
    example: Finding | None = None

    def add(self, finding: Finding) -> None:
        """One more."""
        self.failures += 1
        self.example = self.example or finding

    def __str__(self) -> str:
        if self.example is None:
            return ""
        count = "1 failure" if self.failures == 1 else f"{self.failures} failures"
        return f"{count}, such as {self.example.check} on {self.example.resource.uid} ({self.example.id[:13]})"


@dataclass(slots=True)
class Lint:
    """Owners, seen against findings, one after the other."""

    owners: Owners
    violated: set[str] = field(default_factory=set)
    seen: int = 0
    _decided: set[Rule] = field(default_factory=set)
    _met: dict[Rule, Rule | None] = field(default_factory=dict)
    """Rules that match something, each with the rule that came first the last time; None: tags did."""
    _unowned: dict[str, Lack] = field(default_factory=dict)
    _unbacked: dict[tuple[str, str], Lack] = field(default_factory=dict)
    _duties: dict[str, set[str]] = field(default_factory=dict)
    _tags: Counter[str] = field(default_factory=Counter)
    _open: Counter[str] = field(default_factory=Counter)
    _places: Places = field(default_factory=Places)

    def see(self, finding: Finding) -> None:
        """Take one more finding into account."""
        self.seen += 1
        place = self._places.of(finding.resource)
        decision = self.owners.decide(finding, place)
        if decision.rule is not None:
            self._decided.add(decision.rule)
        self._meet(finding, decision.rule)
        if decision.notice:
            self._tags[decision.notice] += 1
        if finding.status not in ("fail", "excepted"):
            return
        duty = finding.responsibility.duty
        self.violated.add(duty)
        for text in decision.undecided:
            self._open[text] += 1
        if decision.owner is None:
            self._unowned.setdefault(duty, Lack()).add(finding)
            return
        self._duties.setdefault(decision.owner, set()).add(duty)
        if decision.backup is None or folded(decision.backup) == folded(decision.owner):
            self._unbacked.setdefault((decision.owner, duty), Lack()).add(finding)

    def _meet(self, finding: Finding, first: Rule | None) -> None:
        unmet = [rule for rule in self.owners.rules if rule not in self._decided and rule not in self._met]
        if not unmet:
            return
        fixed, place = fixed_of(finding), self._places.of(finding.resource)
        tags = Tags(finding.resource, place)
        for rule in unmet:
            if rule.matcher.may_hold(fixed) and rule.matcher.holds(finding, place, tags):
                self._met[rule] = first

    def remarks(self, *, whole: bool = True) -> Iterator[Remark]:
        """What is amiss, the worst first; `whole` tells whether findings of all that there is were seen."""
        for duty, lack in sorted(self._unowned.items()):
            yield Remark(f"{duty} is violated and nobody owns it: {lack}. Add a rule, or tag it", duty)
        for (owner, duty), lack in sorted(self._unbacked.items()):
            yield Remark(
                f"{duty} is violated and {owner} has no backup: {lack}. Name another in the rule, or in teams", duty
            )
        yield from (
            Remark(f"{text} ({count} findings). Mend the tag, or add the name") for text, count in self._tags.items()
        )
        yield from self._owning_too_much()
        yield from self._dead(whole)
        for text, count in self._open.most_common(MOST_OPEN):
            yield Remark(f"{text} ({count} failures could be another's)")
        if (more := len(self._open) - MOST_OPEN) > 0:
            yield Remark(f"and {more} more facts that were not read and could make failures another's")

    def _owning_too_much(self) -> Iterator[Remark]:
        most = len(self.violated)
        for owner, duties in sorted(self._duties.items()):
            if most >= FEWEST_DUTIES and len(duties) * 2 > most:
                yield Remark(
                    f"{owner} owns {len(duties)} of {most} violated duties: let those own who decide about each of them"
                )

    def _dead(self, whole: bool) -> Iterator[Remark]:
        for number, rule in enumerate(self.owners.rules):
            if rule in self._decided:
                continue
            cover = next((one for one in self.owners.rules[:number] if one.matcher.covers(rule.matcher)), None)
            if cover is not None:
                yield Remark(f"{rule}: never decides: {cover.where} matches all that it matches and comes first")
            elif rule in self._met:
                first = self._met[rule]
                yield Remark(
                    f"{rule}: decides nothing here: {first.where if first else 'a tag'} came first wherever it matches"
                )
            elif self.seen:
                step = "mend its match, or drop it" if whole else "keep it until a whole scan says so"
                yield Remark(f"{rule}: matches nothing here{'' if whole else ', where not all was looked at'}: {step}")
