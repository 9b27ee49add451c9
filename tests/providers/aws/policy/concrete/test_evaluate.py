from __future__ import annotations

import pytest

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide
from tests.providers.aws.policy.concrete.case import ANN, FRIEND, OWN, Json, Statement, policy

BUCKET = "arn:aws:s3:::acme-data"


def allow(condition: Json = None, **elements: Json) -> Statement:
    """Allow everyone to read objects, unless `elements` say otherwise; an element of None is left out."""
    statement: dict[str, Json] = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{BUCKET}/*",
        "Condition": condition,
    }
    return {name: value for name, value in (statement | elements).items() if value is not None}


def deny(condition: Json = None, **elements: Json) -> Statement:
    """Deny everyone all of the bucket, unless `elements` say otherwise."""
    wide = {"Effect": "Deny", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"]}
    return allow(condition, **(wide | elements))


def asked(action: str = "s3:GetObject", resource: str = f"{BUCKET}/k", who: Caller = ANN) -> Request:
    return Request(who, action, resource)


@pytest.mark.parametrize(
    ("actions", "action", "answer"),
    [
        ("*", "s3:GetObject", "allow"),
        ("*:*", "s3:GetObject", "allow"),
        ("**", "s3:GetObject", "allow"),
        ("S3:getobject", "s3:GetObject", "allow"),
        ("s3:Get?bject", "s3:GetObject", "allow"),
        ("s3:GetObject?", "s3:GetObject", "none"),
        ("ec2:*", "s3:GetObject", "none"),
        ("*:GetObject", "s3:GetObject", "unknown"),
        ("s3:GetObject ", "s3:GetObject", "unknown"),
        ("GetObject", "s3:GetObject", "unknown"),
    ],
)
def test_actions(actions: str, action: str, answer: str) -> None:
    assert decide(policy(allow(Action=actions)), asked(action)) == answer


@pytest.mark.parametrize(
    ("resource", "answer"),
    [
        ("*", "allow"),
        (f"{BUCKET}/*", "allow"),
        ("arn:*", "allow"),
        ("arn:aws:s3", "allow"),
        ("arn:aws:*:*:*:acme-data/*", "allow"),
        (BUCKET, "none"),
        ("arn:aws:s3:::ACME-data/*", "none"),
        ("arn:aws-cn:s3:::acme-data/*", "none"),
        ("arn:aws:s3:*/k", "unknown"),
    ],
)
def test_resources(resource: str, answer: str) -> None:
    assert decide(policy(allow(Resource=resource)), asked()) == answer


@pytest.mark.parametrize(
    ("principal", "who", "answer"),
    [
        ("*", Caller.anonymous(), "allow"),
        ({"AWS": "*"}, Caller.anonymous(), "allow"),
        ({"AWS": OWN}, ANN, "allow"),
        ({"AWS": f"arn:aws:iam::{OWN}:root"}, ANN, "allow"),
        ({"AWS": OWN}, Caller.anonymous(), "none"),
        ({"AWS": FRIEND}, ANN, "none"),
        ({"AWS": f"arn:aws:iam::{OWN}:user/*"}, ANN, "none"),
        ({"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, ANN, "none"),
        ({"AWS": f"arn:aws:iam::{OWN}:role/path/app"}, Caller.arn(f"arn:aws:sts::{OWN}:assumed-role/app/s"), "allow"),
        (
            {"AWS": f"arn:aws:sts::{OWN}:assumed-role/app/s"},
            Caller.arn(f"arn:aws:sts::{OWN}:assumed-role/app/t"),
            "none",
        ),
        ({"AWS": "who knows"}, ANN, "unknown"),
        ({"Service": "sns.amazonaws.com"}, Caller.service("sns.amazonaws.com"), "allow"),
        ({"Service": "sns.amazonaws.com"}, Caller.service("sqs.amazonaws.com"), "none"),
        ({"Federated": "graph.facebook.com"}, Caller.federated("graph.facebook.com"), "allow"),
        ({"CanonicalUser": "79a5"}, Caller.canonical("79a5"), "allow"),
        ({"CanonicalUser": "79a5"}, ANN, "unknown"),
    ],
)
def test_principals(principal: Json, who: Caller, answer: str) -> None:
    assert decide(policy(allow(Principal=principal)), asked(who=who)) == answer


@pytest.mark.parametrize(
    ("named", "who", "answer"),
    [
        ({"AWS": OWN}, Caller.anonymous(), "deny"),
        ({"AWS": OWN}, Caller.arn(f"arn:aws:iam::{FRIEND}:user/bob"), "deny"),
        ({"AWS": [OWN, f"arn:aws:iam::{OWN}:user/ann"]}, ANN, "allow"),
        ({"AWS": OWN}, ANN, "unknown"),
        ("*", ANN, "allow"),
    ],
)
def test_deny_for_all_but_the_named(named: Json, who: Caller, answer: str) -> None:
    assert decide(policy(allow(), deny(Principal=None, NotPrincipal=named)), asked(who=who)) == answer


def test_deny_beats_allow_and_silence_is_none() -> None:
    assert decide(policy(allow(), deny()), asked()) == "deny"
    assert decide(policy(deny(NotAction="s3:*", Action=None), allow()), asked()) == "allow"
    assert decide(policy(), asked()) == "none"


def test_a_deny_that_may_match_leaves_the_answer_unknown() -> None:
    unclear = {"StringResembles": {"aws:username": "a"}}
    assert decide(policy(allow(), deny(unclear)), asked()) == "unknown"


def test_a_value_put_in_for_a_variable_is_no_pattern() -> None:
    document = policy(allow(Resource=f"{BUCKET}/${{aws:username}}/*"))
    for name, answer in (("ann", "allow"), ("*", "none")):
        request = Request(ANN, "s3:GetObject", f"{BUCKET}/ann/x", {"aws:username": name})
        assert decide(document, request) == answer
