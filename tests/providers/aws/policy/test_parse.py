from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from tests.effort import effort
from tests.providers.aws.policy.documents import Json, allow, parsed

_WORDS = st.sampled_from(
    (
        *(
            "Version",
            "Statement",
            "Effect",
            "Allow",
            "Deny",
            "Principal",
            "NotAction",
            "Action",
            "Resource",
            "Condition",
        ),
        *("*", "2012-10-17", "AWS", "StringEquals", "aws:SourceIp", "s3:GetObject", "Sid", "Id", "\ud800", "é", ""),
    )
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _WORDS
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=5), max_leaves=20
)


@given(st.text() | st.text(alphabet='{}[]":,\\ u0dS1eE-.naftr', max_size=60))
def test_any_text_gives_a_policy_or_the_reason_why_not(text: str) -> None:
    assert isinstance(parse(text), Policy | Malformed)


@settings(max_examples=effort(300))
@given(_JSON)
def test_any_json_gives_a_policy_or_the_reason_why_not(value: Json) -> None:
    assert isinstance(parse(json.dumps(value)), Policy | Malformed)


@given(st.dictionaries(_WORDS, _JSON, max_size=6))
def test_any_statement_gives_a_policy_or_the_reason_why_not(statement: dict[str, Json]) -> None:
    assert isinstance(parsed({"Version": "2012-10-17", "Statement": allow() | statement}), Policy | Malformed)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("", ""),
        ("[]", ""),
        ("null", ""),
        ("{}", ""),
        ("[" * 100_000, ""),
        ('{"a":' * 60 + "1" + "}" * 60, ""),
        ('{"Statement": [], "Statement": []}', "/Statement"),
        ('{"Statement": NaN}', ""),
        ('{"Statement": [], "Id": "\\ud800"}', "/Id"),
        ('{"Statement": [], "Id": "\ud800"}', ""),
        ('{"Statement": [], "Version": "2020-01-01"}', "/Version"),
        ('{"Statement": [], "Extra/key": 1}', "/Extra~1key"),
        ('{"Statement": [{"Effect": "allow", "Action": "*"}]}', "/Statement/0/Effect"),
        ('{"Statement": {"Effect": "Allow"}}', "/Statement"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}', "/Statement"),
        ('{"Statement": {"Effect": "Allow", "Action": 1}}', "/Statement/Action"),
        ('{"Statement": {"Effect": "Allow", "Action": []}}', "/Statement/Action"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Principal": "me"}}', "/Statement/Principal"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"Any": "*"}}}', "/Statement/Principal/Any"),
        ('{"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"Bool": 1}}}', "/Statement/Condition/Bool"),
        (
            '{"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"k": null}}}}',
            "/Statement/Condition/Bool/k",
        ),
        (" " * (1 << 20) + "{}", ""),
    ],
)
def test_what_aws_would_not_store_is_malformed_and_says_where(text: str, pointer: str) -> None:
    found = parse(text)
    assert isinstance(found, Malformed), found
    assert found.pointer == pointer
    assert found.why


def test_scalars_and_lists_objects_and_lists_mean_the_same() -> None:
    one = parsed({"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}})
    many = parsed({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["s3:*"], "Resource": ["*"]}]})
    assert isinstance(one, Policy)
    assert isinstance(many, Policy)
    assert one.version == many.version == "2008-10-17"
    assert one.statements[0].actions == many.statements[0].actions
    assert one.statements[0].principals is not None
    assert many.statements[0].principals is not None
    assert one.statements[0].principals.names[0].kind == many.statements[0].principals.names[0].kind == "everyone"


def test_conditions_keep_numbers_and_booleans_as_their_text() -> None:
    found = parse(
        '{"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"ForAnyValue:NumericLessThanIfExists":'
        ' {"S3:TlsVersion": [1.20, 111122223333]}, "Bool": {"aws:SecureTransport": false}}}}'
    )
    assert isinstance(found, Policy)
    first, second = found.statements[0].conditions
    assert (first.operator, first.qualifier, first.if_exists) == ("NumericLessThan", "ForAnyValue", True)
    assert (first.key, first.values) == ("s3:tlsversion", ("1.20", "111122223333"))
    assert second.values == ("false",)
