"""What was read, what was not, and why.

Unread       a read that gave no answer, as a value
UnreadFact   the same, raised at whoever asks for the fact
Call         one operation of a provider's API, as data
Fact[T]      a described, typed property of a resource; reading it gives T or raises UnreadFact
Relation[R]  a Fact whose stored value is a uid; reading it gives the related resource
derived      a Fact computed from other facts
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, overload

import msgspec

if TYPE_CHECKING:
    from scanner.model import Resource

T = TypeVar("T")
R = TypeVar("R", bound="Resource")
It = TypeVar("It", bound="Resource")

Answer = Mapping[str, Any]
"""One answer of a provider, as its client parsed it. It lives only inside `take`."""

Why = Literal[
    "denied",
    "service-off",
    "region-off",
    "unreachable",
    "throttled",
    "expired",
    "failed",
    "not-collected",
    "not-yet-known",
    "stale",
]
INCOMPLETE: frozenset[Why] = frozenset({"denied", "throttled", "failed", "unreachable", "expired"})
"""Reasons that make a scan incomplete: somebody can mend them and scan again."""


class Unread(msgspec.Struct, frozen=True):
    """A read that gave no answer, and why."""

    why: Why
    needs: tuple[str, ...] = ()
    """Permissions that would give the answer, in the provider's words."""
    call: str = ""
    """`service:Operation` as on the wire."""
    fact: str = ""
    """`kind.fact`, or the kind alone where the listing was refused."""
    detail: str = ""

    @classmethod
    def denied(cls, *needs: str) -> Unread:
        """A refusal, for examples."""
        return cls(why="denied", needs=needs, call=needs[0] if needs else "")


class UnreadFact(Exception):
    """Raised by reading a fact that holds no answer; picklable."""

    def __init__(self, *unread: Unread) -> None:
        super().__init__(*unread)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What was missing, at least one."""
        return self.args


class UndeclaredRead(Exception):
    """A check or derived fact read what its `reads` does not declare: a defect of ours, never a verdict."""


@dataclass(frozen=True, eq=False, slots=True)
class Call:
    """One read operation of a provider's API, as data: asked at most once for the same parameters."""

    service: str
    operation: str
    """The operation's name on the wire, such as `GetBucketPolicy`."""
    params: Mapping[str, str | int | bool | tuple[str, ...]] = field(default_factory=dict)
    """Texts, and tuples of them, are templates over `it` (the resource) and `scope`, a text also over `earlier` (the
    answer to `after`: `{earlier[Id]}`). Those that name no resource are asked once per scope."""
    needs: str | tuple[str, ...] = ()
    items: str | None = None
    """The list member of the answer; an answer without it is a failure, never "none"."""
    rows: Callable[[Answer], Sequence[Answer]] | None = None
    """How the rows for many resources are taken from the answer, where they are not its `items`."""
    absent: tuple[str, ...] = ()
    """Error codes that mean: nothing of the kind is stored."""
    gone: tuple[str, ...] = ()
    """Error codes that mean: the resource itself has vanished since it was listed."""
    regional: bool = False
    """Asked in each region of the scope rather than once."""
    until: Callable[[Answer], bool] | None = None
    """Asked again, after a pause, until the answer satisfies it."""
    enough: Callable[[Answer, Mapping[str, object]], bool] | None = None
    """Of a page and the parameters: whether what is wanted is on it, so that no further one is asked."""
    rate: float | None = None
    """How often in a second its lane is asked at most, where the provider bears so few of these calls."""
    after: Call | None = None
    """Must have been answered first, where the parameters name a resource for the same one."""

    def __post_init__(self) -> None:
        if self.from_earlier and self.after is None:
            raise ValueError(f"{self.wire} takes from an earlier answer and does not say `after` which")

    @property
    def wire(self) -> str:
        """`service:Operation`."""
        return f"{self.service}:{self.operation}"

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions that the call needs."""
        return (self.needs,) if isinstance(self.needs, str) else self.needs

    @property
    def per_resource(self) -> bool:
        """Whether the parameters name a resource, or take from an answer whose parameters do."""
        named = any("{it." in str(value) for value in self.params.values())
        return named or bool(self.from_earlier and self.after and self.after.per_resource)

    @property
    def from_earlier(self) -> tuple[str, ...]:
        """Names of the parameters that take from the answer to `after`."""
        return tuple(name for name, value in self.params.items() if isinstance(value, str) and "{earlier[" in value)


@dataclass(frozen=True, slots=True)
class FromListing(Generic[T]):
    """Taken from the resource's entry in its listing."""

    take: Callable[[Answer], T] | str


@dataclass(frozen=True, slots=True)
class FromCall(Generic[T]):
    """Taken from the answer to a call; `absent` where nothing is stored."""

    call: Call
    take: Callable[[Answer], T]
    absent: T  # the value where nothing is stored, or NOTHING


@dataclass(frozen=True, slots=True)
class FromBulk(Generic[T]):
    """Taken from the one row, among the rows of a call for many resources, that has the resource's key."""

    call: Call
    row_key: str  # name of the row's field that holds the key
    key: str  # template over `it` and `scope`: the key of this resource
    take: Callable[[Answer], T]
    missing: T  # the value where no row has the key, or NOTHING


@dataclass(frozen=True, slots=True)
class FromFacts(Generic[T]):
    """Computed from other facts."""

    reads: tuple[Readable, ...]
    compute: Callable[[Any], T]
    once: bool = False
    """Whether it is dear and asked for by others, and so kept with the estate."""
    inherited: bool = False
    """Whether it is a setting of a greater resource: judged there, and not again of each part."""


Source = FromListing[T] | FromCall[T] | FromBulk[T] | FromFacts[T]


NOTHING: Any = object()
"""No value given, where None is a value."""

_ENCODER = msgspec.json.Encoder()


class Fact(Generic[T]):
    """A described, typed property of a resource, and where it comes from.

    On the class it is the declaration itself (for `reads`); on a resource it is the value, or raises UnreadFact.
    """

    def __init__(self, doc: str) -> None:
        self.doc = doc
        self.name = ""
        self.owner: type[Resource] | None = None
        self.source: Source[T] | None = None
        self._parameter: Any = None

    def __set_name__(self, owner: type[Resource], name: str) -> None:
        self.owner = owner
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type[Resource]) -> Self: ...
    @overload
    def __get__(self, instance: Resource, owner: type[Resource]) -> T: ...
    def __get__(self, instance: Resource | None, owner: type[Resource]) -> Self | T:
        if instance is None:
            return self
        value: T = instance.value_of(self)
        return value

    @property
    def parameter(self) -> Any:
        """The T of Fact[T]."""
        if self._parameter is None:
            if isinstance(self.source, FromFacts):
                self._parameter = typing.get_type_hints(self.source.compute)["return"]
            else:
                # typing leaves the parameterised alias here when Fact[T](...) is called.
                self._parameter = typing.get_args(vars(self)["__orig_class__"])[0]
        return self._parameter

    @property
    def value_type(self) -> Any:
        """The type of what is stored, for snapshots."""
        return self.parameter

    @functools.cached_property
    def _decoder(self) -> msgspec.json.Decoder[T]:
        return msgspec.json.Decoder(self.value_type)

    def kept(self, value: object) -> T:
        """The value as it is kept: exactly what a snapshot would give back.

        Raises TypeError or ValueError for one that is not of the declared type, however deep: the text "false" is not
        taken for true, and no answer gets in that could not be written out again.
        """
        return self._decoder.decode(_ENCODER.encode(value))

    def kept_in(self, text: msgspec.Raw) -> T:
        """The value that was kept as JSON; raises ValueError for one that is not of today's type."""
        return self._decoder.decode(text)

    @property
    def stored(self) -> bool:
        """Whether it is read and kept (and not computed)."""
        return self.source is not None and not isinstance(self.source, FromFacts)

    @property
    def call(self) -> Call | None:
        """The call that answers it, if one does beyond the listing."""
        return self.source.call if isinstance(self.source, FromCall | FromBulk) else None

    @functools.cached_property
    def reads(self) -> Reads:
        """What a derived fact reads, compiled; nothing for a stored one."""
        return Reads.of(self.source.reads if isinstance(self.source, FromFacts) else ())

    def path(self) -> str:
        """`kind.fact`, as reports name it."""
        return f"{self.owner.kind}.{self.name}" if self.owner else self.name

    def _from(self, source: Source[T]) -> Self:
        bound = self.__class__(self.doc)
        bound._parameter = self.parameter
        bound.source = source
        return bound

    def listed(self, take: Callable[[Answer], T] | str) -> Self:
        """The same fact, taken from the listing's entry: by a function, or by a template over it and `scope`."""
        return self._from(FromListing(take))

    def read(self, call: Call, take: Callable[[Answer], T], *, absent: T = NOTHING) -> Self:
        """The same fact, taken from the call's answer; `absent` is its value where nothing is stored."""
        return self._from(FromCall(call, take, absent))

    def from_bulk(
        self, call: Call, *, row_key: str, key: str, take: Callable[[Answer], T], missing: T = NOTHING
    ) -> Self:
        """The same fact, taken from the row that `row_key` = `key` selects among the call's items.

        `missing` is its value where no row has the key; without it the fact is then unread, as `stale`.
        """
        return self._from(FromBulk(call, row_key, key, take, missing))


class Relation(Fact[Any], Generic[R]):
    """A fact that leads to another resource. What is stored is the uid, or None where nothing is related."""

    @overload
    def __get__(self, instance: None, owner: type[Resource]) -> Self: ...
    @overload
    def __get__(self, instance: Resource, owner: type[Resource]) -> R | None: ...
    def __get__(self, instance: Resource | None, owner: type[Resource]) -> Self | R | None:
        if instance is None:
            return self
        return typing.cast("R | None", instance.related(self))

    def __truediv__(self, fact: Fact[Any] | Path) -> Path:
        return Path(self, fact)

    @property
    def value_type(self) -> Any:
        """What is stored: a uid, a name that is unique for its kind in the scope, or None."""
        return str | None

    @property
    def target(self) -> type[Resource]:
        """The kind that it leads to."""
        return typing.cast("type[Resource]", self.parameter)


class Relations(Relation[R]):
    """A fact that leads to many other resources. What is stored is their uids."""

    @overload  # type: ignore[override]  # many where the parent has one: nobody reads it as its parent
    def __get__(self, instance: None, owner: type[Resource]) -> Self: ...
    @overload
    def __get__(self, instance: Resource, owner: type[Resource]) -> tuple[R, ...]: ...
    def __get__(self, instance: Resource | None, owner: type[Resource]) -> Self | tuple[R, ...]:
        if instance is None:
            return self
        return typing.cast("tuple[R, ...]", instance.all_related(self))

    @property
    def value_type(self) -> Any:
        """What is stored: uids, or names that are unique for their kind in the scope."""
        return tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A fact of the resource that a relation leads to, or of one that is reached from there."""

    relation: Relation[Any]
    fact: Fact[Any] | Path

    def __truediv__(self, fact: Fact[Any]) -> Path:
        if isinstance(self.fact, Fact) and not isinstance(self.fact, Relation):
            raise TypeError(f"{self.fact.path()} is no relation: it leads to no {fact.path()}")
        return Path(self.relation, self.fact / fact)


@dataclass(frozen=True, slots=True)
class Every:
    """All resources of a kind in the scope, and these facts of each."""

    kind: type[Resource]
    facts: tuple[Fact[Any], ...]


def every(kind: type[Resource], *facts: Fact[Any]) -> Every:
    """Declare that all resources of a kind are looked at: `resource.every(kind)` then yields them."""
    return Every(kind, facts)


Readable = Fact[Any] | Path | Every


def derived(
    reads: Sequence[Readable], *, once: bool = False, inherited: bool = False
) -> Callable[[Callable[[It], T]], Fact[T]]:
    """Make a method a Fact that is computed from `reads`, and unread where they are; `FromFacts` says the rest."""

    def declare(compute: Callable[[It], T]) -> Fact[T]:
        fact: Fact[T] = Fact((compute.__doc__ or "").strip().split("\n")[0])
        fact.source = FromFacts(tuple(reads), compute, once, inherited)
        return fact

    return declare


@dataclass(frozen=True, slots=True)
class Reads:
    """A declaration of `reads`, compiled: what may be read of a resource, through its relations, of every kind."""

    own: frozenset[str]
    through: Mapping[str, Reads]
    every: Mapping[type[Resource], Reads]

    @classmethod
    def of(cls, readables: Iterable[Readable]) -> Reads:
        """Compile a declaration."""
        own: set[str] = set()
        through: dict[str, list[Readable]] = {}
        all_of: dict[type[Resource], list[Readable]] = {}
        for readable in readables:
            match readable:
                case Path(relation, fact):
                    own.add(relation.name)
                    through.setdefault(relation.name, []).append(fact)
                case Every(kind, facts):
                    all_of.setdefault(kind, []).extend(facts)
                case Fact():
                    own.add(readable.name)
        return cls(
            frozenset(own),
            {name: cls.of(inner) for name, inner in through.items()},
            {kind: cls.of(inner) for kind, inner in all_of.items()},
        )
