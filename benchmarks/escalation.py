"""The cost of an escalation graph: one account of 2,000 principals, made up from a seed, in one run.

Limit: 10 seconds on one core. Prints seconds of processor time, memory, and what was found. Arguments: how many users,
how many roles, and the seed.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time

from providers.aws.policy.escalation import Document, Group, Principal, Principals, Workload, escalation
from providers.aws.policy.language.parse import parse
from providers.aws.policy.questions.oracle import SymbolicCan

ACCOUNT = "111122223333"
SECONDS = 10.0
SERVICES = ("ec2", "lambda", "ecs-tasks", "glue", "codebuild", "states", "cloudformation", "sagemaker")
TEAMS = 40


def document(name: str, *statements: dict[str, object], arn: str = "") -> Document:
    """A document out of statements."""
    return Document(name, parse(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})), arn)


def allow(action: object, on: object, **more: object) -> dict[str, object]:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


def managed() -> dict[str, Document]:
    """Policies that many hold: from plain readers to builders, some with Denies and conditions."""
    own = f"arn:aws:iam::{ACCOUNT}"
    found = {
        "admin": document("admin", allow("*", "*")),
        "readers": document("readers", allow(["s3:Get*", "ec2:Describe*", "iam:Get*", "iam:List*"], "*")),
        "self-service": document(
            "self-service",
            allow(["iam:ChangePassword", "iam:CreateAccessKey", "iam:DeleteAccessKey"], own + ":user/${aws:username}"),
        ),
        "need-mfa": document(
            "need-mfa",
            {
                "Effect": "Deny",
                "NotAction": ["iam:*", "sts:GetSessionToken"],
                "Resource": "*",
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            },
        ),
        "builders": document(
            "builders",
            allow(["lambda:*", "ecs:*", "ec2:*", "states:*", "glue:*", "codebuild:*", "cloudformation:*"], "*"),
        ),
        "operators": document("operators", allow(["ssm:*", "ec2:*", "sts:AssumeRole"], "*")),
        "iam-but-not-admin": document(
            "iam-but-not-admin",
            allow("iam:*", "*"),
            {"Effect": "Deny", "Action": "iam:*", "Resource": f"{own}:role/admin*"},
        ),
    }
    for team in range(TEAMS):
        found[f"team-{team}"] = document(
            f"team-{team}",
            allow("iam:PassRole", [f"{own}:role/team-{team}/*", f"{own}:role/shared-{team % 5}-*"]),
            allow("sts:AssumeRole", f"{own}:role/team-{team}/*"),
            allow(
                ["lambda:CreateFunction", "lambda:InvokeFunction"], f"arn:aws:lambda:*:{ACCOUNT}:function:team-{team}-*"
            ),
            arn=f"{own}:policy/team-{team}",
        )
    return found


def account(users: int, roles: int, seed: int) -> tuple[Principals, list[Workload]]:
    """An account in which most principals hold a few shared policies and one of their own."""
    chance = random.Random(seed)  # noqa: S311  # nothing is secret here
    shared = managed()
    teams = [f"team-{team}" for team in range(TEAMS)]
    boundary = document("boundary", allow(["s3:*", "lambda:*", "iam:*"], "*"), arn=f"arn:aws:iam::{ACCOUNT}:policy/b")
    groups = [
        Group(f"arn:aws:iam::{ACCOUNT}:group/{name}", (shared[name], shared["self-service"], shared["need-mfa"]))
        for name in ("readers", "builders", "operators", *teams)
    ]
    everybody: list[Principal] = []
    for number in range(users):
        own = document("own", allow("s3:GetObject", f"arn:aws:s3:::bucket-{number}/*"))
        extra: tuple[Document, ...] = (shared["admin"],) if chance.random() < 0.01 else ()
        some = tuple(chance.sample(groups, 2))
        arn = f"arn:aws:iam::{ACCOUNT}:user/user-{number:04d}"
        everybody.append(Principal(arn, "user", (own, *extra), some, tags=()))
    for number in range(roles):
        team = number % TEAMS
        own = document(
            "own",
            allow("s3:PutObject", f"arn:aws:s3:::bucket-{number}/*"),
            allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/team-{(team + 1) % TEAMS}/role-{number + 1:04d}"),
        )
        draw = chance.random()
        extra = ()
        if draw < 0.02:
            extra = (shared["admin"],)
        elif draw < 0.05:
            extra = (shared["iam-but-not-admin"],)
        elif draw < 0.15:
            extra = (shared["builders"], shared[f"team-{team}"])
        elif draw < 0.2:
            extra = (shared["operators"],)
        trusted: dict[str, object] = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        if chance.random() < 0.6:
            trusted = {"Service": f"{chance.choice(SERVICES)}.amazonaws.com"}
        elif chance.random() < 0.3:
            trusted = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/user-{chance.randrange(users):04d}"}
        trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        everybody.append(
            Principal(
                f"arn:aws:iam::{ACCOUNT}:role/team-{team}/role-{number:04d}",
                "role",
                (own, *extra),
                (),
                boundary if chance.random() < 0.2 else None,
                parse(json.dumps({"Version": "2012-10-17", "Statement": [trust]})),
                (),
            )
        )
    workloads = [
        Workload(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f-{number}", "lambda", role.arn)
        for number, role in enumerate(everybody[users:])
        if chance.random() < 0.2
    ]
    return Principals(ACCOUNT, tuple(everybody), tuple(groups), tuple(shared.values())), workloads


def main(users: int, roles: int, seed: int) -> int:
    """Draw one graph and say what it cost."""
    principals, workloads = account(users, roles, seed)
    before = time.process_time()
    found = escalation(principals, SymbolicCan(principals, "2026-11-26T00:00:00Z"), workloads)
    spent = time.process_time() - before
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{users} users, {roles} roles, seed {seed}: {spent:.2f} s (limit {SECONDS:.0f}), {megabytes:.0f} MB")
    fans = sum(len(spokes) for spokes in found.graph.spokes)
    edges = sum(len(spoke.fan.targets) for spokes in found.graph.spokes for spoke in spokes)
    print(f"nodes {len(found.graph.nodes)}, grants {fans}, edges {edges}")
    longest = max((len(path.edges) for path in found.paths.values()), default=0)
    print(f"administrators {len(found.admins)}, paths {len(found.paths)}, the longest of {longest} steps")
    print(f"unknown {len(found.unknown)}, potentials {len(found.potentials)}")
    return 0 if spent <= SECONDS else 1


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given or [500, 1500, 7])))
