"""Who can do an action: the groups, the paths, and that every witness is what the concrete evaluator allows."""

from __future__ import annotations

import pytest

from providers.aws.answers.reads import principals
from providers.aws.answers.rows import abilities_of
from providers.aws.answers.target import aim
from providers.aws.answers.who_can import who_can
from providers.aws.block import PublicAccessBlock
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request
from scanner.facts import Unread
from scanner.model import Estate
from scanner.questions import BadInput, Row
from tests.providers.aws.answers.accounts import (
    FRIEND,
    OWN,
    allow,
    arn,
    bucket,
    deny,
    estate,
    group,
    managed,
    role,
    text,
    user,
)

OBJECT = "arn:aws:s3:::acme-data/reports/q3"
READ = "s3:GetObject"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def rows(held: Estate, action: str = READ, resource: str = OBJECT) -> dict[str, Row]:
    return {row.principal: row for row in who_can([held], action, resource).rows}


def reached(held: Estate, action: str = READ, resource: str = OBJECT) -> dict[str, str]:
    return {name.rpartition("/")[2]: row.reached for name, row in rows(held, action, resource).items()}


ACCOUNT = estate(
    bucket(),
    group("readers", allow(READ)),
    managed("ceiling", allow("s3:List*")),
    user("plain", allow(READ)),
    user("member", groups=["readers"]),
    user("with-mfa", allow(READ, condition=MFA)),
    user("elsewhere", allow(READ, "arn:aws:s3:::other/*")),
    user("denied", allow(READ), deny("s3:*")),
    user("over-tls", allow(READ), deny("s3:*", condition={"Bool": {"aws:SecureTransport": "false"}})),
    user("bounded", allow(READ), boundary=arn("policy", "ceiling")),
    user("nobody"),
    user("hopper", allow("sts:AssumeRole", arn("role", "reader"))),
    user("stuck", allow("sts:AssumeRole", arn("role", "idle"))),
    role("reader", allow(READ)),
    role("idle"),
)


def test_everybody_stands_in_the_group_that_they_belong_to() -> None:
    assert reached(ACCOUNT) == {
        "plain": "always",
        "member": "always",
        "over-tls": "always",
        "reader": "always",
        "with-mfa": "under conditions",
        "hopper": "one hop away",
    }


def test_a_row_says_by_which_statement_and_under_which_condition() -> None:
    found = rows(ACCOUNT)
    assert found[arn("user", "with-mfa")].conditions == ("with MFA",)
    assert found[arn("user", "with-mfa")].path == ("policy own-with-mfa /Statement/0 allows it",)
    assert found[arn("user", "hopper")].path[0] == f"takes on {arn('role', 'reader')}"


def test_every_witness_is_allowed() -> None:
    held = list(principals([ACCOUNT]))
    asked = aim([ACCOUNT], held, READ, OBJECT)
    by_uid = {principal.uid: principal for principal in held}
    checked = 0
    for row in who_can([ACCOUNT], READ, OBJECT).rows:
        if row.reached not in ("always", "under conditions"):
            continue
        assert row.witness is not None
        request = Request(
            Caller.arn(row.principal), row.witness.action, row.witness.resource, dict(row.witness.context)
        )
        assert abilities_of(by_uid[row.principal]).allows(request, asked.target)
        checked += 1
    assert checked == 5


def test_a_bucket_policy_lets_in_its_own_and_others() -> None:
    statement = {"Effect": "Allow", "Action": READ, "Resource": "arn:aws:s3:::acme-data/*"}
    policy = text(
        statement | {"Principal": {"AWS": [arn("user", "named"), FRIEND]}},
        statement | {"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
    )
    found = rows(estate(bucket(policy), user("named"), user("other")))
    assert found[arn("user", "named")].reached == "always"
    assert found[f"principals of account {FRIEND}"].reached == "always"
    # The office's network is open to all of the account as well.
    assert found[arn("user", "other")].conditions == ("from 203.0.113.0/24",)


def test_a_block_of_public_access_cuts_outsiders_off() -> None:
    policy = text({"Effect": "Allow", "Principal": "*", "Action": READ, "Resource": "arn:aws:s3:::acme-data/*"})
    assert "anyone on the internet" in rows(estate(bucket(policy), user("own")))
    blocked = rows(estate(bucket(policy, PublicAccessBlock.all_on()), user("own")))
    assert list(blocked) == [arn("user", "own")]


def test_the_trust_policy_decides_who_takes_a_role_on() -> None:
    held = estate(
        user("may", allow("sts:AssumeRole")),
        user("named"),
        user("may-not", allow("sts:AssumeRole"), deny("sts:*")),
        role("target", trusts=[OWN, arn("user", "named")]),
        role("closed", trusts=arn("user", "named")),
    )
    asked = {"action": "sts:AssumeRole", "resource": arn("role", "target")}
    assert reached(held, **asked) == {"may": "always", "named": "always"}
    assert reached(held, "sts:AssumeRole", arn("role", "closed")) == {"named": "always"}


def test_what_was_not_read_is_unknown_and_a_gap() -> None:
    lost = Unread("denied", ("s3:GetBucketPolicy",), "s3:GetBucketPolicy", "bucket.policy")
    answer = who_can([estate(bucket(lost), user("plain", allow(READ)), user("nobody"))], READ, OBJECT)
    assert {row.reached for row in answer.rows} == {"unknown"}
    assert len(answer.rows) == 2
    assert any("s3:GetBucketPolicy" in gap for gap in answer.gaps)
    unread = estate(
        bucket(), user("plain", allow(READ), attached=Unread("denied", ("iam:X",), "iam:X", "user.attached"))
    )
    assert reached(unread) == {"plain": "unknown"}


@pytest.mark.parametrize(
    ("action", "resource", "word"),
    [
        ("s3:GetObjekt", OBJECT, "no action"),
        (READ, "acme-data", "no ARN"),
        (READ, "arn:aws:s3:::unheard/x", "no bucket"),
        ("sts:AssumeRole", arn("role", "unheard"), "no role"),
    ],
)
def test_what_does_not_exist_is_said(action: str, resource: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        who_can([ACCOUNT], action, resource)


def test_one_more_deny_never_adds_a_row() -> None:
    before = set(rows(ACCOUNT))
    for name in before:
        kind, _, short = name.split(":", 5)[5].partition("/")
        others = [r for held in ACCOUNT.resources.values() for r in held if r.uid != name]
        make = user if kind == "user" else role
        assert name not in rows(estate(*others, make(short, deny("*"))))
