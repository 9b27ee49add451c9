"""Whether a condition can hold, over all requests of a kind: always (True), never (False), or it depends (None).

https://cloud.google.com/iam/docs/conditions-attribute-reference
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

import msgspec

from providers.gcp.policy.language import cel
from providers.gcp.policy.language.values import GETTERS, UNKNOWN, Unknown, Value, duration, extract, timestamp
from scanner.ternary import Ternary, all_of, any_of, invert


class Known(msgspec.Struct, frozen=True):
    """Always this value."""

    value: Value


class Chosen(msgspec.Struct, frozen=True):
    """Any text behind the prefix: whoever asks picks it."""

    prefix: str = ""


class Owned(msgspec.Struct, frozen=True):
    """`lead`, then the name of whoever asks, then `separator` and whatever they pick. Never somebody else's name."""

    lead: str = ""
    separator: str = ""
    """Empty where the name is all there is."""
    numbered: bool = False
    """The name is a number that nobody picks."""
    suffix: str = ""
    """Separates a name from a domain that is somebody else's, as `@` does."""

    def equals(self, text: str) -> Ternary:
        """Whether it can be the text, which names somebody else if it names anybody."""
        return False if text.startswith(self.lead) else None

    def starts(self, text: str) -> Ternary:
        """Whether it can start so."""
        if self.lead.startswith(text):
            return True
        if not text.startswith(self.lead):
            return None if self.lead else False
        return False if self.separator and self.separator in text[len(self.lead) :] else None

    def ends(self, text: str) -> Ternary:
        """Whether it can end so."""
        return False if self.suffix and self.suffix in text and not text.endswith("@gmail.com") else None


class Opaque(msgspec.Struct, frozen=True):
    """We cannot tell."""


Shape: TypeAlias = "Known | Chosen | Owned | Opaque"
OPAQUE: Final = Opaque()


class Domain(Protocol):
    """What the names in an expression can stand for."""

    def variable(self, path: str) -> Shape:
        """The shape of `a.b.c`."""
        ...

    def call(self, path: str, arguments: tuple[Shape, ...]) -> Shape:
        """The shape of what a function of ours gives."""
        ...


def can_hold(condition: cel.Expression | None, domain: Domain) -> Ternary:
    """Whether the condition always (True), never (False) or perhaps (None) holds. No condition always holds."""
    if condition is None:
        return True
    match condition:
        case cel.Not(of=of):
            return invert(can_hold(of, domain))
        case cel.All(parts=parts):
            return all_of([can_hold(part, domain) for part in parts])
        case cel.Any(parts=parts):
            return any_of([can_hold(part, domain) for part in parts])
        case cel.Relation(sign=sign, left=left, right=right):
            return _related(sign, left, right, domain)
        case cel.Call(name=name, of=of, arguments=(argument,)) if of is not None:
            tested = _tested(name, shape(of, domain), shape(argument, domain))
            return tested if tested is not None else _truth(shape(condition, domain))
        case _:
            return _truth(shape(condition, domain))


def shape(expression: cel.Expression, domain: Domain) -> Shape:
    """What values the expression can have."""
    match expression:
        case cel.Literal(value=value):
            return Known(value)
        case cel.Name() | cel.Select():
            path = cel.path(expression)
            return OPAQUE if path is None else domain.variable(path)
        case cel.Items(items=items):
            shapes = [shape(item, domain) for item in items]
            known = tuple(one.value for one in shapes if isinstance(one, Known))
            return Known(known) if len(known) == len(shapes) else OPAQUE
        case cel.Sum(sign=sign, left=left, right=right):
            return _sum(sign, shape(left, domain), shape(right, domain))
        case cel.Choice(test=test, yes=yes, no=no):
            answer = can_hold(test, domain)
            return OPAQUE if answer is None else shape(yes if answer else no, domain)
        case cel.Call(name=name, of=None, arguments=(argument,)):
            return _made(name, shape(argument, domain))
        case cel.Call(name=name, of=of, arguments=arguments) if of is not None:
            owner = cel.path(of)
            given = tuple(shape(one, domain) for one in arguments)
            if owner in ("resource", "api"):
                return domain.call(f"{owner}.{name}", given)
            return _method(name, shape(of, domain), given)
        case _:
            return OPAQUE


def _truth(found: Shape) -> Ternary:
    return found.value if isinstance(found, Known) and isinstance(found.value, bool) else None


def _related(sign: str, left: cel.Expression, right: cel.Expression, domain: Domain) -> Ternary:
    one, other = shape(left, domain), shape(right, domain)
    if sign in ("==", "!="):
        path = cel.path(left)
        same = True if path is not None and path == cel.path(right) and one != OPAQUE else _equal(one, other)
        return same if sign == "==" else invert(same)
    if sign == "in":
        listed = other.value if isinstance(other, Known) else None
        return any_of([_equal(one, Known(item)) for item in listed]) if isinstance(listed, tuple) else None
    return _ordered(sign, one.value, other.value) if isinstance(one, Known) and isinstance(other, Known) else None


def _equal(one: Shape, other: Shape) -> Ternary:
    if isinstance(other, Chosen | Owned):
        one, other = other, one
    if not isinstance(other, Known) or isinstance(other.value, Unknown):
        return None
    if isinstance(one, Known):
        if isinstance(one.value, Unknown) or type(one.value) is not type(other.value):
            return None
        return one.value == other.value
    if not isinstance(other.value, str):
        return None
    if isinstance(one, Chosen):
        return None if other.value.startswith(one.prefix) else False
    return one.equals(other.value) if isinstance(one, Owned) else None


def _ordered(sign: str, left: Value, right: Value) -> Ternary:
    for kind in (datetime, timedelta, int, str):
        if isinstance(left, kind) and isinstance(right, kind) and not isinstance(left, bool):
            less, same = left < right, left == right  # type: ignore[operator]  # of one ordered kind
            return {"<": less, "<=": less or same, ">": not (less or same), ">=": not less}.get(sign)
    return None


def _tested(name: str, of: Shape, argument: Shape) -> Ternary:
    """A test of a text's start, end or content; None also where it is no such test."""
    if not isinstance(argument, Known) or not isinstance(argument.value, str):
        return None
    part = argument.value
    if name not in ("startsWith", "endsWith", "contains"):
        return None
    if isinstance(of, Known):
        if not isinstance(of.value, str):
            return None
        found = of.value.find(part)
        return {"startsWith": found == 0, "contains": found >= 0, "endsWith": of.value.endswith(part)}[name]
    if isinstance(of, Opaque):
        return None
    if not part:
        return True
    if isinstance(of, Owned):
        return of.starts(part) if name == "startsWith" else of.ends(part) if name == "endsWith" else None
    if name == "contains":
        return True if part in of.prefix else None
    if name == "endsWith":
        return None
    return True if of.prefix.startswith(part) else None if part.startswith(of.prefix) else False


def _sum(sign: str, left: Shape, right: Shape) -> Shape:
    if not isinstance(left, Known) or not isinstance(right, Known):
        return OPAQUE
    if sign == "+" and isinstance(left.value, str) and isinstance(right.value, str):
        return Known(left.value + right.value)
    if sign in ("+", "-") and isinstance(left.value, datetime) and isinstance(right.value, timedelta):
        try:
            return Known(left.value + (right.value if sign == "+" else -right.value))
        except OverflowError:
            return OPAQUE
    return OPAQUE


def _made(name: str, argument: Shape) -> Shape:
    if not isinstance(argument, Known) or not isinstance(argument.value, str):
        return OPAQUE
    made: Value = UNKNOWN
    if name == "timestamp":
        made = timestamp(argument.value)
    elif name == "duration":
        made = duration(argument.value)
    return OPAQUE if isinstance(made, Unknown) else Known(made)


def _method(name: str, of: Shape, arguments: tuple[Shape, ...]) -> Shape:
    if isinstance(of, Owned) and name == "lowerAscii" and not arguments:
        return of
    if not isinstance(of, Known):
        return OPAQUE
    given = [one.value for one in arguments if isinstance(one, Known)]
    value = of.value
    if len(given) < len(arguments):
        return OPAQUE
    made: Value = UNKNOWN
    if isinstance(value, datetime) and name in GETTERS and len(given) < 2:
        zone = given[0] if given else ""
        made = GETTERS[name](value, zone) if isinstance(zone, str) else UNKNOWN
    elif isinstance(value, str) and name == "extract" and len(given) == 1 and isinstance(given[0], str):
        made = extract(value, given[0])
    elif isinstance(value, str) and name in ("lowerAscii", "upperAscii") and not given:
        made = value.lower() if name == "lowerAscii" else value.upper()
    elif isinstance(value, tuple) and name == "hasOnly" and len(given) == 1 and isinstance(given[0], tuple):
        made = set(map(repr, value)) <= set(map(repr, given[0]))
    return OPAQUE if isinstance(made, Unknown) else Known(made)
