"""Layers and requests out of a small vocabulary, so that they often meet."""

from __future__ import annotations

from hypothesis import strategies as st

from providers.aws.policy.concrete.layers import Document, Layers
from providers.aws.policy.language.tree import Policy
from tests.providers.aws.policy.concrete.case import (
    ANN,
    ANYONE,
    BOB,
    FEDERATED,
    FEDERATED_ARN,
    FOREIGN_SESSION,
    FRIEND,
    FULL,
    KEY,
    LINKED,
    OWN,
    ROLE,
    ROLE_ARN,
    ROOT,
    SESSION,
    SESSION_ARN,
    TRAIL,
    Case,
    Json,
    Statement,
    policy,
)

_ACTIONS = st.sampled_from(["*", "s3:*", "s3:Get*", "s3:GetObject", "kms:*", "kms:Decrypt", "sts:*", "iam:*", "ec2:*"])
_RESOURCES = st.sampled_from(
    ["*", "arn:aws:s3:::acme/*", "arn:aws:s3:::acme/${aws:username}", KEY, "arn:aws:kms:*:*:key/*", ROLE]
)
_NAMES = st.sampled_from(
    ["*", OWN, FRIEND, ANN.text, BOB.text, ROLE_ARN, SESSION_ARN, FEDERATED_ARN, "AIDACKCEVSQ6C2EXAMPLE"]
)
_PRINCIPALS = st.one_of(
    st.just("*"),
    st.lists(_NAMES, min_size=1, max_size=2).map(lambda names: {"AWS": names}),
    st.just({"Service": TRAIL.text}),
)
_CONDITIONS = st.sampled_from(
    [
        {},
        {},
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:PrincipalAccount": OWN}},
        {"StringNotEquals": {"aws:PrincipalAccount": OWN}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}},
        {"StringNotEqualsIfExists": {"aws:username": "ann"}},
        {"Null": {"aws:SourceVpce": "true"}},
        {"StringResembles": {"aws:username": "ann"}},
    ]
)


@st.composite
def statements(draw: st.DrawFn, *, has_principal: bool) -> Statement:
    """A statement, mostly an Allow."""
    elements: dict[str, Json] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "Action", "NotAction"])): draw(_ACTIONS),
        "Resource": draw(_RESOURCES),
        "Condition": draw(_CONDITIONS),
    }
    if has_principal:
        elements[draw(st.sampled_from(["Principal", "Principal", "Principal", "NotPrincipal"]))] = draw(_PRINCIPALS)
    return elements


def policies(*, has_principal: bool = False) -> st.SearchStrategy[Policy]:
    """A policy of a few statements."""
    return st.lists(statements(has_principal=has_principal), min_size=1, max_size=3).map(lambda all_: policy(*all_))


def documents(*, has_principal: bool = False, most: int = 2) -> st.SearchStrategy[tuple[Document, ...]]:
    return st.lists(policies(has_principal=has_principal), max_size=most).map(lambda found: tuple(found))


def limits() -> st.SearchStrategy[tuple[Document, ...]]:
    """A layer that limits: often absent or wide open."""
    return st.one_of(st.just(()), st.just((FULL,)), documents())


def layers() -> st.SearchStrategy[Layers]:
    level = st.one_of(st.just((FULL,)), documents())
    return st.builds(
        Layers,
        identity=st.one_of(st.just((FULL,)), documents(most=3)),
        resource=documents(has_principal=True),
        boundary=limits(),
        session=limits(),
        scp=st.lists(level, max_size=2).map(lambda found: tuple(found)),
        rcp=st.lists(documents(has_principal=True, most=1), max_size=2).map(lambda found: tuple(found)),
        endpoint=st.one_of(st.just(()), documents(has_principal=True, most=1)),
    )


_ASKED = st.sampled_from(
    [
        ("s3:GetObject", "arn:aws:s3:::acme/ann"),
        ("s3:PutObject", "arn:aws:s3:::acme/k"),
        ("kms:Decrypt", KEY),
        ("kms:ListKeys", "*"),
        ("sts:AssumeRole", ROLE),
        ("iam:PassRole", ROLE),
        ("ec2:RunInstances", f"arn:aws:ec2:eu-west-1:{OWN}:instance/*"),
    ]
)
_CALLERS = st.sampled_from([ANN, BOB, SESSION, FOREIGN_SESSION, FEDERATED, ROOT, LINKED, TRAIL, ANYONE])
_CONTEXTS = st.sampled_from([{}, {"aws:SecureTransport": "true"}, {"aws:SourceVpce": "vpce-1"}])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A request against layers; what is expected is for the law to say."""
    action, resource = draw(_ASKED)
    return Case(
        "unknown",
        "",
        draw(_CALLERS),
        draw(layers()),
        action,
        resource,
        context=draw(_CONTEXTS),
        caller_is=draw(st.sampled_from(["member", "member", "management"])),
        owner_is=draw(st.sampled_from(["member", "member", "management"])),
    )
