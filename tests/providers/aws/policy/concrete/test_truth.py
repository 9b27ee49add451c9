"""Conditions as true or false, over every operator and every form of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import pytest

from providers.aws.policy.concrete.items import answer_item
from providers.aws.policy.language.operators import OPERATORS
from tests.providers.aws.policy.concrete.case import Json

_NEW_YEAR = "2024-01-01T00:00:00Z"
_POSITIVE: dict[str, tuple[Json, Json, Json]] = {
    "StringEquals": ("a", "a", "A"),
    "StringEqualsIgnoreCase": ("a", "A", "b"),
    "StringLike": ("a?c*", "abcd", "ac"),
    "ArnEquals": ("arn:aws:s3:::b*", "arn:aws:s3:::bx", "arn:aws:s3:::c"),
    "ArnLike": ("arn:aws:*:*:1:t", "arn:aws:sns:eu:1:t", "arn:aws:sns:eu:2:t"),
    "NumericEquals": ("10", "10.0", "11"),
    "NumericLessThan": ("10", "-9.5", "10"),
    "NumericLessThanEquals": (10, "10", "11"),
    "NumericGreaterThan": ("10", "10.1", "10"),
    "NumericGreaterThanEquals": ("10", 10, "9"),
    "DateEquals": (_NEW_YEAR, "1704067200", "2024-01-02T00:00:00Z"),
    "DateLessThan": (_NEW_YEAR, "2023-12-31T23:59:59Z", _NEW_YEAR),
    "DateLessThanEquals": (_NEW_YEAR, _NEW_YEAR, "2024-01-01T00:00:00.5Z"),
    "DateGreaterThan": (_NEW_YEAR, "2024-01-01T00:00:00-01:00", _NEW_YEAR),
    "DateGreaterThanEquals": ("2024-01-01", _NEW_YEAR, "2023-12-31"),
    "Bool": ("true", True, "false"),
    "BinaryEquals": ("QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5"),
    "IpAddress": ("203.0.113.0/24", "203.0.113.9", "203.0.114.1"),
}
_OPPOSITES = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}


def holds(condition: Json, version: str = "2012-10-17", /, **context: Json) -> bool:
    answer = answer_item({"kind": "condition", "condition": condition, "context": context, "version": version})
    assert isinstance(answer, bool)
    return answer


def test_every_operator_of_the_reference_is_tried() -> None:
    assert {*_POSITIVE, *_OPPOSITES, "Null"} == set(OPERATORS)


@pytest.mark.parametrize("operator", sorted(_POSITIVE))
def test_positive_operators(operator: str) -> None:
    wanted, matching, other = _POSITIVE[operator]
    for suffix in ("", "IfExists"):
        assert holds({f"{operator}{suffix}": {"k": wanted}}, k=matching)
        assert not holds({f"{operator}{suffix}": {"k": wanted}}, k=other)
        assert holds({f"{operator}{suffix}": {"k": [wanted, wanted]}}, k=matching)
    assert not holds({operator: {"k": wanted}})
    assert holds({f"{operator}IfExists": {"k": wanted}})
    assert holds({f"ForAnyValue:{operator}": {"k": wanted}}, k=[other, matching])
    assert not holds({f"ForAnyValue:{operator}": {"k": wanted}}, k=[other])
    assert not holds({f"ForAnyValue:{operator}": {"k": wanted}})
    assert holds({f"ForAnyValue:{operator}IfExists": {"k": wanted}})
    assert holds({f"ForAllValues:{operator}": {"k": wanted}}, k=[matching, matching])
    assert not holds({f"ForAllValues:{operator}": {"k": wanted}}, k=[matching, other])
    assert holds({f"ForAllValues:{operator}": {"k": wanted}})
    assert holds({f"ForAllValues:{operator}": {"k": wanted}}, k=[])


@pytest.mark.parametrize("operator", sorted(_OPPOSITES))
def test_negated_operators(operator: str) -> None:
    wanted, matching, other = _POSITIVE[_OPPOSITES[operator]]
    for suffix in ("", "IfExists"):
        assert not holds({f"{operator}{suffix}": {"k": wanted}}, k=matching)
        assert holds({f"{operator}{suffix}": {"k": wanted}}, k=other)
        assert holds({f"{operator}{suffix}": {"k": wanted}})
        assert not holds({f"{operator}{suffix}": {"k": [wanted, wanted]}}, k=matching)
    assert holds({f"ForAnyValue:{operator}": {"k": wanted}}, k=[matching, other])
    assert not holds({f"ForAnyValue:{operator}": {"k": wanted}}, k=[matching])
    assert not holds({f"ForAnyValue:{operator}": {"k": wanted}})
    assert holds({f"ForAllValues:{operator}": {"k": wanted}}, k=[other, other])
    assert not holds({f"ForAllValues:{operator}": {"k": wanted}}, k=[other, matching])
    assert holds({f"ForAllValues:{operator}": {"k": wanted}})


def test_none_of_several_values_may_match_a_negated_operator() -> None:
    assert not holds({"StringNotEquals": {"k": ["a", "b"]}}, k="b")
    assert holds({"StringNotEquals": {"k": ["a", "b"]}}, k="c")
    assert not holds({"NotIpAddress": {"k": ["10.0.0.0/8", "203.0.113.0/24"]}}, k="203.0.113.1")


@pytest.mark.parametrize("wanted", ["true", True, "false", False])
def test_null(wanted: Json) -> None:
    is_true = wanted in ("true", True)
    assert holds({"Null": {"k": wanted}}) is is_true
    assert holds({"Null": {"k": wanted}}, k=[]) is is_true
    assert holds({"Null": {"k": wanted}}, k="") is is_true
    assert holds({"Null": {"k": wanted}}, k="v") is not is_true
    assert holds({"Null": {"k": wanted}}, k=["v"]) is not is_true


@pytest.mark.parametrize(
    ("condition", "context", "why"),
    [
        ({"NullIfExists": {"k": "true"}}, {}, "IfExists goes with any operator but Null"),
        ({"StringResembles": {"k": "a"}}, {"k": "a"}, "an unknown operator"),
        ({"ForSome:StringEquals": {"k": "a"}}, {"k": "a"}, "an unknown qualifier"),
        ({"StringEquals": {"k": "a"}}, {"k": ["a", "b"]}, "many values, no qualifier"),
        ({"StringEquals": {"k": "a"}}, {"k": ["a"]}, "a set of one, no qualifier"),
        ({"StringNotEquals": {"k": "c"}}, {"k": ["a", "b"]}, "the same, negated"),
        ({"NumericLessThan": {"k": "ten"}}, {"k": "1"}, "no number in the policy"),
        ({"NumericLessThan": {"k": "10"}}, {"k": "one"}, "no number in the request"),
        ({"NumericNotEquals": {"k": "ten"}}, {"k": "1"}, "the same, negated"),
        ({"DateLessThan": {"k": "soon"}}, {"k": _NEW_YEAR}, "no date"),
        ({"IpAddress": {"k": "10.0.0.0/33"}}, {"k": "10.0.0.1"}, "no range"),
        ({"IpAddress": {"k": "10.0.0.0/8"}}, {"k": "10.0.0.0/16"}, "a request comes from one address"),
        ({"Bool": {"k": "yes"}}, {"k": "yes"}, "no truth value"),
        ({"BinaryEquals": {"k": "?"}}, {"k": "a"}, "no base64"),
        ({"StringEquals": {"k": []}}, {"k": "a"}, "no alternatives"),
        ({"StringEquals": {"k": "a*"}}, {"k": "abc"}, "no wildcards in StringEquals"),
        ({"ArnLike": {"k": "arn:*:*:*:*:*"}}, {"k": "arn:aws"}, "no ARN"),
        ({"StringEquals": {"k": "${aws:username}"}}, {"k": "ann"}, "a variable without a value"),
        ({"StringNotEquals": {"k": "${aws:username}"}}, {"k": "ann"}, "the same, negated"),
        ({"ArnLike": {"k": "arn:aws:s3*"}}, {"k": "arn:aws:s3:::b"}, "a wildcard stays inside its part"),
        ({"ArnLike": {"k": "*"}}, {"k": "arn:aws:s3:::b"}, "all six parts must be there"),
        ({"ArnEquals": {"k": "arn:aws:iam::*:role/x"}}, {"k": "arn:aws:iam::1:2:role/x"}, "nor does it cross a colon"),
    ],
)
def test_what_does_not_match(condition: Json, context: dict[str, Json], why: str) -> None:
    assert holds(condition, **context) is False, why


@pytest.mark.parametrize(
    ("condition", "context", "why"),
    [
        ({}, {}, "no conditions"),
        ({"StringEquals": {}}, {}, "no keys"),
        ({"StringNotEquals": {"k": []}}, {"k": "a"}, "equal to no alternative"),
        ({"StringEqualsIfExists": {"k": []}}, {}, "no alternatives, no key"),
        ({"StringEquals": {"K": "a"}}, {"k": "a"}, "names of keys ignore case"),
        ({"StringEquals": {"aws:PrincipalTag/Team": "a"}}, {"aws:principaltag/team": "a"}, "names of tags too"),
        ({"forallvalues:StringEquals": {"k": "a"}}, {"k": ["a"]}, "and qualifiers"),
        ({"ForAllValues:StringEquals": {"k": "a"}}, {"k": ""}, "an empty text is an empty set"),
        ({"StringEquals": {"k": ""}}, {"k": ""}, "but equal to itself"),
        ({"ForAnyValue:StringEquals": {"k": ["a", "b"]}}, {"k": "b"}, "one value is a set of one"),
        ({"StringEquals": {"k": "*"}}, {"k": "*"}, "no wildcards in StringEquals"),
        ({"StringLike": {"k": "plain"}}, {"k": "plain"}, "StringLike without wildcards"),
        ({"StringLike": {"k": "arn:*:x"}}, {"k": "arn:a:b:x"}, "wildcards of texts cross colons"),
        ({"StringLike": {"k": "a${*}${?}${$}"}}, {"k": "a*?$"}, "escapes"),
        ({"StringEquals": {"k": "${aws:username}"}}, {"k": "ann", "aws:username": "ann"}, "a variable"),
        ({"StringEquals": {"k": "${AWS:UserName}"}}, {"k": "ann", "aws:username": "ann"}, "in any case"),
        ({"StringEquals": {"k": "${t, 'none'}"}}, {"k": "none"}, "a default"),
        ({"StringEquals": {"k": "${t,'a, b'}"}}, {"k": "a, b"}, "a default with a comma"),
        ({"StringEquals": {"k": "${t, ''}x"}}, {"k": "x"}, "an empty default"),
        (
            {"StringEquals": {"k": "${aws:PrincipalTag/cost center}"}},
            {"k": "7", "aws:PrincipalTag/cost center": "7"},
            "a space in a tag",
        ),
        ({"ArnLike": {"k": "arn:aws:s3:::${b}/*"}}, {"k": "arn:aws:s3:::x/y", "b": "x"}, "variables in ARNs"),
        ({"NumericEquals": {"k": ["ten", "10"]}}, {"k": "10"}, "a malformed alternative beside a good one"),
        ({"NumericLessThan": {"k": 10}}, {"k": 9}, "JSON numbers"),
        ({"Bool": {"k": False}}, {"k": "false"}, "JSON booleans"),
        ({"Bool": {"k": "True"}}, {"k": "true"}, "the case of a truth value"),
        ({"BinaryEquals": {"k": "QmluYXJ5"}}, {"k": "Binary"}, "the bytes themselves"),
        ({"IpAddress": {"k": "203.0.113.7/24"}}, {"k": "203.0.113.200"}, "a range written by one of its addresses"),
        ({"IpAddress": {"k": "203.0.113.7"}}, {"k": "203.0.113.7"}, "an address is a range of one"),
        ({"IpAddress": {"k": "2001:DB8::/32"}}, {"k": "2001:db8:0:0::1"}, "spellings of IPv6"),
        ({"NotIpAddress": {"k": "0.0.0.0/0"}}, {"k": "2001:db8::1"}, "IPv4 covers no IPv6"),
        ({"NotIpAddress": {"k": "203.0.113.0/24"}}, {"k": "::ffff:203.0.113.9"}, "nor IPv4 written as IPv6"),
        ({"DateGreaterThan": {"k": "1704067199"}}, {"k": _NEW_YEAR}, "seconds against a date"),
        ({"DateGreaterThan": {"aws:CurrentTime": "2024-01-01"}}, {"aws:CurrentTime": "2024-06-01T12:00:00Z"}, "a day"),
        ({"DateEquals": {"k": "2024-01-01T01:00:00+01:00"}}, {"k": _NEW_YEAR}, "time zones"),
    ],
)
def test_what_matches(condition: Json, context: dict[str, Json], why: str) -> None:
    assert holds(condition, **context) is True, why


def test_conditions_are_anded_and_values_ored() -> None:
    both = {"StringEquals": {"k": ["a", "b"], "l": "c"}, "Bool": {"m": "true"}}
    assert holds(both, k="b", l="c", m="true")
    assert not holds(both, k="b", l="c", m="false")
    assert not holds(both, k="b", m="true")


def test_the_old_language_has_no_variables() -> None:
    wanted = {"StringEquals": {"k": "${aws:username}"}}
    assert holds(wanted, "2008-10-17", k="${aws:username}")
    assert not holds(wanted, "2008-10-17", **{"k": "ann", "aws:username": "ann"})
    assert holds({"StringLike": {"k": "a${*}"}}, "2008-10-17", k="a${xyz}")
