"""Which facts the chosen checks need of which class, and so which calls and permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scanner.check import Check
from scanner.facts import Call, Every, Fact, FromFacts, Reads, Relation
from scanner.model import Resource, concrete_kinds

Kind = type[Resource]


@dataclass(slots=True)
class Wanted:
    """Facts that are wanted of one resource, and of the resources that its relations lead to."""

    facts: set[str] = field(default_factory=set)
    through: dict[str, dict[Kind, Wanted]] = field(default_factory=dict)

    def steps(self) -> Iterator[tuple[Kind, Wanted]]:
        """What is wanted at the far end of each relation, at any depth."""
        for targets in self.through.values():
            for kind, wanted in targets.items():
                yield kind, wanted
                yield from wanted.steps()


@dataclass(slots=True)
class Plan:
    """What will be listed and read, and the calls that this takes."""

    kinds: Sequence[Kind]
    wanted: dict[Kind, Wanted] = field(default_factory=dict)
    """By concrete class that will be listed."""

    @classmethod
    def of(
        cls,
        checks: Iterable[Check[Any]],
        kinds: Sequence[Kind],
        also: Iterable[tuple[Kind, str]] = (),
    ) -> Plan:
        """The closure over the `reads` of `checks`; `also` names further facts, such as those of boundary rules."""
        plan = cls(kinds)
        for check in checks:
            for concrete in kinds:
                if check.applies_to(concrete):
                    plan._add(concrete, check.reads, plan._listed(concrete))
        for concrete, fact in also:
            if concrete in plan.wanted:
                plan._add(concrete, Reads(frozenset({fact}), {}, {}), plan.wanted[concrete])
        return plan

    @classmethod
    def reading(cls, asked: Iterable[Every], kinds: Sequence[Kind]) -> Plan:
        """The closure over these facts of all resources of these kinds, where no check but somebody else asks."""
        plan = cls(kinds)
        for every in asked:
            for concrete in concrete_kinds(kinds, every.kind):
                plan._add(concrete, Reads.of(every.facts), plan._listed(concrete))
        return plan

    def _listed(self, concrete: Kind) -> Wanted:
        if concrete not in self.wanted:
            self.wanted[concrete] = Wanted()
            listing = concrete.listed
            if listing is not None and listing.parent is not None:
                for parent in concrete_kinds(self.kinds, listing.parent):
                    self._listed(parent)
            if listing is not None and listing.holder is not None:
                self._listed(listing.holder.kind)
        return self.wanted[concrete]

    def _add(self, concrete: Kind, reads: Reads, into: Wanted) -> None:
        for name in sorted(reads.own):
            fact = concrete.facts[name]
            if isinstance(fact.source, FromFacts):
                self._add(concrete, fact.reads, into)
            elif fact.source is not None:
                into.facts.add(name)
        for name, inner in reads.through.items():
            relation = concrete.facts[name]
            if isinstance(relation, Relation):
                targets = into.through.setdefault(name, {})
                for target in concrete_kinds(self.kinds, relation.target):
                    self._listed(target)
                    self._add(target, inner, targets.setdefault(target, Wanted()))
        for kind, inner in reads.every.items():
            for target in concrete_kinds(self.kinds, kind):
                self._add(target, inner, self._listed(target))

    def facts_of(self, kind: Kind) -> list[Fact[Any]]:
        """All facts that are wanted of any resource of a class, in the order of their names."""
        names = set(self.wanted[kind].facts) if kind in self.wanted else set()
        for wanted in self.wanted.values():
            names.update(*(part.facts for target, part in wanted.steps() if target is kind))
        return [kind.facts[name] for name in sorted(names)]

    def calls(self) -> list[Call]:
        """Every call that the plan can make, each once, in the order of their names."""
        found: dict[int, Call] = {}
        for concrete in self.wanted:
            if concrete.listed is not None and concrete.listed.call is not None:
                _with_earlier(concrete.listed.call, found)
            for fact in self.facts_of(concrete):
                if fact.call is not None:
                    _with_earlier(fact.call, found)
        return sorted(found.values(), key=lambda call: (call.wire, call.permissions))

    def permissions(self) -> list[str]:
        """The permissions that all calls of the plan need, sorted."""
        return sorted({permission for call in self.calls() for permission in call.permissions})

    @property
    def regional(self) -> bool:
        """Whether anything is asked region by region."""
        return any(call.regional for call in self.calls())


def _with_earlier(call: Call, found: dict[int, Call]) -> None:
    found[id(call)] = call
    if call.after is not None:
        _with_earlier(call.after, found)
