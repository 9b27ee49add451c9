"""Whether a condition holds for one request.

https://cloud.google.com/iam/docs/conditions-overview
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from providers.gcp.policy.language import cel
from providers.gcp.policy.language.request import ATTRIBUTES, Claim, Request
from providers.gcp.policy.language.values import (
    GETTERS,
    TEXT_TESTS,
    UNKNOWN,
    Unknown,
    Value,
    duration,
    extract,
    timestamp,
)
from scanner.ternary import Ternary, all_of, any_of, invert


class Environment(Protocol):
    """What the names in an expression stand for."""

    def variable(self, path: str) -> Value:
        """The value of `a.b.c`."""
        ...

    def call(self, path: str, arguments: tuple[Value, ...]) -> Value:
        """The value of a function of ours, such as `resource.matchTag`."""
        ...


class OfRequest(msgspec.Struct, frozen=True):
    """The names in the condition of a binding or deny rule."""

    request: Request

    def variable(self, path: str) -> Value:
        """Attributes of the request and the resource."""
        resource = self.request.resource
        if path == "request.time":
            return UNKNOWN if self.request.time is None else self.request.time
        if not resource.described:
            return UNKNOWN
        known: Mapping[str, str] = {
            "resource.name": resource.name,
            "resource.type": resource.type,
            "resource.service": resource.service,
        }
        return known.get(path) or UNKNOWN

    def call(self, path: str, arguments: tuple[Value, ...]) -> Value:
        """Tags of the resource and attributes of the interface."""
        texts = [one for one in arguments if isinstance(one, str)]
        tags = self.request.resource.tags
        if path == "api.getAttribute" and len(arguments) == 2 and arguments[0] in ATTRIBUTES:
            return self.request.attributes.get(str(arguments[0]), arguments[1])
        if tags is None or len(texts) != len(arguments):
            return UNKNOWN
        if path in ("resource.matchTag", "resource.matchTagId") and len(texts) == 2:
            return tags.get(texts[0]) == texts[1]
        if path in ("resource.hasTagKey", "resource.hasTagKeyId") and len(texts) == 1:
            return texts[0] in tags
        return UNKNOWN


class OfToken(msgspec.Struct, frozen=True):
    """The names in an attribute condition or mapping: claims, and attributes that were mapped already."""

    claims: Mapping[str, Claim]
    mapped: Mapping[str, Value] = {}

    def variable(self, path: str) -> Value:
        """A claim or mapped attribute. One that is missing makes evaluation fail."""
        if path in self.mapped:
            return self.mapped[path]
        owner, _, name = path.partition(".")
        return self.claims.get(name, UNKNOWN) if owner == "assertion" else UNKNOWN

    def call(self, path: str, arguments: tuple[Value, ...]) -> Value:
        """There is none."""
        return UNKNOWN


def holds(condition: cel.Expression | None, environment: Environment) -> Ternary:
    """Whether the condition is true; None where that is not known. No condition is always true."""
    if condition is None:
        return True
    value = evaluate(condition, environment)
    return value if isinstance(value, bool) else None


def evaluate(expression: cel.Expression, environment: Environment) -> Value:
    """The expression's value; UNKNOWN also where evaluation fails."""
    match expression:
        case cel.Literal(value=value):
            return value
        case cel.Name() | cel.Select():
            path = cel.path(expression)
            return UNKNOWN if path is None else environment.variable(path)
        case cel.Items(items=items):
            return tuple(evaluate(item, environment) for item in items)
        case cel.Not(of=of):
            return _as_value(invert(holds(of, environment)))
        case cel.All(parts=parts):
            return _as_value(all_of(holds(part, environment) for part in parts))
        case cel.Any(parts=parts):
            return _as_value(any_of(holds(part, environment) for part in parts))
        case cel.Choice(test=test, yes=yes, no=no):
            answer = holds(test, environment)
            return UNKNOWN if answer is None else evaluate(yes if answer else no, environment)
        case cel.Relation(sign=sign, left=left, right=right):
            return _as_value(_compare(sign, evaluate(left, environment), evaluate(right, environment)))
        case cel.Sum(sign=sign, left=left, right=right):
            return _add(sign, evaluate(left, environment), evaluate(right, environment))
        case cel.Call():
            return _call(expression, environment)
        case _:
            return UNKNOWN


def _as_value(answer: Ternary) -> Value:
    return UNKNOWN if answer is None else answer


def _compare(sign: str, left: Value, right: Value) -> Ternary:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if sign == "in":
        return any_of(_compare("==", left, one) for one in right) if isinstance(right, tuple) else None
    if isinstance(left, tuple) or isinstance(right, tuple) or isinstance(left, bool) != isinstance(right, bool):
        return None
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if type(left) is not type(right) and not numbers:
        return None  # CEL finds no such operator, and fails
    if sign in ("==", "!="):
        return (left == right) == (sign == "==")
    if numbers or isinstance(left, str | datetime | timedelta):
        below, equal = left < right, left == right  # type: ignore[operator]  # both are of one ordered type
        return {"<": below, "<=": below or equal, ">": not below and not equal, ">=": not below}[sign]
    return None


def _add(sign: str, left: Value, right: Value) -> Value:
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(right, timedelta) and isinstance(left, datetime) and sign in ("+", "-"):
        try:
            return left + right if sign == "+" else left - right
        except OverflowError:
            return UNKNOWN
    return UNKNOWN


def _call(call: cel.Call, environment: Environment) -> Value:
    if call.name == "has" and call.of is None and len(call.arguments) == 1:
        # Whether a claim is there; one that is not makes every other use of it fail.
        path = cel.path(call.arguments[0])
        known = path is not None and path.startswith("assertion.")
        return not isinstance(evaluate(call.arguments[0], environment), Unknown) if known else UNKNOWN
    arguments = tuple(evaluate(one, environment) for one in call.arguments)
    if call.of is None:
        if len(arguments) == 1 and isinstance(arguments[0], str):
            return _made(call.name, arguments[0])
        return UNKNOWN
    owner = cel.path(call.of)
    if owner in ("resource", "api"):
        return environment.call(f"{owner}.{call.name}", arguments)
    return _method(call.name, evaluate(call.of, environment), arguments)


def _made(name: str, text: str) -> Value:
    if name == "timestamp":
        return timestamp(text)
    if name == "duration":
        return duration(text)
    return text if name == "string" else UNKNOWN


def _method(name: str, of: Value, arguments: tuple[Value, ...]) -> Value:
    if isinstance(of, tuple) and name == "hasOnly" and len(arguments) == 1 and isinstance(arguments[0], tuple):
        return _as_value(all_of(_compare("in", one, arguments[0]) for one in of))
    if isinstance(of, datetime) and name in GETTERS and len(arguments) < 2:
        zone = arguments[0] if arguments else ""
        return GETTERS[name](of, zone) if isinstance(zone, str) else UNKNOWN
    if not isinstance(of, str):
        return UNKNOWN
    if not arguments:
        plain: Mapping[str, Value] = {"lowerAscii": of.lower(), "upperAscii": of.upper(), "size": len(of)}
        return plain.get(name, UNKNOWN)
    if len(arguments) == 1 and isinstance(arguments[0], str):
        if name in TEXT_TESTS:
            return TEXT_TESTS[name](of, arguments[0])
        if name == "extract":
            return extract(of, arguments[0])
    return UNKNOWN
