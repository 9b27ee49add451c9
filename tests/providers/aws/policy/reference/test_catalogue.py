"""Expanding action patterns, against a slow reference and on cases."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.policy.reference.catalogue import actions

SERVICES = sorted(actions().services())
EVERY = sorted(
    f"{service}:{name}" for service in SERVICES for names in actions().levels(service).values() for name in names
)


def slowly(pattern: str) -> frozenset[str]:
    """By a regular expression over the actions of the service that is named."""
    if pattern in ("*", "*:*"):
        return frozenset(EVERY)
    service, colon, operation = pattern.partition(":")
    while "**" in operation:
        operation = operation.replace("**", "*")
    wanted = re.compile(
        "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in operation),
        re.IGNORECASE | re.DOTALL,
    )
    names = [name for names in actions().levels(service).values() for name in names if colon]
    found = {f"{service.lower()}:{name}" for name in names if wanted.fullmatch(name)}
    return frozenset(found or {pattern})


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Patterns that have been actions: some letters replaced, dropped or turned."""
    text = list(draw(st.sampled_from(EVERY)))
    colon = text.index(":")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(colon + 1, len(text)))
        end = draw(st.integers(at, len(text)))
        text[at:end] = draw(st.sampled_from(["*", "?", "**", "*?", "", "x", "".join(text[at:end]).swapcase()]))
    return "".join(text)


@settings(deadline=None)
@given(patterns())
def test_expand_is_what_a_regular_expression_finds(pattern: str) -> None:
    assert actions().expand(pattern) == slowly(pattern)


@settings(deadline=None)
@given(st.text(alphabet="s3:GetPut*?ab", max_size=14))
def test_any_text_expands_to_something(pattern: str) -> None:
    assert actions().expand(pattern) == slowly(pattern)


@settings(deadline=None)
@given(st.sampled_from(EVERY))
def test_every_action_is_known_by_any_spelling(action: str) -> None:
    assert actions().expand(action.upper()) == {action} == actions().expand(action.lower())
    assert actions().knows(action.swapcase())
    level = actions().level(action)
    assert level is not None
    assert action.partition(":")[2] in actions().levels(action.partition(":")[0])[level]


def test_everything() -> None:
    assert actions().expand("*") == actions().expand("*:*") == set(EVERY)
    assert len(EVERY) > 20_000


@pytest.mark.parametrize(
    "pattern", ["s3:GetObjekt", "no-such-service:Get*", "s3:Nothing*Like*This", "s3", "*:GetObject", ""]
)
def test_what_is_not_known_stays_and_is_marked(pattern: str) -> None:
    assert actions().expand(pattern) == {pattern}
    assert not actions().knows(pattern)
    assert actions().level(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "within", "without"),
    [
        ("s3:Get*", "s3:GetObject", "s3:PutObject"),
        ("iam:*Policy", "iam:PutRolePolicy", "iam:CreatePolicyVersion"),
        ("S3:getobject", "s3:GetObject", "s3:GetObjectAcl"),
        ("kms:ReEncrypt*", "kms:ReEncryptFrom", "kms:Encrypt"),
        ("ec2:?unInstances", "ec2:RunInstances", "ec2:StopInstances"),
        ("sts:*", "sts:AssumeRoleWithSAML", "iam:PassRole"),
    ],
)
def test_cases(pattern: str, within: str, without: str) -> None:
    found = actions().expand(pattern)
    assert within in found
    assert without not in found


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("s3:GetObject", "Read"),
        ("s3:ListBucket", "List"),
        ("s3:PutObject", "Write"),
        ("s3:PutBucketPolicy", "Permissions management"),
        ("s3:PutObjectTagging", "Tagging"),
        ("iam:PassRole", "Permissions management"),  # stricter than AWS, which calls it a write
        ("kms:CreateGrant", "Permissions management"),
    ],
)
def test_access_levels(action: str, level: str) -> None:
    assert actions().level(action) == level
