"""The names of condition operators, and what each compares. Shared data: both evaluators compare for themselves.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

Kind = Literal["text", "arn", "number", "date", "bool", "address", "binary", "null"]
Order = Literal["eq", "lt", "le", "gt", "ge"]


class Operator(msgspec.Struct, frozen=True):
    """What a condition operator compares, and how."""

    kind: Kind
    negated: bool = False
    wildcards: bool = False
    """Whether `*` and `?` in the policy's value are wildcards."""
    ignore_case: bool = False
    order: Order = "eq"


_ORDERED: Mapping[str, Order] = MappingProxyType(
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
