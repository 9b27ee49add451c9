"""Statements in words, and what keeps clear of a Deny."""

from __future__ import annotations

import pytest

from providers.aws.policy.concrete.conditions import holds
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition
from providers.aws.policy.questions.opposites import clear_of, opposite
from providers.aws.policy.questions.statement_words import statement_in_words
from tests.providers.aws.policy.documents import BUCKET, FRIEND, OWN, Json, allow, deny, policy
from tests.providers.aws.policy.test_plain_words import EVERY, contexts


def test_the_opposite_holds_where_the_condition_does_not() -> None:
    turned = [(condition, other) for condition in EVERY if (other := opposite(condition)) is not None]
    assert len(turned) > len(EVERY) / 2
    for condition, other in turned:
        for context in contexts(condition.key):
            answer = holds(condition, context, "2012-10-17", "Deny")
            if answer is not None:
                assert holds(other, context, "2012-10-17", "Deny") is not answer, (condition, other, context)


def test_nearly_every_operator_has_an_opposite() -> None:
    lacking = {name for name in OPERATORS if opposite(Condition(name, "aws:referer", ("true",))) is None}
    assert lacking == {"BinaryEquals"}


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((Condition("Bool", "aws:securetransport", ("false",), if_exists=True),), "over TLS"),
        (
            (Condition("Bool", "aws:securetransport", ("false",)),),
            "over TLS, if aws:securetransport is present",
        ),
        ((Condition("StringNotEquals", "aws:principalorgid", ("o-a",)),), "the organization of the principal is o-a"),
        (
            (
                Condition("NotIpAddress", "aws:sourceip", ("203.0.113.0/24",)),
                Condition("Null", "aws:sourcevpce", ("true",)),
            ),
            "from 203.0.113.0/24 or the VPC endpoint is present",
        ),
        ((Condition("BinaryEquals", "acme:key", ("YQ==",)),), "it is not so that acme:key is YQ== in base64"),
        ((), ""),
    ],
)
def test_what_keeps_clear_of_a_deny(conditions: tuple[Condition, ...], words: str) -> None:
    assert clear_of(conditions) == words


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (allow(), f"allows everyone s3:GetObject on {BUCKET}/*"),
        (
            allow({"Bool": {"aws:SecureTransport": "true"}}, Principal={"AWS": [OWN, f"arn:aws:iam::{FRIEND}:role/x"]}),
            f"allows account {OWN} and arn:aws:iam::{FRIEND}:role/x s3:GetObject on {BUCKET}/*, if over TLS",
        ),
        (
            allow(Principal=None, Action=["s3:Get*", "s3:Put*"], Resource="*"),
            "allows s3:Get* and s3:Put* on all resources",
        ),
        (allow(Principal=None, Action=None, NotAction="iam:*"), f"allows all actions but iam:* on {BUCKET}/*"),
        (
            deny(
                Principal=None,
                NotPrincipal={"Service": "sns.amazonaws.com"},
                Action="*",
                Resource=None,
                NotResource=BUCKET,
            ),
            f"denies everyone but service sns.amazonaws.com all actions on all resources but {BUCKET}",
        ),
        (
            allow(Principal={"Federated": "accounts.google.com"}, Resource=None),
            "allows users of accounts.google.com s3:GetObject",
        ),
        (
            allow(Principal={"CanonicalUser": "7a"}, Resource=None),
            "allows the account with canonical id 7a s3:GetObject",
        ),
        (deny(Principal=None, Action=None, NotAction="*", Resource="*"), "denies none of all actions on all resources"),
        (allow(Principal=None, NotPrincipal="*", Resource=None), "allows nobody s3:GetObject"),
        (allow(Principal=None, Resource="a\nb"), 'allows s3:GetObject on "a\\nb"'),
    ],
)
def test_statements_read_like_this(statement: Json, words: str) -> None:
    assert statement_in_words(policy(statement).statements[0]) == words
