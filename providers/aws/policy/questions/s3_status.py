"""S3's own notion of a public policy, which decides what RestrictPublicBuckets cuts. It looks at the text only.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from typing import Final, Literal

from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Condition, Policy, PrincipalName, Principals, Statement
from providers.aws.policy.language.values import network
from providers.aws.policy.symbolic.patterns import wildcards
from providers.aws.policy.symbolic.pins import identity_of, is_private, is_wide, merged
from scanner.ternary import Ternary, all_of, any_of, invert

_FIXED_KEYS: Final = frozenset(
    {
        "aws:principalorgid",
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "aws:userid",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    }
)
_PRINCIPAL_KEYS: Final = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:principalorgpaths", "aws:principalservicename"}
)
"""Keys that also say who asks, but that AWS' list does not spell out."""
_PLAIN_OPERATORS: Final = frozenset({"StringEquals", "StringLike", "ArnEquals", "ArnLike"})


def policy_status_public(policy: Policy) -> bool | Literal["unknown"]:
    """Whether S3 calls the policy public: it asks whether each Allow is limited to fixed values, and ignores Denies."""
    allows = (statement for statement in policy.statements if statement.effect == "Allow")
    answer = any_of(_is_public(statement) for statement in allows)
    return "unknown" if answer is None else answer


def _is_public(statement: Statement) -> Ternary:
    limited = any_of(
        (_names_fixed(statement.principals), any_of(_limits(condition) for condition in statement.conditions))
    )
    return invert(limited)


def _names_fixed(principals: Principals | None) -> Ternary:
    if principals is None:
        return None
    return False if principals.negated else all_of(_is_fixed(name) for name in principals.names)


def _is_fixed(name: PrincipalName) -> Ternary:
    match name.kind:
        case "everyone" | "Federated":
            return False
        case "Service" | "CanonicalUser":
            return None if "*" in name.text else True
        case "AWS":
            wild = "*" in name.text or "?" in name.text
            return None if wild or named(name.text).kind == "unclear" else True


def _limits(condition: Condition) -> Ternary:
    """Whether a condition limits the statement to fixed values; None where AWS' rule does not say."""
    key = condition.key
    if key not in _FIXED_KEYS and key not in _PRINCIPAL_KEYS and key != "aws:sourceip":
        return False
    # S3 takes a policy for public until something limits it: what lets through requests without the value does not.
    negated = "Not" in condition.operator or condition.operator == "Null"
    if condition.if_exists or condition.qualifier == "ForAllValues" or negated:
        return False
    if condition.qualifier:
        return None
    if key == "aws:sourceip":
        return _limits_addresses(condition)
    if condition.operator not in _PLAIN_OPERATORS or key in _PRINCIPAL_KEYS or not condition.values:
        return None
    return all_of(_is_fixed_value(key, value) for value in condition.values)


def _is_fixed_value(key: str, value: str) -> Ternary:
    wild = any(mark in value for mark in ("*", "?", "${"))
    if key == "aws:userid" and value.endswith(":*"):
        return False
    if not wild:
        return True
    account = identity_of(wildcards(value), "arn", in_parts=True)
    if key == "s3:dataaccesspointarn" and account is not None and "${" not in value:
        return True
    # A wildcard behind a fixed account is no fixed value by the text, but S3 may know better.
    return None if account is not None else False


def _limits_addresses(condition: Condition) -> Ternary:
    ranges = [network(value) for value in condition.values]
    known = [one for one in ranges if one is not None]
    if condition.operator != "IpAddress" or len(known) < len(ranges) or not known:
        return None
    if any(is_wide(one) and not is_private(one) for one in known):
        return False
    return None if any(is_wide(one) for one in merged(known)) else True
