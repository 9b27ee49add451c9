"""The common model: resources, how a kind is listed, and the Estate that a scan has read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar, cast

import msgspec

from scanner.facts import (
    Answer,
    Call,
    Fact,
    FromFacts,
    Reads,
    Relation,
    Relations,
    UndeclaredRead,
    Unread,
    UnreadFact,
)
from scanner.identity import Identity as Identity
from scanner.passage import Passage
from scanner.scope import Scope as Scope
from scanner.scope import Span

GLOBAL, NOWHERE = "global", "nowhere"
"""The region of resources that belong to no region; the level of those that are only reached by relations."""
ANYWHERE = "*"
"""The region of what was not listed where the regions themselves could not be told."""

R = TypeVar("R", bound="Resource")


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """What resources lie in: if it is the provider's, so are they."""

    kind: type[Resource]
    uid: Callable[[Answer], str]  # from the entry of what lies in it


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """How the resources of a kind are found. Texts are templates over the item, `scope`, `region` and `parent`."""

    uid: str | Callable[[Answer], str]
    """A function where the entry spells it otherwise than reports do."""
    name: str | Callable[[Answer], str]
    """Short; a function where no member of the entry is the name."""
    call: Call | None = None
    """None for the one resource that a scope always has."""
    items: str | None = None
    """The list member of the answer, where the call feeds several listings."""
    within: Callable[[Answer], Iterable[Answer]] | None = None
    """The resources that an entry holds, where it is not one itself: none, one or many."""
    region: Callable[[Answer], str | None] | None = None
    """Where the resource lives, where its entry says so; else it lives where it was listed."""
    written: Callable[[Answer], Passage | None] | None = None
    """Where the entry is written, of providers whose resources are written in files."""
    parent: type[Resource] | None = None
    """Asked for each resource of this kind, which is then `it` in the call's parameters."""
    provider_owned: Callable[[Answer], bool] | None = None
    """Objects that the provider made and the customer cannot change."""
    holder: Holder | None = None
    level: str = ""
    """The level of the scopes that have such resources; elsewhere they are only reached by relations."""

    @property
    def member(self) -> str:
        """The list member of an answer."""
        name = self.items or (self.call.items if self.call else None)
        if name is None:
            raise TypeError(f"listing of {self.uid} names no list member")
        return name


class Resource:
    """One object of a cloud, immutable. Its facts are attributes; an unread one raises UnreadFact."""

    kind: ClassVar[str] = "resource"
    """The common class in kebab case."""
    type_id: ClassVar[str] = ""
    """The id among the provider's resource types; empty for a common kind."""
    listed: ClassVar[Listing | None] = None
    facts: ClassVar[Mapping[str, Fact[Any]]] = {}

    __slots__ = ("_view", "identity", "stored")

    identity: Identity
    stored: Mapping[str, object]
    """The facts that were read, by name: values and Unread."""
    _view: View | None

    def __init_subclass__(cls, *, kind: str | None = None, type_id: str = "") -> None:
        if kind is not None:
            cls.kind = kind
        cls.type_id = type_id
        attributes = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
        cls.facts = {name: value for name, value in attributes.items() if isinstance(value, Fact)}
        taken = cls.facts.keys() & vars(Resource)
        if taken:
            raise TypeError(
                f"{cls.__name__}: a fact cannot be called {', '.join(sorted(taken))}: every resource has that"
            )

    def __init__(self, identity: Identity, stored: Mapping[str, object], view: View | None = None) -> None:
        assign = object.__setattr__
        assign(self, "identity", identity)
        assign(self, "stored", stored)
        assign(self, "_view", view)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def __repr__(self) -> str:
        return f"<{self.type_id or self.kind} {self.uid}>"

    @classmethod
    def answers(cls, name: str) -> bool:
        """Whether the class says where a fact comes from, or answers all that the fact is computed from."""
        fact = cls.facts[name]
        if isinstance(fact.source, FromFacts):
            return all(cls.answers(inner) for inner in fact.reads.own)
        return fact.source is not None

    @classmethod
    def beside(cls, kind: type[R]) -> list[type[R]]:
        """Concrete classes of a kind that the provider of this one brings."""
        provider = cls.type_id.partition(".")[0]
        found: list[type[R]] = []
        waiting: list[type[R]] = [kind]
        while waiting:
            candidate = waiting.pop()
            waiting += candidate.__subclasses__()
            if candidate.type_id.partition(".")[0] == provider and candidate.listed is not None:
                found.append(candidate)
        return found

    @property
    def scope(self) -> Scope:
        """The account that holds it."""
        return self.identity.scope

    @property
    def uid(self) -> str:
        """Its name among all clouds, as the contract spells it."""
        return self.identity.uid

    @property
    def name(self) -> str:
        """Its short name."""
        return self.identity.name

    @property
    def region(self) -> str:
        """Where it lives, or `global`."""
        return self.identity.region

    @property
    def belongs_to(self) -> str:
        """The account that can change it; where that is another, what is set on it is judged there."""
        return self.scope.account

    @property
    def taken_at(self) -> datetime:
        """When the estate was read: the only clock of checks and facts."""
        return self.view.estate.taken_at

    @property
    def view(self) -> View:
        """What it is read through; raises UndeclaredRead on a resource that is not bound."""
        if self._view is None:
            raise UndeclaredRead(f"{self!r} is not bound to an estate")
        return self._view

    def bound(self, view: View) -> Self:
        """A copy that reads through `view`: it may read what was declared, and what it reads is recorded."""
        return self.__class__(self.identity, self.stored, view)

    def value_of(self, fact: Fact[Any]) -> Any:
        """The value of a fact; raises UnreadFact where it was not read, UndeclaredRead where it was not declared."""
        name = fact.name
        view = self._view
        if view is not None and name not in view.reads.own:
            raise UndeclaredRead(f"{type(self).__name__}.{name} is read but not declared in `reads`")
        try:
            value = self.stored[name]
        except KeyError:
            value = self._compute(fact)
        if type(value) is Unread:
            raise UnreadFact(value)
        if view is not None:
            view.seen[view.prefix + name] = value
        return value

    def _compute(self, fact: Fact[Any]) -> object:
        source = fact.source
        if not isinstance(source, FromFacts):
            return not_collected(fact)
        outer = self.view
        key = (self.uid, fact.name)
        kept = outer.estate.shared if source.once else outer.computed
        if key not in kept:
            inner = View(fact.reads, outer.estate, outer.computed)
            try:
                kept[key] = source.compute(self.bound(inner))
            except UnreadFact as gap:
                kept[key] = gap
        value = kept[key]
        if isinstance(value, UnreadFact):
            raise UnreadFact(*value.unread)
        return value

    def related(self, relation: Relation[R]) -> R | None:
        """The resource that a relation leads to, bound; raises UnreadFact where the relation was not read."""
        found = self.value_of(relation)
        return None if found is None else self._follow(relation, found)

    def all_related(self, relation: Relations[R]) -> tuple[R, ...]:
        """The resources that a relation leads to, bound."""
        return tuple(self._follow(relation, found) for found in self.value_of(relation))

    def _follow(self, relation: Relation[R], found: str | R) -> R:
        view = self.view
        target = view.estate.find(found, relation.target) if isinstance(found, str) else found
        if target is None:
            unlisted = view.estate.gaps_of(relation.target)
            raise UnreadFact(*unlisted or (Unread("not-collected", (), "", relation.path(), f"{found} was not found"),))
        reads = view.reads.through.get(relation.name, NO_READS)
        return cast(R, target.bound(view.onto(reads, f"{relation.name}.{target.name}")))

    def every(self, kind: type[R]) -> Iterator[R]:
        """All resources of a kind in this scope, bound; then raises UnreadFact if a listing had a gap."""
        view = self.view
        reads = view.reads.every.get(kind)
        if reads is None:
            raise UndeclaredRead(f"every({kind.__name__}) is used but not declared in `reads`")
        estate = view.estate
        for resource in estate.of(kind):
            yield resource.bound(view.onto(reads, resource.name))
        if estate.chosen and not any(issubclass(concrete, kind) for concrete in estate.resources):
            raise UnreadFact(Unread("not-collected", (), "", kind.kind, "this scan or snapshot did not list any"))
        gaps = estate.gaps_of(kind)
        if gaps:
            raise UnreadFact(*gaps)

    @classmethod
    def given(cls, name: str = "example", *, provider_owned: bool = False, **facts: object) -> Self:
        """An example resource that holds these facts and has read no other."""
        for fact in facts:
            if fact not in cls.facts:
                raise TypeError(f"{cls.__name__} has no fact {fact!r}")
        uid = f"example::{cls.kind}/{name}"
        return cls(Identity(EXAMPLE_SCOPE, uid, name, EXAMPLE_SCOPE.regions[0], provider_owned), facts)

    def among(self, *others: Resource, gaps: Sequence[ListingGap] = ()) -> Example:
        """An example of this resource in a scope that holds these others."""
        return Example(self, others, tuple(gaps))


def not_collected(fact: Fact[Any]) -> Unread:
    """The answer of a fact that this scan did not ask for."""
    call = fact.call
    needs, wire = (call.permissions, call.wire) if call else ((), "")
    return Unread("not-collected", needs, wire, fact.path(), "this scan or snapshot did not read it")


NO_READS = Reads(frozenset(), {}, {})


@dataclass(slots=True)
class View:
    """What a bound resource may read, and what was read through it."""

    reads: Reads
    estate: Estate
    computed: dict[tuple[str, str], object] = field(default_factory=dict)
    """Derived facts by uid and name, so that several checks compute them once."""
    seen: dict[str, object] = field(default_factory=dict)
    """The verdict's evidence."""
    prefix: str = ""

    def onto(self, reads: Reads, step: str) -> View:
        """The view of a resource that was reached from here."""
        return View(reads, self.estate, self.computed, self.seen, f"{self.prefix}{step}.")


class ListingGap(msgspec.Struct, frozen=True):
    """A listing that gave no or not all of its answer."""

    kind: type[Resource]
    region: str
    unread: Unread


@dataclass(slots=True)
class Estate:
    """All that was read of one scope, complete before it is judged."""

    scope: Scope
    taken_at: datetime
    resources: Mapping[type[Resource], Sequence[Resource]]
    """By concrete class, in order of uid."""
    others: Mapping[str, Resource] = field(default_factory=dict)
    """Resources of other scopes that relations lead to, by uid. They are read, not judged."""
    gaps: Sequence[ListingGap] = ()
    vanished: int = 0  # resources that were listed and gone before they were read
    defects: tuple[str, ...] = ()
    """Answers of an unexpected shape; their facts are unread as `failed`."""
    reading: Span | msgspec.UnsetType = msgspec.UNSET
    chosen: bool = False  # whether a kind that is no key of `resources` was not listed, rather than that it has none
    shared: dict[tuple[str, str], object] = field(default_factory=dict, repr=False)
    """Derived facts that are computed once, by uid and name."""
    _by_uid: dict[str, list[Resource]] | None = None
    _by_name: dict[str, list[Resource]] | None = None

    def find(self, reference: str, kind: type[Resource]) -> Resource | None:
        """The resource of a kind with a uid, or with a name that only one of the kind has in the scope."""
        if self._by_uid is None or self._by_name is None:
            # Built aside, then put in place whole: other threads may read meanwhile.
            by_uid: dict[str, list[Resource]] = {}
            by_name: dict[str, list[Resource]] = {}
            for resource in itertools.chain(*self.resources.values(), self.others.values()):
                by_uid.setdefault(resource.uid, []).append(resource)
                by_name.setdefault(resource.name, []).append(resource)
            self._by_uid, self._by_name = by_uid, by_name
        for held in self._by_uid.get(reference, ()):
            if isinstance(held, kind):
                return held
        named = [held for held in self._by_name.get(reference, ()) if isinstance(held, kind)]
        return named[0] if len(named) == 1 else None

    def gaps_of(self, kind: type[Resource]) -> tuple[Unread, ...]:
        """Why not all resources of a kind are known, each reason once."""
        return tuple(dict.fromkeys(gap.unread for gap in self.gaps if issubclass(gap.kind, kind)))

    def of(self, kind: type[R]) -> Iterator[R]:
        """All resources of a kind, not bound."""
        for concrete, found in self.resources.items():
            if issubclass(concrete, kind):
                yield from cast("Sequence[R]", found)


EXAMPLE_TIME = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE_SCOPE = Scope("example", "example", "1", "example::1", "example", ("here",))


def days_ago(days: float) -> datetime:
    """A time before the one at which examples are judged."""
    return EXAMPLE_TIME - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Example:
    """A resource to be judged, and what else its scope holds."""

    resource: Resource
    others: tuple[Resource, ...] = ()
    gaps: tuple[ListingGap, ...] = ()

    def estate(self) -> Estate:
        """The scope of the example."""
        held: dict[type[Resource], list[Resource]] = {}
        for resource in (self.resource, *self.others):
            held.setdefault(type(resource), []).append(resource)
        return Estate(EXAMPLE_SCOPE, EXAMPLE_TIME, held, gaps=self.gaps)


def concrete_kinds(kinds: Iterable[type[Resource]], kind: type[Resource]) -> list[type[Resource]]:
    """Those of `kinds` that are a `kind`."""
    return [concrete for concrete in kinds if issubclass(concrete, kind)]
