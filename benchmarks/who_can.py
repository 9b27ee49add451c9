"""`who-can` over 2,000 principals: seconds of one core, and rows. Limit: 2 s.

A made-up account: 500 users in 20 groups, 1,500 roles, 300 managed policies of which each principal has two, and one
policy of its own, some with conditions, some with a Deny. Nothing is asked or read from a file.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from providers.aws.answers.who_can import who_can
from providers.aws.documents import Acl, Document
from providers.aws.iam import IamGroup, IamRole, IamUser, ManagedPolicy
from providers.aws.policy.reference.catalogue import actions
from providers.aws.s3 import S3Bucket
from scanner.model import Estate, Identity, Resource, Scope

ACCOUNT = "111122223333"
SCOPE = Scope("aws", "aws", ACCOUNT, f"arn:aws:account::{ACCOUNT}:account", "bench", ("us-east-1",))
USERS, ROLES, GROUPS, MANAGED = 500, 1500, 20, 300
SECONDS = 2.0
ASKED = (
    ("s3:GetObject", "arn:aws:s3:::acme-data/reports/q3"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/role-7"),
    ("ec2:TerminateInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1"),
)


def document(seeded: random.Random) -> str:
    """A policy of one to four statements over a few services."""
    services = ["s3", "ec2", "iam", "sqs", "lambda", "kms", "dynamodb", "logs", "sts"]
    statements = [statement(seeded, seeded.choice(services)) for _ in range(seeded.randint(1, 4))]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def statement(seeded: random.Random, service: str) -> dict[str, Any]:
    """One statement, now and then a Deny, now and then under a condition."""
    known = sorted(actions().expand(f"{service}:*"))
    found: dict[str, Any] = {
        "Effect": "Deny" if seeded.random() < 0.1 else "Allow",
        "Action": seeded.choice([seeded.sample(known, 5), f"{service}:*", f"{service}:Get*", f"{service}:Describe*"]),
        "Resource": seeded.choice(["*", f"arn:aws:{service}:::acme-*", f"arn:aws:{service}:us-east-1:{ACCOUNT}:*"]),
    }
    if seeded.random() < 0.3:
        found["Condition"] = seeded.choice(
            [
                {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                {"StringEquals": {"aws:PrincipalTag/team": "a"}},
                {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}},
                {"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
            ]
        )
    return found


def identity(kind: str, name: str) -> Identity:
    """Who a principal or policy is."""
    return Identity(SCOPE, f"arn:aws:iam::{ACCOUNT}:{kind}/{name}", name, "global")


def account() -> Estate:
    """The made-up account, the same each time."""
    seeded = random.Random(7)  # noqa: S311  # data, not secrets
    managed = [
        ManagedPolicy(identity("policy", f"managed-{i}"), {"document": Document(f"managed-{i}", document(seeded))})
        for i in range(MANAGED)
    ]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
    }

    def held(name: str) -> dict[str, Any]:
        attached = tuple(policy.uid for policy in seeded.sample(managed, 2))
        return {"inline": (Document(f"own-{name}", document(seeded)),), "attached": attached, "boundary": None}

    groups = [
        IamGroup(identity("group", f"group-{i}"), {"inline": (), "attached": (managed[i].uid,)}) for i in range(GROUPS)
    ]
    users = [
        IamUser(
            identity("user", f"user-{i}"),
            held(f"user-{i}") | {"groups": (f"group-{i % GROUPS}",), "tags": {"team": seeded.choice("abc")}},
        )
        for i in range(USERS)
    ]
    roles = [
        IamRole(identity("role", f"role-{i}"), held(f"role-{i}") | {"trust_policy": json.dumps(trust), "tags": {}})
        for i in range(ROLES)
    ]
    bucket = S3Bucket(
        Identity(SCOPE, "arn:aws:s3:::acme-data", "acme-data", "us-east-1"),
        {"policy": None, "acl": Acl("a"), "ownership": "BucketOwnerEnforced"},
    )
    found: dict[type[Resource], Sequence[Resource]] = {
        ManagedPolicy: managed,
        IamGroup: groups,
        IamUser: users,
        IamRole: roles,
        S3Bucket: [bucket],
    }
    return Estate(SCOPE, datetime(2026, 6, 1, tzinfo=UTC), found)


def main() -> None:
    """Ask each question once over the account."""
    estate = account()
    for action, resource in ASKED:
        start = time.process_time()
        answer = who_can([estate], action, resource)
        seconds = time.process_time() - start
        groups = {row.reached: sum(1 for other in answer.rows if other.reached == row.reached) for row in answer.rows}
        print(f"{action}: {seconds:.2f} s CPU of {SECONDS} s; {len(answer.rows)} rows {groups}")


if __name__ == "__main__":
    main()
