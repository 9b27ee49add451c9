"""Values of any of our types with a chosen text in every place for one: found by walking the types.

A field that is added to a type is planted without being named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from msgspec import inspect as shape

from scanner.finding import evidence_of
from scanner.jsonline import well_formed
from tests.engine.report.sample import TAKEN

T = TypeVar("T")
Place = tuple[str, ...]
"""The way to a text: names of fields; `[]` for an element, `{key}` and `{value}` for a mapping's."""
Text = Callable[[Place], str]
Choose = Callable[[Place, Sequence[Any]], Any]


@dataclass(frozen=True)
class Planter:
    """Makes values of types, every optional part there and one element in each collection."""

    text: Text
    choose: Choose

    def make(self, kind: type[T]) -> T:
        """A value of a type."""
        made: T = self._of(_shape(cast(Any, kind)), ())
        return made

    def _of(self, kind: shape.Type, place: Place) -> Any:
        match kind:
            case shape.StrType():
                return self.text(place)
            case shape.LiteralType(values):
                return self.choose(place, values)
            case shape.StructType(cls, fields) | shape.DataclassType(cls, fields):
                return cls(**{field.name: self._of(field.type, (*place, field.name)) for field in fields})
            case shape.UnionType(types):
                return self._of(next(each for each in types if not isinstance(each, shape.NoneType)), place)
            case shape.VarTupleType(item):
                return (self._of(item, (*place, "[]")),)
            case shape.TupleType(items):
                return tuple(self._of(item, (*place, f"[{number}]")) for number, item in enumerate(items))
            case shape.ListType(item) | shape.SetType(item) | shape.FrozenSetType(item):
                made = self._of(item, (*place, "[]"))
                return [made] if isinstance(kind, shape.ListType) else frozenset({made})
            case shape.DictType(key, value):
                return {self._of(key, (*place, "{key}")): self._of(value, (*place, "{value}"))}
            case shape.RawType():
                facts = {self.text((*place, "{key}")): [self.text((*place, "{value}"))]}
                return evidence_of(well_formed(facts))
            case _:
                return _plain(kind, place)


def _plain(kind: shape.Type, place: Place) -> object:
    plain: Mapping[type[shape.Type], object] = {
        shape.BoolType: True,
        shape.IntType: 1,
        shape.FloatType: 1.5,
        shape.DateTimeType: TAKEN,
        shape.DateType: date(2026, 12, 1),
    }
    if type(kind) not in plain:
        raise TypeError(f"nobody knows what to plant at {'.'.join(place)}, of {type(kind).__name__}: say it here")
    return plain[type(kind)]


@cache
def _shape(kind: Any) -> shape.Type:
    return shape.type_info(kind)


def places_of(kind: type[Any]) -> tuple[Place, ...]:
    """Every place for a text in a type."""
    found: list[Place] = []

    def note(place: Place) -> str:
        found.append(place)
        return f"x{len(found)}"

    Planter(note, lambda _, values: values[0]).make(kind)
    return tuple(dict.fromkeys(found))


def texts_in(value: object) -> Iterator[str]:
    """All texts of a value that was read from JSON, names of members among them."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, inner in value.items():
                yield from texts_in(key)
                yield from texts_in(inner)
        case list() | tuple():
            for inner in value:
                yield from texts_in(inner)
