"""What a request must satisfy so that a condition does not hold, in plain words: how it stays clear of a Deny."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Qualifier
from providers.aws.policy.questions.plain_words import in_words

_PAIRS: Final = (
    ("StringEquals", "StringNotEquals"),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ("StringLike", "StringNotLike"),
    ("ArnEquals", "ArnNotEquals"),
    ("ArnLike", "ArnNotLike"),
    ("IpAddress", "NotIpAddress"),
    ("NumericEquals", "NumericNotEquals"),
    ("DateEquals", "DateNotEquals"),
)
_ORDERS: Final = (("LessThan", "GreaterThanEquals"), ("GreaterThan", "LessThanEquals"))
_OPPOSITES: Mapping[str, str] = MappingProxyType(
    {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
    | {
        f"{kind}{one}": f"{kind}{other}"
        for kind in ("Numeric", "Date")
        for pair in _ORDERS
        for one, other in (pair, pair[::-1])
    }
)
_SWAPPED: Mapping[Qualifier, Qualifier] = MappingProxyType(
    {"": "", "ForAllValues": "ForAnyValue", "ForAnyValue": "ForAllValues"}
)
_BOOLS: Mapping[str, str] = MappingProxyType({"true": "false", "false": "true"})


def opposite(condition: Condition) -> Condition | None:
    """The condition that holds exactly where this one does not; nothing where the language has no such."""
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.values:
        return None
    if condition.qualifier == "ForAllValues" or (operator.negated and not condition.qualifier):
        condition = msgspec.structs.replace(condition, if_exists=False)  # it holds without the key anyway
    plain = not condition.if_exists and not condition.qualifier
    if operator.kind in ("bool", "null"):
        value = _BOOLS.get(condition.values[0]) if len(set(condition.values)) == 1 else None
        if value is None or condition.qualifier or (operator.kind == "null" and not plain):
            return None
        turned = msgspec.structs.replace(condition, values=(value,))
        return turned if operator.kind == "null" else _absent_otherwise(turned)
    name = _OPPOSITES.get(condition.operator)
    # Of several bounds one is enough, but all would have to fail.
    if name is None or (operator.order != "eq" and len(condition.values) > 1):
        return None
    turned = msgspec.structs.replace(condition, operator=name, qualifier=_SWAPPED[condition.qualifier])
    if condition.qualifier:
        return None if condition.if_exists else turned
    return _absent_otherwise(turned, already=operator.negated != OPERATORS[name].negated)


def _absent_otherwise(turned: Condition, *, already: bool = False) -> Condition | None:
    """The turned condition, with the other answer for a request that lacks the key."""
    if already:
        return None if turned.if_exists else turned
    return msgspec.structs.replace(turned, if_exists=not turned.if_exists)


def clear_of(conditions: Sequence[Condition]) -> str:
    """What keeps at least one of the conditions from holding; empty if nothing can."""
    return " or ".join(dict.fromkeys(_turned(condition) for condition in conditions))


def _turned(condition: Condition) -> str:
    other = opposite(condition)
    return in_words(other) if other is not None else f"it is not so that {in_words(condition)}"
