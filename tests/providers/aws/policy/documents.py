"""Policies and requests out of a small vocabulary, so that they often meet; and short ways to write policies down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.symbolic.scene import Owner, ResourceContext

OWN, FRIEND, STRANGER = "111122223333", "444455556666", "999988887777"
ORGANIZATION = "o-a1b2c3d4e5"
BUCKET = "arn:aws:s3:::acme-data"
OWNER = Owner(OWN, organization=ORGANIZATION)
RESOURCE = ResourceContext(BUCKET, "2026-06-01T00:00:00Z")

Json = Any
"""Policies are written down as plain JSON here."""


def policy(*statements: Mapping[str, Json], version: str = "2012-10-17") -> Policy:
    parsed = parse(json.dumps({"Version": version, "Statement": list(statements)}))
    assert isinstance(parsed, Policy), parsed
    return parsed


def allow(condition: Json = None, **elements: Json) -> dict[str, Json]:
    """Allow everyone to read objects, unless `elements` say otherwise; an element of None is left out."""
    statement: dict[str, Json] = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{BUCKET}/*",
        "Condition": condition,
    }
    return {name: value for name, value in (statement | elements).items() if value is not None}


def deny(condition: Json = None, **elements: Json) -> dict[str, Json]:
    """Deny everyone all of the bucket, unless `elements` say otherwise."""
    wide = {"Effect": "Deny", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"]}
    return allow(condition, **(wide | elements))


def parsed(document: Json) -> Policy | Malformed:
    return parse(json.dumps(document))


_PRINCIPALS = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": OWN},
        {"AWS": FRIEND},
        {"AWS": [OWN, f"arn:aws:iam::{FRIEND}:role/reader"]},
        {"AWS": f"arn:aws:iam::{FRIEND}:role/*"},
        {"AWS": "AIDACKCEVSQ6C2EXAMPLE"},
        {"Service": "cloudtrail.amazonaws.com"},
    ]
)
_NOT_PRINCIPALS = st.sampled_from([{"AWS": OWN}, {"AWS": FRIEND}, {"Service": "cloudtrail.amazonaws.com"}])
_ACTIONS = st.sampled_from(["s3:GetObject", "s3:*", "*", "s3:Get*", "s3:ListBucket", ["s3:PutObject", "s3:Lis?Bucket"]])
_RESOURCES = st.sampled_from(
    [
        "*",
        BUCKET,
        f"{BUCKET}/*",
        f"{BUCKET}/pub/*",
        f"{BUCKET}/${{aws:username}}/*",
        "arn:aws:s3:::other/*",
        "arn:aws:s3:*",
    ]
)
_TEXT_OPERATORS = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase")
_ARN_OPERATORS = ("ArnLike", "ArnNotLike", "ArnEquals", "StringLike", "StringNotLike")
_ACCOUNTS = (OWN, FRIEND, "4*", "*", "${aws:PrincipalAccount}")
_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aws:PrincipalAccount": (_TEXT_OPERATORS, _ACCOUNTS),
    "aws:SourceAccount": (_TEXT_OPERATORS, _ACCOUNTS),
    "aws:PrincipalOrgID": (_TEXT_OPERATORS, (ORGANIZATION, "o-*", "o-zzzzzzzzzz")),
    "aws:PrincipalArn": (
        _ARN_OPERATORS,
        (f"arn:aws:iam::{OWN}:role/*", f"arn:aws:iam::{FRIEND}:*", "arn:aws:iam::*:role/reader", f"*{OWN}*"),
    ),
    "aws:SourceArn": (_ARN_OPERATORS, (f"arn:aws:sns:*:{OWN}:*", f"arn:aws:sns:*:{FRIEND}:t", "arn:aws:sns:*:*:*")),
    "aws:SourceVpce": (_TEXT_OPERATORS, ("vpce-11111111", "vpce-*")),
    "aws:SourceIp": (("IpAddress", "NotIpAddress"), ("52.94.76.0/24", "0.0.0.0/0", "10.0.0.0/8", "::/0", "0.0.0.0/2")),
    "aws:SecureTransport": (("Bool",), ("true", "false")),
    "aws:Referer": (_TEXT_OPERATORS, ("https://acme.example/*", "a")),
    "aws:username": (_TEXT_OPERATORS, ("ann", "*")),
    "aws:CurrentTime": (("DateLessThan", "DateGreaterThan"), ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z")),
    "s3:prefix": (_TEXT_OPERATORS, ("pub/*", "")),
    "aws:PrincipalIsAWSService": (("Bool",), ("true", "false")),
    "aws:PrincipalType": (_TEXT_OPERATORS, ("User", "Anonymous", "*")),
    "aws:userid": (_TEXT_OPERATORS, ("AIDACKCEVSQ6C2EXAMPLE", "*", "AROAEXAMPLEEXAMPLEEXA:*")),
    "acme:unheard": (_TEXT_OPERATORS, ("a", "*")),
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Json]:
    block: dict[str, Json] = {}
    for key in draw(st.lists(st.sampled_from(sorted(_KEYS)), max_size=2, unique=True)):
        operators, values = _KEYS[key]
        if draw(st.integers(0, 9)) == 0:
            block.setdefault("Null", {})[key] = draw(st.sampled_from(["true", "false"]))
            continue
        operator = draw(st.sampled_from(operators)) + draw(st.sampled_from(["", "", "IfExists"]))
        qualifier = draw(st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"]))
        block.setdefault(qualifier + operator, {})[key] = draw(
            st.lists(st.sampled_from(values), min_size=1, max_size=2)
        )
    return block


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Json]:
    statement: dict[str, Json] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    if draw(st.integers(0, 5)):
        statement["Principal"] = draw(_PRINCIPALS)
    else:
        statement["NotPrincipal"] = draw(_NOT_PRINCIPALS)
    statement[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(_ACTIONS)
    statement[draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))] = draw(_RESOURCES)
    block = draw(conditions())
    return statement | ({"Condition": block} if block else {})


policies = st.lists(statements(), min_size=1, max_size=3).map(lambda each: policy(*each))

_RESOURCE_OF = {"s3:GetObject": "/pub/x", "s3:PutObject": "/other/y", "s3:ListBucket": ""}
actions = st.sampled_from(sorted(_RESOURCE_OF))


def resource_of(action: str) -> str:
    return BUCKET + _RESOURCE_OF[action]


@st.composite
def contexts_of(draw: st.DrawFn, account: str, organization: str | None, *, kind: str, action: str) -> dict[str, str]:
    """Context that a caller of this kind could really bring."""
    context = {"aws:CurrentTime": "2026-06-01T00:00:00Z", "aws:PrincipalIsAWSService": "false"}
    context["aws:SecureTransport"] = draw(st.sampled_from(["true", "false"]))
    if kind == "service":
        context |= {"aws:PrincipalIsAWSService": "true", "aws:SecureTransport": "true", "aws:SourceAccount": account}
        # These two are part of all requests, say their pages, but not what services have there.
        context |= {"aws:userid": "AROA77777777777777777:x", "aws:PrincipalAccount": "777766665555"}
        return context | {"aws:SourceArn": f"arn:aws:sns:us-east-1:{account}:t"}
    if draw(st.booleans()):
        context["aws:SourceIp"] = draw(st.sampled_from(["198.51.100.7", "8.8.8.8", "2600:1f18::7"]))
    else:
        context["aws:SourceVpce"] = "vpce-77777777"
    if draw(st.booleans()):
        context["aws:Referer"] = draw(st.sampled_from(["https://acme.example/a", "a", "b"]))
    if action == "s3:ListBucket" and draw(st.booleans()):
        context["s3:prefix"] = draw(st.sampled_from(["pub/a", "", "q"]))
    if kind == "anonymous":
        return context | {
            "aws:PrincipalAccount": "anonymous",
            "aws:PrincipalType": "Anonymous",
            "aws:userid": "anonymous",
        }
    name = draw(st.sampled_from(["reader", "any", OWN]))
    context |= {"aws:PrincipalAccount": account, "aws:PrincipalArn": f"arn:aws:iam::{account}:role/{name}"}
    context |= {"aws:PrincipalType": "AssumedRole", "aws:userid": f"AROA77777777777777777:{name}"}
    if organization:
        context["aws:PrincipalOrgID"] = organization
    return context


def caller_of(kind: str, context: Mapping[str, str]) -> Caller:
    if kind == "anonymous":
        return Caller.anonymous()
    return Caller.service("cloudtrail.amazonaws.com") if kind == "service" else Caller.arn(context["aws:PrincipalArn"])
