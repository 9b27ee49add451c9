"""From what is known of a key, and what the document says of it, to the values that a search may pick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.template import template
from providers.aws.policy.language.tree import Condition, Version
from providers.aws.policy.language.values import instant, network, number
from providers.aws.policy.symbolic import pins
from providers.aws.policy.symbolic.conditions import Given, filled_in, pattern_of
from providers.aws.policy.symbolic.known import FREE, Kind, Known
from providers.aws.policy.symbolic.patterns import literal, text_of
from providers.aws.policy.symbolic.scene import Level
from scanner.access.attribute import Body, Domain
from scanner.access.ranges import HIGHEST, LOWEST, Ranges, exactly
from scanner.access.text import Pattern, texts

Seen: TypeAlias = "tuple[tuple[Condition, Version], ...]"

_BOOLS: Final = (literal("true"), literal("false"))


def domain(known: Known, conditions: Seen, level: Level, given: Given) -> Domain:
    """The values of a key at a level: none that the document names for anyone, none of the owner's for the others."""
    if not known.languages:
        return Domain(present=False)
    kind = kind_of(known, conditions)
    inside, outside = _bodies(known, kind, conditions, level, given)
    return Domain(
        inside=inside,
        outside=outside,
        absent=known.absent,
        many=known.many,
        whole=known.whole or kind == "address",
        clear=known.clear,
    )


def kind_of(known: Known, conditions: Seen) -> Kind:
    """What the values are: as is known, else what the conditions take them for, and text where they do not agree."""
    if known.kind != "any":
        return known.kind
    operators = (OPERATORS.get(condition.operator) for condition, _ in conditions)
    kinds = {one.kind for one in operators if one is not None and one.kind != "null"}
    if len(kinds) != 1:
        return "text"
    kind = kinds.pop()
    return "text" if kind in ("text", "arn", "binary", "null") else kind  # type: ignore[return-value]  # the rest are words of Kind


def _bodies(
    known: Known, kind: Kind, conditions: Seen, level: Level, given: Given
) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
    if kind == "address":
        return _addresses(known, conditions, level)
    if kind in ("number", "date"):
        return (_numbers(known.languages, kind),), ()
    languages = known.languages
    if kind == "bool" and languages == FREE.languages:
        languages = _BOOLS
    shunned = _shunned(known, conditions, level, given)
    return (texts(languages),), (texts(tuple(shunned)),) if shunned else ()


def _numbers(languages: Iterable[Pattern], kind: Kind) -> Ranges:
    """Fixed values as numbers; all numbers where any text is possible."""
    read = instant if kind == "date" else number
    values = [read(text) for text in map(text_of, languages) if text is not None]
    fixed = [exactly(value) for value in values if value is not None]
    return Ranges(fixed if fixed else [(LOWEST, HIGHEST)])


def _addresses(known: Known, conditions: Seen, level: Level) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
    everywhere = Ranges(pins.everywhere())
    if known.pin != "address" or level == "all":
        return (everywhere,), ()
    written = [network(value) for condition, _ in conditions for value in condition.values]
    named = pins.narrow(one for one in written if one is not None) if level == "anyone" else []
    return (everywhere,), (Ranges([*pins.private(), *named]),)


def _shunned(known: Known, conditions: Seen, level: Level, given: Given) -> list[Pattern]:
    if not known.pin or level == "all":
        return list(known.shunned)
    identities = set(known.own)
    if level == "anyone":
        identities |= _named(known, conditions, given)
    return [
        *known.shunned,
        *(pattern for identity in sorted(identities) for pattern in pins.values_of(identity, known.pin)),
    ]


def _named(known: Known, conditions: Seen, given: Given) -> set[str]:
    """Identities that patterns of the document fix."""
    found: set[str] = set()
    for condition, version in conditions:
        operator = OPERATORS.get(condition.operator)
        if operator is None or operator.kind not in ("text", "arn"):
            continue
        for value in condition.values:
            parts = filled_in(template(value, version) or (), given)
            # Identifiers are in lower case; a pattern of both cases would name them, but be no single text.
            plain = msgspec.structs.replace(operator, ignore_case=False)
            pattern = None if not parts else pattern_of(parts, plain)
            if pattern is not None:
                identity = pins.identity_of(pattern, known.pin, in_parts=operator.kind == "arn")
                if identity is not None:
                    found.add(identity.lower() if operator.ignore_case else identity)
    return found
