"""A condition as a question about one attribute, in two readings.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.language.operators import OPERATORS, Operator
from providers.aws.policy.language.template import Escaped, Part, Plain, Variable, template
from providers.aws.policy.language.tree import Condition, Effect, Version
from providers.aws.policy.language.values import instant, network, number
from providers.aws.policy.symbolic import pins
from providers.aws.policy.symbolic.known import Kind
from providers.aws.policy.symbolic.pair import HOLDS, OPEN, Pair, of_texts, present_or_not
from providers.aws.policy.symbolic.patterns import by_parts, either_case, literal, wildcards
from scanner.access.attribute import ABSENT, PRESENT, Asked, Quantifier
from scanner.access.ranges import HIGHEST, LOWEST, Interval, Ranges, exactly
from scanner.access.text import ANY_TEXT, Pattern, fixed

Given: TypeAlias = "Callable[[str], str | bool | None]"
"""The value of a key for a variable: its text; None where it is not fixed; False where all requests lack it, True where
it is not fixed and some lack it."""

_QUANTIFIERS: Mapping[str, Quantifier] = MappingProxyType({"": "one", "ForAnyValue": "any", "ForAllValues": "all"})
_ORDERED: Mapping[str, Callable[[Decimal], Interval]] = MappingProxyType(
    {
        "eq": exactly,
        "lt": lambda value: (LOWEST, (value, 0)),
        "le": lambda value: (LOWEST, (value, 1)),
        "gt": lambda value: ((value, 1), HIGHEST),
        "ge": lambda value: ((value, 0), HIGHEST),
    }
)
_BOOLS: Final = ("true", "false")
_NUMERIC: Final = ("number", "date", "address")
"""Kinds whose values stand here as numbers, each in its own way."""


def asked(
    condition: Condition, effect: Effect, version: Version, given: Given, *, many: bool, kind: Kind = "any"
) -> Pair:
    """Whether the condition of a statement holds. `many`: the key holds any number of values, all of a `kind`."""
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.values:
        return OPEN
    if operator.kind == "null":
        return _null(condition)
    pair = _compared(condition, operator, effect, version, given, many=many, kind=kind)
    if effect == "Deny" and many and condition.if_exists and condition.qualifier == "ForAnyValue":
        # A key without values may count as there, where no value matches, or as absent: AWS does not say.
        return Pair(msgspec.structs.replace(pair.sure, absent=False), pair.maybe)
    return pair


def _compared(
    condition: Condition, operator: Operator, effect: Effect, version: Version, given: Given, *, many: bool, kind: Kind
) -> Pair:
    absent = _when_absent(condition, operator)
    if (many and not condition.qualifier) or (kind in _NUMERIC and operator.kind in _NUMERIC and operator.kind != kind):
        return present_or_not(absent=absent)
    quantifier = _QUANTIFIERS[condition.qualifier]
    if operator.kind in ("text", "arn"):
        sure, maybe, anything = patterns_of(condition, operator, effect, version, given)
        return of_texts(sure, maybe, anything=anything, negated=operator.negated, absent=absent, quantifier=quantifier)
    if operator.kind == "bool":
        return _bool(condition, absent=absent, quantifier=quantifier)
    if operator.kind == "binary":
        known = [literal(value) for value in condition.values if _is_base64(value)]
        # Several texts can stand for the same bytes, and some for none.
        return of_texts(known, anything=True, absent=absent, quantifier=quantifier)
    return _numeric(condition, operator, absent=absent, quantifier=quantifier)


def _when_absent(condition: Condition, operator: Operator) -> bool:
    if condition.if_exists:
        return True
    return condition.qualifier == "ForAllValues" if condition.qualifier else operator.negated


def _null(condition: Condition) -> Pair:
    if condition.if_exists or condition.qualifier or not set(_BOOLS).issuperset(condition.values):
        return OPEN
    if len(set(condition.values)) == len(_BOOLS):
        return HOLDS
    question = ABSENT if condition.values[0] == "true" else PRESENT
    return Pair(question, question)


def patterns_of(
    condition: Condition, operator: Operator, effect: Effect, version: Version, given: Given
) -> tuple[list[Pattern], list[Pattern], bool]:
    """What surely matches, what may match besides, and whether anything may."""
    sure: list[Pattern] = []
    maybe: list[Pattern] = []
    anything = False
    for value in condition.values:
        parts = template(value, version)
        if parts is None:
            anything = True
            continue
        if parts == (Variable(condition.key),) and operator.kind == "text":
            sure.append((ANY_TEXT,))  # A key always equals itself.
            continue
        filled = filled_in(parts, given)
        # A variable without a value: AWS says only of an Allow, and of a plain operator, that it does not match.
        if operator.negated or effect == "Deny":
            anything = anything or filled is None or may_lack(filled, given)
        if filled is None:
            continue
        pattern = pattern_of(filled, operator)
        if pattern is not None:
            sure.append(pattern)
            continue
        wide = pattern_of(filled, operator, blank=True)
        anything = anything or wide is None
        maybe += [] if wide is None else [wide]
    return sure, maybe, anything


def filled_in(parts: Iterable[Part], given: Given) -> tuple[Part, ...] | None:
    """The parts with the variables put in whose value is fixed; nothing if one has none and no default."""
    filled: list[Part] = []
    for part in parts:
        value = given(part.key) if isinstance(part, Variable) else None
        if not isinstance(part, Variable) or value is None or value is True:
            filled.append(part)
        elif isinstance(value, str):
            filled += [Escaped(character) for character in value]
        elif part.default is None:
            return None
        else:
            filled += [Escaped(character) for character in part.default]
    return tuple(filled)


def may_lack(parts: Iterable[Part], given: Given) -> bool:
    """Whether some requests have no value for one of the variables, and there is no default."""
    return any(isinstance(part, Variable) and part.default is None and given(part.key) is True for part in parts)


def pattern_of(parts: Iterable[Part], operator: Operator, *, blank: bool = False) -> Pattern | None:
    """A value's pattern. Nothing where a variable is open (any text if `blank`), or where AWS leaves it open."""
    pattern: Pattern = ()
    for part in parts:
        match part:
            case Plain(text):
                pattern += wildcards(text) if operator.wildcards else literal(text)
            case Escaped(character):
                pattern += (character,)
            case Variable():
                if not blank:
                    return None
                pattern += () if pattern and pattern[-1] == ANY_TEXT else (ANY_TEXT,)
    pattern = _without_double_runs(pattern)
    if operator.kind == "arn":
        return by_parts(pattern)
    return either_case(pattern) if operator.ignore_case else pattern


def _without_double_runs(pattern: Pattern) -> Pattern:
    return tuple(t for i, t in enumerate(pattern) if not (t == ANY_TEXT and i and pattern[i - 1] == ANY_TEXT))


def _bool(condition: Condition, *, absent: bool, quantifier: Quantifier) -> Pair:
    """What a value that is neither true nor false compares to is not documented."""
    wanted = set(condition.values)
    surely = Asked(fixed(*(word for word in _BOOLS if word in wanted)), absent=absent, quantifier=quantifier)
    refused = [word for word in _BOOLS if word not in wanted] if wanted.issubset(_BOOLS) else []
    return Pair(surely, Asked(fixed(*refused), True, absent, quantifier))


def _is_base64(text: str) -> bool:
    try:
        b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return False
    return True


def _numeric(condition: Condition, operator: Operator, *, absent: bool, quantifier: Quantifier) -> Pair:
    intervals: list[Interval] = []
    lost = False
    for value in condition.values:
        interval = _interval(operator, value)
        lost = lost or interval is None
        intervals += [] if interval is None else [interval]
    sure = Ranges(intervals)
    maybe = Ranges([(LOWEST, HIGHEST)]) if lost else sure
    surely, perhaps = (maybe, sure) if operator.negated else (sure, maybe)
    question = Asked(surely, operator.negated, absent, quantifier)
    return Pair(question, Asked(perhaps, operator.negated, absent, quantifier) if lost else question)


def _interval(operator: Operator, value: str) -> Interval | None:
    if operator.kind == "address":
        found = network(value)
        return None if found is None else pins.interval(found)
    read = number(value) if operator.kind == "number" else instant(value)
    return None if read is None else _ORDERED[operator.order](read)
