"""Condition operators: how one value of a policy compares with one value of a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

import msgspec

from providers.aws.policy.glob import Pattern, lowered, matches, split
from providers.aws.policy.ternary import Ternary, all_of
from providers.aws.policy.values import instant, network, number

Kind = Literal["text", "arn", "number", "date", "bool", "address", "binary", "null"]


class Operator(msgspec.Struct, frozen=True):
    """What a condition operator compares, and how."""

    kind: Kind
    negated: bool = False
    wildcards: bool = False
    """Whether `*` and `?` in the policy's value are wildcards."""
    ignore_case: bool = False
    order: Literal["eq", "lt", "le", "gt", "ge"] = "eq"


_ORDERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = MappingProxyType(
    {"eq": Decimal.__eq__, "lt": Decimal.__lt__, "le": Decimal.__le__, "gt": Decimal.__gt__, "ge": Decimal.__ge__}
)
_ORDERED: Mapping[str, Literal["eq", "lt", "le", "gt", "ge"]] = MappingProxyType(
    {"Equals": "eq", "LessThan": "lt", "LessThanEquals": "le", "GreaterThan": "gt", "GreaterThanEquals": "ge"}
)

OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "StringEquals": Operator("text"),
        "StringNotEquals": Operator("text", negated=True),
        "StringEqualsIgnoreCase": Operator("text", ignore_case=True),
        "StringNotEqualsIgnoreCase": Operator("text", negated=True, ignore_case=True),
        "StringLike": Operator("text", wildcards=True),
        "StringNotLike": Operator("text", negated=True, wildcards=True),
        "ArnEquals": Operator("arn", wildcards=True),
        "ArnLike": Operator("arn", wildcards=True),
        "ArnNotEquals": Operator("arn", negated=True, wildcards=True),
        "ArnNotLike": Operator("arn", negated=True, wildcards=True),
        "Bool": Operator("bool"),
        "BinaryEquals": Operator("binary"),
        "IpAddress": Operator("address"),
        "NotIpAddress": Operator("address", negated=True),
        "Null": Operator("null"),
        "NumericNotEquals": Operator("number", negated=True),
        "DateNotEquals": Operator("date", negated=True),
        **{f"Numeric{name}": Operator("number", order=order) for name, order in _ORDERED.items()},
        **{f"Date{name}": Operator("date", order=order) for name, order in _ORDERED.items()},
    }
)


def canonical(written: str) -> tuple[str, bool]:
    """The operator's name without IfExists, and whether IfExists was there. An unknown name stays as written."""
    base = written.removesuffix("IfExists")
    return (base, base != written) if base in OPERATORS else (written, False)


def matches_text(operator: Operator, pattern: Pattern, value: str) -> Ternary:
    """Compare for the kinds `text` and `arn`, in which a policy variable may stand."""
    if operator.kind == "arn":
        return matches_arn(pattern, value)
    if operator.ignore_case:
        return matches(lowered(pattern), value.lower())
    return matches(pattern, value)


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
