"""Conditions over the facts of one resource: the attributes that move a line of responsibility.

A condition is one of

    {all: [condition, ...]}    {any: [condition, ...]}    {not: condition}
    {fact: PATH, is: VALUE}              the value equals
    {fact: PATH, in: [VALUE, ...]}       the value equals one of them
    {fact: PATH, starts: TEXT}           the text begins so
    {fact: PATH, contains: TEXT}         the text has this part, or the collection this member
    {fact: PATH, listed_in: LIST}        the value stands in a dated list of the provider's document

PATH is the name of a fact of the resource's class, then names of attributes of its value: `encryption.key`. The
path of an absent value (None) is absent too. VALUE is a text, true, false or null (absent); a number is compared as
its decimal text. Truth has three values, as Kleene's: a fact that was not read makes its leaf unknown; a false leaf
decides `all` and a true one decides `any` whatever else is unknown, and otherwise unknown stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeAlias

import msgspec

Value: TypeAlias = bool | str | None
Read: TypeAlias = Callable[[str], object]
"""From the name of a fact to its value, or Unknown."""


class Unknown(msgspec.Struct, frozen=True):
    """A fact that was not read, and why (`denied`, `throttled` ...)."""

    fact: str
    why: str


class DatedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values that a provider publishes, as they stood on a day."""

    id: str
    title: str
    source: str
    as_of: date
    values: frozenset[str]


class Condition(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"all_of": "all", "any_of": "any", "negated": "not", "equals": "is", "one_of": "in"},
):
    """One condition of the grammar above: exactly one of its forms."""

    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()
    negated: Condition | None = None
    fact: str = ""
    equals: Value | msgspec.UnsetType = msgspec.UNSET
    one_of: tuple[Value, ...] = ()
    starts: str = ""
    contains: str = ""
    listed_in: str = ""

    def __post_init__(self) -> None:
        combined = bool(self.all_of) + bool(self.any_of) + (self.negated is not None) + bool(self.fact)
        tests = (self.equals is not msgspec.UNSET, self.one_of, self.starts, self.contains, self.listed_in)
        if combined != 1:
            raise ValueError("a condition has exactly one of `all`, `any`, `not`, `fact`, and not empty")
        if sum(map(bool, tests)) != bool(self.fact):
            raise ValueError("`fact` has exactly one of `is`, `in`, `starts`, `contains`, `listed_in`")
        if self.fact and not all(word.isidentifier() for word in self.fact.split(".")):
            raise ValueError("`fact` is a name and then names of attributes, joined by dots")

    def leaves(self) -> Iterator[Condition]:
        """The leaves, from left to right."""
        if self.fact:
            yield self
        for part in (*self.all_of, *self.any_of, *((self.negated,) if self.negated else ())):
            yield from part.leaves()

    def __str__(self) -> str:
        if self.all_of:
            return " and ".join(_bracketed(part) for part in self.all_of)
        if self.any_of:
            return " or ".join(_bracketed(part) for part in self.any_of)
        if self.negated:
            return f"not {_bracketed(self.negated)}"
        if self.one_of:
            return f"{self.fact} is one of {', '.join(map(_written, self.one_of))}"
        if self.starts:
            return f"{self.fact} starts with {self.starts}"
        if self.contains:
            return f"{self.fact} contains {self.contains}"
        if self.listed_in:
            return f"{self.fact} is listed in {self.listed_in}"
        return f"{self.fact} is {_written(self.equals)}"


def holds(condition: Condition, read: Read, lists: Mapping[str, DatedList]) -> bool | Unknown:
    """Whether the condition is true of the resource that `read` reads, or the first fact that left it unknown."""
    if condition.all_of:
        return _first(False, (holds(part, read, lists) for part in condition.all_of))
    if condition.any_of:
        return _first(True, (holds(part, read, lists) for part in condition.any_of))
    if condition.negated:
        verdict = holds(condition.negated, read, lists)
        return verdict if isinstance(verdict, Unknown) else not verdict
    value = _walk(condition.fact, read)
    return value if isinstance(value, Unknown) else _leaf(condition, value, lists)


def _first(decisive: bool, verdicts: Iterable[bool | Unknown]) -> bool | Unknown:
    """`decisive` where any verdict is that; else the first unknown; else its opposite."""
    unknown: Unknown | None = None
    for verdict in verdicts:
        if verdict is decisive:
            return decisive
        if unknown is None and isinstance(verdict, Unknown):
            unknown = verdict
    return (not decisive) if unknown is None else unknown


def _walk(path: str, read: Read) -> object:
    """The value at the path; AttributeError where the value has no such attribute: the rule is wrong then."""
    name, *attributes = path.split(".")
    value = read(name)
    for attribute in attributes:
        if value is None or isinstance(value, Unknown):
            return value
        value = getattr(value, attribute)
    return value


def _leaf(leaf: Condition, value: object, lists: Mapping[str, DatedList]) -> bool:
    if leaf.starts or leaf.contains:
        return value is not None and _partly(leaf, value)
    if not isinstance(value, str | bool | int | float | None):
        raise TypeError(f"{leaf.fact} is a {type(value).__name__}: name one of its attributes")
    known = value if isinstance(value, str | bool | None) else str(value)
    if leaf.listed_in:
        return known in lists[leaf.listed_in].values
    # True == 1 in Python, but no VALUE is a number, so equality cannot confuse the two.
    return known in leaf.one_of if leaf.one_of else known == leaf.equals


def _partly(leaf: Condition, value: object) -> bool:
    """`starts` and `contains`, of a value that is there."""
    if isinstance(value, str):
        return value.startswith(leaf.starts) if leaf.starts else leaf.contains in value
    if leaf.contains and isinstance(value, Collection):
        return leaf.contains in value
    raise TypeError(f"{leaf.fact} is a {type(value).__name__}, which has no such part")


def _bracketed(condition: Condition) -> str:
    return f"({condition})" if condition.all_of or condition.any_of else str(condition)


def _written(value: Value | msgspec.UnsetType) -> str:
    if value is None:
        return "absent"
    return str(value).lower() if isinstance(value, bool) else str(value)
