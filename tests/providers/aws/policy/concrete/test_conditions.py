"""Our truth table: what each operator says with the key there, another value there, and the key absent."""

from __future__ import annotations

from typing import Literal

import pytest

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide
from tests.providers.aws.policy.concrete.case import Json, policy

_OTHERS = {
    "StringEquals": ("a", "a", "b"),
    "StringEqualsIgnoreCase": ("a", "A", "b"),
    "StringLike": ("a*", "abc", "ba"),
    "ArnEquals": ("arn:aws:sns:*:1:t", "arn:aws:sns:eu:1:t", "arn:aws:sns:eu:2:t"),
    "ArnLike": ("arn:aws:s3:::b*", "arn:aws:s3:::b/x", "arn:aws:s3:::c"),
    "NumericEquals": ("10", "10.0", "11"),
    "NumericLessThan": ("10", "9.5", "10"),
    "NumericLessThanEquals": ("10", "10", "10.01"),
    "NumericGreaterThan": ("10", "11", "10"),
    "NumericGreaterThanEquals": ("10", "10", "-10"),
    "DateEquals": ("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-02T00:00:00Z"),
    "DateLessThan": ("2024-01-01T00:00:00Z", "1704067199", "1704067200"),
    "DateLessThanEquals": ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z"),
    "DateGreaterThan": ("2024-01-01", "2024-01-01T00:00:01Z", "2024-01-01T00:00:00Z"),
    "DateGreaterThanEquals": ("2024-01-01", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z"),
    "Bool": ("true", "true", "false"),
    "IpAddress": ("203.0.113.0/24", "203.0.113.9", "203.0.114.1"),
    "BinaryEquals": ("QmluYXJ5", "QmluYXJ5", "QmluYXJ4"),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
Answer = Literal["allow", "none", "unknown"]
_BY_TRUTH: dict[bool, Answer] = {True: "allow", False: "none"}


def says(condition: Json, context: dict[str, str | tuple[str, ...]], version: str = "2012-10-17") -> str:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return decide(policy(statement, version=version), Request(Caller.anonymous(), "a:B", "*", context))


@pytest.mark.parametrize("operator", sorted(_OTHERS))
def test_positive_operators(operator: str) -> None:
    wanted, matching, other = _OTHERS[operator]
    assert says({operator: {"k:K": wanted}}, {"K:k": matching}) == "allow"
    assert says({operator: {"k:k": wanted}}, {"k:k": other}) == "none"
    assert says({operator: {"k:k": wanted}}, {}) == "none"
    assert says({f"{operator}IfExists": {"k:k": wanted}}, {}) == "allow"
    assert says({f"{operator}IfExists": {"k:k": wanted}}, {"k:k": other}) == "none"


@pytest.mark.parametrize("operator", sorted(_NEGATED))
def test_negated_operators(operator: str) -> None:
    wanted, matching, other = _OTHERS[_NEGATED[operator]]
    assert says({operator: {"k:k": wanted}}, {"k:k": matching}) == "none"
    assert says({operator: {"k:k": wanted}}, {"k:k": other}) == "allow"
    assert says({operator: {"k:k": [wanted, wanted]}}, {"k:k": matching}) == "none"
    assert says({operator: {"k:k": wanted}}, {}) == "allow"
    assert says({f"{operator}IfExists": {"k:k": wanted}}, {}) == "allow"


@pytest.mark.parametrize(
    ("condition", "values", "truth"),
    [
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, ("a", "b"), True),
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, ("a", "c"), False),
        ({"ForAllValues:StringEquals": {"k": "a"}}, (), True),
        ({"ForAllValues:StringEquals": {"k": "a"}}, None, True),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, ("x", "a"), True),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, ("x",), False),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, (), False),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, None, False),
        ({"ForAllValues:StringNotEquals": {"k": "a"}}, ("x", "a"), False),
        ({"ForAnyValue:StringNotEquals": {"k": "a"}}, ("x", "a"), True),
        ({"ForAllValues:StringNotEquals": {"k": "a"}}, None, True),
    ],
)
def test_sets(condition: Json, values: tuple[str, ...] | None, truth: bool) -> None:
    assert says(condition, {} if values is None else {"k": values}) == _BY_TRUTH[truth]


@pytest.mark.parametrize(
    ("wanted", "context", "answer"),
    [
        ("true", {}, "allow"),
        ("true", {"k": "v"}, "none"),
        ("false", {}, "none"),
        ("false", {"k": "v"}, "allow"),
        ("true", {"k": ()}, "allow"),
        ("false", {"k": ()}, "none"),
        (True, {}, "allow"),
        ("maybe", {}, "unknown"),
    ],
)
def test_null(wanted: Json, context: dict[str, str | tuple[str, ...]], answer: Answer) -> None:
    assert says({"Null": {"k": wanted}}, context) == answer


@pytest.mark.parametrize(
    ("condition", "context"),
    [
        ({"NumericLessThan": {"k": "ten"}}, {"k": "1"}),
        ({"DateLessThan": {"k": "soon"}}, {"k": "2020-01-01"}),
        ({"IpAddress": {"k": "999.0.0.1"}}, {"k": "10.0.0.1"}),
        ({"Bool": {"k": "yes"}}, {"k": "true"}),
        ({"StringResembles": {"k": "a"}}, {"k": "a"}),
        ({"NullIfExists": {"k": "true"}}, {}),
        ({"StringEquals": {"k": "a"}}, {"k": ("a",)}),
        ({"StringNotEquals": {"k": "${aws:nothing}"}}, {"k": "a"}),
        ({"ArnLike": {"k": "arn:aws:*"}}, {"k": "arn:aws:s3:::b"}),
        ({"StringEquals": {"k": []}}, {"k": "a"}),
    ],
)
def test_what_aws_leaves_undefined_is_unknown(condition: Json, context: dict[str, str | tuple[str, ...]]) -> None:
    assert says(condition, context) == "unknown"


def test_malformed_alternatives_do_not_hide_one_that_matches() -> None:
    assert says({"NumericEquals": {"k": ["ten", "10"]}}, {"k": "10"}) == "allow"


def test_ipv4_ranges_never_hold_ipv6() -> None:
    assert says({"IpAddress": {"k": "0.0.0.0/0"}}, {"k": "2001:db8::1"}) == "none"


def test_conditions_are_anded_and_values_ored() -> None:
    both = {"StringEquals": {"k": ["a", "b"], "l": "c"}}
    assert says(both, {"k": "b", "l": "c"}) == "allow"
    assert says(both, {"k": "b"}) == "none"


def test_wildcards_of_arns_stay_inside_their_part_and_those_of_strings_do_not() -> None:
    foreign = "arn:aws:iam::444455556666:role/x:111122223333"
    assert says({"ArnLike": {"k": "arn:aws:iam:*:111122223333*"}}, {"k": foreign}) == "unknown"
    assert says({"ArnLike": {"k": "arn:aws:iam:*:111122223333:*"}}, {"k": foreign}) == "none"
    assert says({"StringLike": {"k": "arn:aws:iam:*:111122223333"}}, {"k": foreign}) == "allow"


@pytest.mark.parametrize(
    ("wanted", "context", "answer"),
    [
        ("${aws:username}", {"k": "ann", "aws:username": "ann"}, "allow"),
        ("${aws:username}", {"k": "ann"}, "none"),
        ("${aws:username, 'ann'}", {"k": "ann"}, "allow"),
        ("a${*}", {"k": "a*"}, "allow"),
        ("a${*}", {"k": "abc"}, "none"),
        ("${aws:username}", {"k": "abc", "aws:username": "*"}, "none"),
        ("${aws:tagkeys}", {"k": "a", "aws:tagkeys": ("a",)}, "unknown"),
        ("${open", {"k": "${open"}, "unknown"),
    ],
)
def test_variables(wanted: str, context: dict[str, str | tuple[str, ...]], answer: Answer) -> None:
    assert says({"StringLike": {"k": wanted}}, context) == answer


def test_the_old_language_has_no_variables() -> None:
    wanted = {"StringEquals": {"k": "${aws:username}"}}
    assert says(wanted, {"k": "${aws:username}", "aws:username": "ann"}, version="2008-10-17") == "allow"
