"""Any small account: a few principals with statements out of a pool that escalations are made of."""

from __future__ import annotations

from hypothesis import strategies as st

from providers.aws.policy.escalation import Document, Principal, Principals
from tests.providers.aws.policy.escalation.account import (
    ACCOUNT,
    Json,
    document,
    group,
    policy_arn,
    role_arn,
    trust,
    user_arn,
)

USERS = ("ann", "bob", "cyd")
ROLES = ("app", "build", "team/deploy")
ACTIONS = (
    "*",
    "iam:*",
    "iam:Attach*",
    "iam:CreateAccessKey",
    "iam:PutUserPolicy",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:AddUserToGroup",
    "iam:PassRole",
    "iam:DeleteUserPermissionsBoundary",
    "sts:AssumeRole",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:*",
    "ec2:RunInstances",
    "scheduler:CreateSchedule",
    "s3:GetObject",
)
RESOURCES = (
    "*",
    *(user_arn(name) for name in USERS),
    *(role_arn(name) for name in ROLES),
    user_arn("*"),
    role_arn("*"),
    role_arn("team/*"),
    role_arn("a??"),
    policy_arn("shared"),
    f"arn:aws:iam::{ACCOUNT}:group/*",
    f"arn:aws:lambda:*:{ACCOUNT}:function:dev-*",
    f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:*",
    "arn:aws:iam::*:user/${aws:username}",
)
CONDITIONS = (
    None,
    None,
    None,
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"ArnLike": {"aws:PrincipalArn": role_arn("a*")}},
    {"StringEquals": {"aws:ResourceTag/team": "blue"}},
    {"Null": {"iam:PermissionsBoundary": "true"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
)


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


@st.composite
def statements(draw: st.DrawFn, effects: tuple[str, ...] = ("Allow", "Allow", "Allow", "Deny")) -> Json:
    negated = draw(st.sampled_from(("Action", "Action", "Action", "NotAction")))
    resource = draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource")))
    one: Json = {
        "Effect": draw(st.sampled_from(effects)),
        negated: draw(_some(ACTIONS)),
        resource: draw(_some(RESOURCES)),
    }
    condition = draw(st.sampled_from(CONDITIONS))
    return {**one, "Condition": condition} if condition else one


def documents(name: str, arn: str = "") -> st.SearchStrategy[Document]:
    return st.lists(statements(), min_size=1, max_size=2).map(lambda found: document(*found, name=name, arn=arn))


TRUSTS = st.sampled_from(
    [
        trust("lambda.amazonaws.com", "ec2.amazonaws.com", "scheduler.amazonaws.com"),
        trust(ACCOUNT),
        trust(user_arn("ann"), role_arn("app")),
        trust("*"),
        trust(ACCOUNT, Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        trust(ACCOUNT, Condition={"ArnLike": {"aws:PrincipalArn": user_arn("b*")}}),
        trust(f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"),
    ]
)
TAGS = st.sampled_from([(), (("team", "blue"),), None])


@st.composite
def accounts(draw: st.DrawFn) -> Principals:
    shared = draw(documents("shared", policy_arn("shared")))
    groups = tuple(group(name, draw(documents(f"of-{name}"))) for name in ("one", "two"))
    found: list[Principal] = []
    for name, kind in [*((name, "user") for name in USERS), *((name, "role") for name in ROLES)]:
        own = draw(st.lists(documents("own"), max_size=2))
        held = (*own, shared) if draw(st.booleans()) else tuple(own)
        bound = draw(documents("bound", policy_arn("bound"))) if draw(st.integers(0, 3)) == 0 else None
        of = tuple(each for each in groups if kind == "user" and draw(st.booleans()))
        arn = user_arn(name) if kind == "user" else role_arn(name)
        found.append(
            Principal(
                arn,
                "user" if kind == "user" else "role",
                held,
                of,
                bound,
                draw(TRUSTS) if kind == "role" else None,
                draw(TAGS),
            )
        )
    levels = ((draw(documents("scp")), document({"Effect": "Allow", "Action": "*", "Resource": "*"}, name="full")),)
    return Principals(ACCOUNT, tuple(found), groups, (shared,), levels if draw(st.integers(0, 3)) == 0 else ())
