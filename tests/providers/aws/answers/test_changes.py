"""What an account allows now and did not before."""

from __future__ import annotations

from providers.aws.answers.changes import new_access_between
from scanner.facts import Unread
from scanner.model import Estate, Resource
from tests.providers.aws.answers.accounts import (
    FRIEND,
    OWN,
    allow,
    arn,
    bucket,
    deny,
    estate,
    managed,
    role,
    text,
    user,
)

BEFORE = estate(bucket(), user("ann", allow("s3:Get*")), role("worker", allow("ec2:*")))


def changes(after: Estate, before: Estate = BEFORE) -> dict[str, str]:
    return {
        change.subject.rpartition("/")[2] or change.subject: change.witness.action if change.witness else "unknown"
        for change in new_access_between([before], [after])
    }


def test_nothing_changed_is_nothing_new() -> None:
    assert changes(BEFORE) == {}


def test_less_access_is_nothing_new() -> None:
    less = estate(bucket(), user("ann", allow("s3:GetObject"), deny("s3:GetObjectAcl")), role("worker"))
    assert changes(less) == {}


def test_the_same_said_otherwise_is_nothing_new() -> None:
    same = estate(bucket(), user("ann", allow(["s3:GetO*", "S3:get*"])), role("worker", allow("EC2:*")))
    assert changes(same) == {}


def test_more_policies_principals_and_outsiders_are_new() -> None:
    objects = "arn:aws:s3:::acme-data/*"
    open_policy = text({"Effect": "Allow", "Principal": {"AWS": FRIEND}, "Action": "s3:GetObject", "Resource": objects})
    after = estate(
        bucket(open_policy),
        user("ann", allow("s3:Get*"), allow("iam:PassRole")),
        user("new", allow("sqs:SendMessage")),
        role("worker", allow("ec2:*"), trusts=[OWN, FRIEND]),
    )
    assert changes(after) == {
        "ann": "iam:PassRole",
        "new": "sqs:SendMessage",
        "worker": "sts:AssumeRole",
        "policy of arn:aws:s3:::acme-data": "s3:GetObject",
    }


def test_a_witness_is_made_by_the_principal_itself() -> None:
    (change,) = new_access_between([BEFORE], [estate(*_but_ann(), user("ann", allow("s3:*")))])
    assert change.witness is not None
    assert change.witness.principal == arn("user", "ann")
    assert "policy own-ann /Statement/0" in change.why


def _but_ann() -> list[Resource]:
    return [each for held in BEFORE.resources.values() for each in held if each.name != "ann"]


def test_a_wider_boundary_is_said_and_not_decided() -> None:
    narrow, wide = managed("ceiling", allow("s3:*")), managed("ceiling", allow(["s3:*", "iam:*"]))
    before = estate(narrow, user("ann", allow("*"), boundary=arn("policy", "ceiling")))
    after = estate(wide, user("ann", allow("*"), boundary=arn("policy", "ceiling")))
    assert changes(after, before) == {"ann": "unknown"}
    assert changes(before, after) == {}


def test_what_was_not_read_is_not_taken_for_unchanged() -> None:
    lost = Unread("denied", ("s3:GetBucketPolicy",), "s3:GetBucketPolicy", "bucket.policy")
    assert changes(estate(bucket(lost))) == {"policy of arn:aws:s3:::acme-data": "unknown"}
