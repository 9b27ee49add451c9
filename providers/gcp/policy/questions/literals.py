"""The fixed texts that expressions compare something with: where to look for requests that satisfy them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from providers.gcp.policy.language import cel


class Compared(msgspec.Struct, frozen=True):
    """A value that something is compared with."""

    path: str
    """`a.b.c` of what is compared; for `api.getAttribute`, `api.` and the attribute's name."""
    value: str | int | float | bool
    whole: bool
    """Compared as a whole, rather than a start, end or part."""


def compared(expression: cel.Expression | None) -> tuple[Compared, ...]:
    """All fixed values in an expression, with what they are compared with."""
    return () if expression is None else tuple(dict.fromkeys(_walk(expression)))


def calls(expression: cel.Expression | None, names: frozenset[str]) -> bool:
    """Whether the expression calls one of the functions."""
    if expression is None:
        return False
    if isinstance(expression, cel.Call) and expression.name in names:
        return True
    return any(calls(part, names) for part in _parts(expression))


def renamed(expression: cel.Expression, made_of: Callable[[str], cel.Expression | None]) -> cel.Expression:
    """The expression with names such as `attribute.x` replaced by what they are made of, where that is something."""
    path = cel.path(expression)
    if path is not None:
        return made_of(path) or expression
    match expression:
        case cel.Not(of=of):
            return cel.Not(renamed(of, made_of))
        case cel.All(parts=parts):
            return cel.All(tuple(renamed(part, made_of) for part in parts))
        case cel.Any(parts=parts):
            return cel.Any(tuple(renamed(part, made_of) for part in parts))
        case cel.Relation(sign=sign, left=left, right=right):
            return cel.Relation(sign, renamed(left, made_of), renamed(right, made_of))
        case cel.Sum(sign=sign, left=left, right=right):
            return cel.Sum(sign, renamed(left, made_of), renamed(right, made_of))
        case cel.Choice(test=test, yes=yes, no=no):
            return cel.Choice(renamed(test, made_of), renamed(yes, made_of), renamed(no, made_of))
        case cel.Items(items=items):
            return cel.Items(tuple(renamed(item, made_of) for item in items))
        case cel.Index(of=of, key=key):
            return cel.Index(renamed(of, made_of), renamed(key, made_of))
        case cel.Select(of=of, name=name):
            return cel.Select(renamed(of, made_of), name)
        case cel.Call(name=name, of=of, arguments=arguments):
            inner = None if of is None else renamed(of, made_of)
            return cel.Call(name, inner, tuple(renamed(one, made_of) for one in arguments))
        case _:
            return expression


def _walk(expression: cel.Expression) -> Iterator[Compared]:
    match expression:
        case cel.Relation(left=left, right=right):
            yield from _pairs(left, right, whole=True)
            yield from _pairs(right, left, whole=True)
        case cel.Call(of=of, arguments=(argument,)) if of is not None:
            yield from _pairs(of, argument, whole=False)
    for part in _parts(expression):
        yield from _walk(part)


def _pairs(of: cel.Expression, other: cel.Expression, *, whole: bool) -> Iterator[Compared]:
    values = other.items if isinstance(other, cel.Items) else (other,)
    fixed = [one.value for one in values if isinstance(one, cel.Literal) and one.value is not None]
    for path in dict.fromkeys(_paths(of)) if fixed else ():
        yield from (Compared(path, value, whole) for value in fixed)


def _paths(expression: cel.Expression) -> Iterator[str]:
    """What the expression is made of: of `a.lowerAscii() == "b"`, a."""
    path = cel.path(expression)
    if path is not None:
        yield path
    elif isinstance(expression, cel.Call) and expression.of is not None:
        first = expression.arguments[0] if expression.arguments else None
        if expression.name == "getAttribute" and isinstance(first, cel.Literal):
            yield f"api.{first.value}"
        else:
            yield from _paths(expression.of)
    elif isinstance(expression, cel.Choice | cel.Sum | cel.Items):
        for part in _parts(expression):
            yield from _paths(part)


def _parts(expression: cel.Expression) -> tuple[cel.Expression, ...]:
    match expression:
        case cel.Not(of=of) | cel.Select(of=of):
            return (of,)
        case cel.All(parts=parts) | cel.Any(parts=parts) | cel.Items(items=parts):
            return parts
        case cel.Relation(left=left, right=right) | cel.Sum(left=left, right=right):
            return (left, right)
        case cel.Choice(test=test, yes=yes, no=no):
            return (test, yes, no)
        case cel.Index(of=of, key=key):
            return (of, key)
        case cel.Call(of=of, arguments=arguments):
            return (*([of] if of is not None else []), *arguments)
        case _:
            return ()
