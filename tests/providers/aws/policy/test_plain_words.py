"""Conditions in words: every operator has a phrase, and phrases that are alike mean the same."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.aws.policy.concrete.conditions import holds
from providers.aws.policy.concrete.variables import Context
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Qualifier
from providers.aws.policy.questions.plain_words import all_in_words, in_words, listed, quoted

_QUALIFIERS: tuple[Qualifier, ...] = ("", "ForAllValues", "ForAnyValue")
_VALUES = {
    "text": ("a", "a*", "A", "true", "5", "10.0.0.0/8", "arn:aws:iam::*:role/x"),
    "arn": ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::*:role/x", "arn:aws:s3:::?"),
    "number": ("5", "6.5"),
    "date": ("2030-01-01", "2030-01-01T00:00:00Z", "1893456000", "2030-01-01T12:00:00+02:00"),
    "bool": ("true", "false"),
    "binary": ("QmluYXJ5", "YQ=="),
    "address": ("203.0.113.0/24", "2001:db8::/32"),
    "null": ("true", "false"),
}
_IN_REQUESTS = (
    *("a", "A", "ab", "a*", "b", "true", "false", "4", "5", "5.0", "6.5", "7", "", "YQ==", "QmluYXJ5"),
    *("203.0.113.9", "10.1.1.1", "2001:db8::1", "2029-12-31", "2030-01-01", "2031-01-01T00:00:00Z", "1893456000"),
    *("arn:aws:iam::111122223333:role/x", "arn:aws:iam::1:2:role/x", "arn:aws:s3:::b", "arn:aws:s3:::?"),
)
_KEYS = (
    *("aws:sourceip", "aws:securetransport", "aws:currenttime", "aws:principaltag/team", "aws:sourcevpce"),
    *("acme:unheard", "aws:multifactorauthage", "s3:prefix"),
)
EVERY = [
    Condition(name, key, values, qualifier, if_exists)
    for name, operator in OPERATORS.items()
    for key, qualifier, if_exists in product(_KEYS, _QUALIFIERS, (False, True))
    for values in (*((value,) for value in _VALUES[operator.kind]), _VALUES[operator.kind][:2])
]


def contexts(key: str) -> list[Context]:
    sets = [("a", "5"), ("a", "true"), ("203.0.113.9", "10.1.1.1"), ()]
    return [{}, *({key: value} for value in _IN_REQUESTS), *({key: values} for values in sets)]


def test_conditions_with_the_same_words_hold_for_the_same_requests() -> None:
    by_words: dict[tuple[str, str], list[Condition]] = {}
    for condition in EVERY:
        by_words.setdefault((condition.key, in_words(condition)), []).append(condition)
    for (key, words), same in by_words.items():
        for context in contexts(key):
            answers = {holds(condition, context, "2012-10-17", "Allow") for condition in same} - {None}
            assert len(answers) < 2, f"{words!r} stands for {same}, which differ on {context}"
    assert len(by_words) > len(EVERY) / 2


def test_every_operator_has_words_of_its_own() -> None:
    plain = [Condition(name, "acme:unheard", _VALUES[each.kind][:1]) for name, each in OPERATORS.items()]
    assert not [one for one in plain if one.operator in in_words(one)]


def test_every_value_stands_in_the_words() -> None:
    for condition in EVERY:
        if OPERATORS[condition.operator].kind in ("text", "arn", "number", "address", "binary"):
            assert all(value in in_words(condition) for value in condition.values)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("IpAddress", "aws:sourceip", ("203.0.113.0/24",)), "from 203.0.113.0/24"),
        (Condition("NotIpAddress", "aws:sourceip", ("10.0.0.0/8", "::/0")), "not from 10.0.0.0/8 or ::/0"),
        (Condition("Bool", "aws:multifactorauthpresent", ("true",)), "with MFA"),
        (
            Condition("Bool", "aws:multifactorauthpresent", ("false",), if_exists=True),
            "without MFA, if aws:multifactorauthpresent is present",
        ),
        (Condition("Bool", "aws:securetransport", ("true",)), "over TLS"),
        (Condition("Bool", "aws:securetransport", ("true", "false")), "aws:securetransport is true or false"),
        (Condition("Bool", "acme:flag", ("true",)), "acme:flag is true"),
        (Condition("StringEquals", "aws:principaltag/team", ("a",)), "the tag team of the principal is a"),
        (Condition("StringNotEquals", "aws:requesttag/a b", ("",)), 'the tag "a b" in the request is not ""'),
        (Condition("StringLike", "ec2:resourcetag/env", ("p*", "t")), "the tag env of the resource matches p* or t"),
        (Condition("StringNotLike", "s3:prefix", ("p*",)), "the prefix does not match p*"),
        (Condition("StringLike", "s3:prefix", ("p",)), "the prefix is p"),
        (
            Condition("StringEqualsIgnoreCase", "aws:username", ("ann",)),
            "the user name is ann in upper or lower case",
        ),
        (Condition("DateLessThan", "aws:currenttime", ("2030-01-01T00:00:00Z",)), "before 2030-01-01"),
        (Condition("DateGreaterThanEquals", "aws:epochtime", ("1893456000",)), "not before 2030-01-01"),
        (Condition("DateNotEquals", "aws:currenttime", ("2030-01-01",)), "not at exactly 2030-01-01"),
        (
            Condition("DateLessThanEquals", "aws:tokenissuetime", ("99999999999999999999",)),
            "the issue time of the token is until 99999999999999999999",
        ),
        (Condition("NumericLessThan", "aws:multifactorauthage", ("3600",)), "the seconds since MFA is less than 3600"),
        (Condition("NumericNotEquals", "s3:max-keys", ("10",)), "s3:max-keys does not equal 10"),
        (
            Condition("ArnLike", "aws:principalarn", ("arn:aws:iam::1:role/*",)),
            "the ARN of the principal matches the ARN arn:aws:iam::1:role/*",
        ),
        (Condition("BinaryEquals", "acme:key", ("YQ==",)), "acme:key is YQ== in base64"),
        (Condition("Null", "aws:principaltag/x", ("true",)), "the tag x of the principal is absent"),
        (Condition("Null", "aws:sourcevpce", ("false",)), "the VPC endpoint is present"),
        (Condition("StringNotEquals", "aws:sourcevpce", ("vpce-1",)), "not through the VPC endpoint vpce-1"),
        (
            Condition("StringEquals", "aws:tagkeys", ("a", "b"), "ForAllValues"),
            "every value of the tag keys in the request, if there is any, is a or b",
        ),
        (
            Condition("StringEquals", "aws:tagkeys", ("a",), "ForAnyValue", True),
            "some value of the tag keys in the request is a, if the tag keys in the request is present",
        ),
        (
            Condition("StringResembles", "aws:username", ("ann", "b b"), "ForAnyValue"),
            'ForAnyValue:StringResembles of aws:username with ["ann", "b b"]',
        ),
        (Condition("Bool", "aws:securetransport", ("yes",)), 'Bool of aws:securetransport with ["yes"]'),
        (Condition("IpAddress", "aws:sourceip", ("home",)), 'IpAddress of aws:sourceip with ["home"]'),
        (Condition("ArnLike", "aws:sourcearn", ("arn:*",)), 'ArnLike of aws:sourcearn with ["arn:*"]'),
        (Condition("StringEquals", "s3:prefix", ()), "StringEquals of s3:prefix with []"),
        (Condition("Null", "s3:prefix", ("true",), if_exists=True), 'NullIfExists of s3:prefix with ["true"]'),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_conditions_read_like_this(condition: Condition, words: str) -> None:
    assert in_words(condition) == words


def test_long_lists_are_cut_and_say_so() -> None:
    values = tuple(f"10.0.0.{number}/32" for number in range(10))
    assert in_words(Condition("IpAddress", "aws:sourceip", values)).endswith("10.0.0.7/32 or 2 more")
    assert in_words(Condition("Resembles", "aws:sourceip", values)).endswith('"10.0.0.7/32"] and 2 more')
    assert listed(("a", "b", "c")) == "a, b or c"
    assert listed(("a", "b"), "and") == "a and b"


def test_conditions_of_a_statement_are_joined_once_each() -> None:
    tls = Condition("Bool", "aws:securetransport", ("true",))
    assert (
        all_in_words((tls, Condition("Bool", "aws:multifactorauthpresent", ("true",)), tls)) == "over TLS and with MFA"
    )
    assert all_in_words(()) == ""


@given(
    st.builds(
        Condition,
        st.one_of(st.sampled_from(sorted(OPERATORS)), st.text()),
        st.one_of(st.sampled_from(_KEYS), st.text()),
        st.lists(st.text()).map(tuple),
        st.sampled_from(_QUALIFIERS),
        st.booleans(),
    )
)
def test_hostile_text_cannot_leave_its_line(condition: Condition) -> None:
    words = in_words(condition)
    assert words.isprintable()
    assert words.isascii()
    assert quoted(words)
