"""Condition operators: how one value of a policy compares with one value of a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from providers.aws.policy.concrete.glob import Pattern, like, lowered, matches, split
from providers.aws.policy.language.operators import Operator
from providers.aws.policy.language.values import instant, network, number
from scanner.ternary import Ternary, all_of

_ORDERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = MappingProxyType(
    {"eq": Decimal.__eq__, "lt": Decimal.__lt__, "le": Decimal.__le__, "gt": Decimal.__gt__, "ge": Decimal.__ge__}
)


def matches_text(operator: Operator, pattern: Pattern, value: str) -> Ternary:
    """Compare for the kinds `text` and `arn`, in which a policy variable may stand."""
    if operator.kind == "arn":
        return matches_arn(pattern, value)
    if operator.ignore_case:
        return matches(lowered(pattern), value.lower())
    return matches(pattern, value)


def matches_written(operator: Operator, wanted: str, value: str) -> Ternary:
    """The same for a value of the policy in which no variable stands."""
    if operator.kind == "arn":
        parts, given = wanted.split(":", 5), value.split(":", 5)
        if len(parts) < 6:
            return None
        return len(given) == 6 and all(map(like, parts, given))
    if operator.ignore_case:
        return wanted.lower() == value.lower()
    return like(wanted, value) if operator.wildcards else wanted == value


def matches_arn(pattern: Pattern, value: str) -> Ternary:
    """Compare the six parts of an ARN, each for itself. A pattern of fewer parts is not defined by AWS."""
    wanted = split(pattern, ":", 6)
    if len(wanted) < 6:
        return None
    given = value.split(":", 5)
    if len(given) < 6:
        return False
    return all(matches(part, text) for part, text in zip(wanted, given, strict=True))


def matches_plain(operator: Operator, wanted: str, value: str) -> Ternary:
    """Compare for the other kinds. What is malformed on either side is not known."""
    match operator.kind:
        case "number":
            return _ordered(operator, number(wanted), number(value))
        case "date":
            return _ordered(operator, instant(wanted), instant(value))
        case "bool":
            known = ("true", "false")
            return wanted == value if wanted in known and value in known else None
        case "address":
            return _within(wanted, value)
        case "binary":
            return _same_bytes(wanted, value)
        case "null" | "text" | "arn":
            return None


def _ordered(operator: Operator, wanted: Decimal | None, value: Decimal | None) -> Ternary:
    if wanted is None or value is None:
        return None
    return _ORDERS[operator.order](value, wanted)


def _within(wanted: str, value: str) -> Ternary:
    around, address = network(wanted), network(value)
    if around is None or address is None or "/" in value:
        return None
    return all_of((around.version == address.version, address.network_address in around))


def _same_bytes(wanted: str, value: str) -> Ternary:
    try:
        return b64decode(wanted, validate=True) == b64decode(value, validate=True)
    except (Base64Error, ValueError):
        return None
