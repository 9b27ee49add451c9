"""Actions with rules of their own, and statements inside one layer.

Keys: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html and control-access.html
Roles: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from tests.providers.aws.policy.concrete.case import (
    ANN,
    ANYONE,
    BOB,
    FRIEND,
    FULL,
    KEY,
    NOTHING_HERE,
    OWN,
    ROLE,
    ROLE_ARN,
    ROOT,
    ROOT_ARN,
    SESSION,
    TRAIL,
    Caller,
    Case,
    Context,
    Json,
    KeyGrant,
    Layers,
    Result,
    allow,
    deny,
    policy,
    shared,
)

_KMS = policy(allow("kms:*"))
_ASSUME = policy(allow("sts:AssumeRole"))
_PASS = policy(allow("iam:PassRole"))
_AWS_POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
_RESERVED = f"arn:aws:iam::{OWN}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x"
_ALIAS = f"arn:aws:kms:eu-west-1:{OWN}:alias/a"
_GITHUB = f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"


def key(
    expected: Result, why: str, caller: Caller, layers: Layers, *, action: str = "kms:Decrypt", **more: Json
) -> Case:
    values: dict[str, Json] = {"resource": KEY} | more
    return Case(expected, why, caller, layers, action, **values)


def role(expected: Result, why: str, caller: Caller, layers: Layers, *, action: str = "sts:AssumeRole") -> Case:
    return Case(expected, why, caller, layers, action, ROLE)


def grant(grantee: str = ANN.text, **more: Json) -> tuple[KeyGrant, ...]:
    return (KeyGrant(grantee, ("Decrypt",), **more),)


def inside(expected: Result, why: str, *statements: Json, context: Context | None = None, **more: Json) -> Case:
    """One identity policy."""
    return Case(expected, why, layers=Layers((policy(*statements),)), context=context or {}, **more)


KEYS = (
    key("ImplicitlyDenied", "no path without the key policy", ANN, Layers((_KMS,))),
    key("ImplicitlyDenied", "the key policy names somebody else", ANN, Layers((_KMS,), shared(allow(to=BOB.text)))),
    key("Allowed", "the account delegates, identity policy allows", ANN, Layers((_KMS,), shared(allow(to=ROOT_ARN)))),
    key("ImplicitlyDenied", "the account delegates, nothing allows", ANN, Layers((), shared(allow(to=ROOT_ARN)))),
    key(
        "ImplicitlyDenied",
        "what is delegated does not cover the action",
        ANN,
        Layers((_KMS,), shared(allow("kms:Encrypt", to=OWN))),
    ),
    key("Allowed", "the key policy names the user", ANN, Layers((), shared(allow(to=ANN.text)))),
    key("Allowed", "the key policy names everyone", ANN, Layers((), shared(allow(to="*")))),
    key("Allowed", "the key policy names the role", SESSION, Layers((), shared(allow(to=ROLE_ARN)))),
    key(
        "ImplicitlyDenied",
        "a named role is limited by its boundary",
        SESSION,
        Layers((), shared(allow(to=ROLE_ARN)), (NOTHING_HERE,)),
    ),
    key(
        "ImplicitlyDenied",
        "delegated: the boundary limits",
        ANN,
        Layers((_KMS,), shared(allow(to=OWN)), (NOTHING_HERE,)),
    ),
    key("Allowed", "root, its account named", ROOT, Layers((), shared(allow(to=OWN)))),
    key("ImplicitlyDenied", "even root needs the key policy", ROOT, Layers((), shared(allow(to=ANN.text)))),
    key("ExplicitlyDenied", "the key policy denies", ANN, Layers((_KMS,), shared(allow(to=OWN), deny(to="*")))),
    key("ImplicitlyDenied", "across: key policy alone", BOB, Layers((), shared(allow(to=FRIEND)))),
    key("Allowed", "across: both", BOB, Layers((_KMS,), shared(allow(to=FRIEND)))),
    key(
        "ImplicitlyDenied",
        "a statement without Resource is inert",
        ANN,
        Layers((), shared(allow(None, None, ANN.text, Action="kms:*"))),
    ),
    key(
        "Allowed", "creating a key: there is no key policy", ANN, Layers((_KMS,)), action="kms:CreateKey", resource="*"
    ),
    key("Allowed", "listing keys", ANN, Layers((_KMS,)), action="kms:ListKeys", resource="*"),
    key("Allowed", "an alias has no policy", ANN, Layers((_KMS,)), action="kms:UpdateAlias", resource=_ALIAS),
    key("ImplicitlyDenied", "but the key of an alias has", ANN, Layers((_KMS,)), action="kms:UpdateAlias"),
    key("Allowed", "a grant alone", ANN, Layers(grants=grant())),
    key("ImplicitlyDenied", "a grant for another operation", ANN, Layers(grants=grant()), action="kms:Encrypt"),
    key("ImplicitlyDenied", "a grant for somebody else", ANN, Layers(grants=grant(BOB.text))),
    key("Allowed", "a grant to the role", SESSION, Layers(grants=grant(ROLE_ARN))),
    key("ExplicitlyDenied", "a Deny beats a grant", ANN, Layers((policy(deny("kms:*")),), grants=grant())),
    key(
        "Allowed",
        "the encryption context that the grant asks for",
        ANN,
        Layers(grants=grant(context_equals={"a": "1"})),
        context={"kms:EncryptionContext:a": "1"},
    ),
    key(
        "ImplicitlyDenied",
        "another value in it",
        ANN,
        Layers(grants=grant(context_subset={"a": "1"})),
        context={"kms:EncryptionContext:a": "2"},
    ),
    key(
        "ImplicitlyDenied",
        "more in it than the grant says",
        ANN,
        Layers(grants=grant(context_equals={"a": "1"})),
        context={"kms:EncryptionContext:a": "1", "kms:EncryptionContext:b": "1"},
    ),
    key("Allowed", "a grant to a service", TRAIL, Layers(grants=grant(TRAIL.text))),
    key(
        "ExplicitlyDenied",
        "an RCP limits keys",
        ANN,
        Layers((), shared(allow(to="*")), rcp=(shared(deny("kms:*", to="*")),)),
    ),
    key(
        "Allowed",
        "not keys that AWS manages",
        ANN,
        Layers((), shared(allow(to="*")), rcp=(shared(deny("kms:*", to="*")),)),
        is_aws_managed_key=True,
    ),
    key(
        "Allowed",
        "nor kms:RetireGrant",
        ANN,
        Layers((), shared(allow(to="*")), rcp=(shared(deny("kms:*", to="*")),)),
        action="kms:RetireGrant",
    ),
)

ROLES = (
    role(
        "Allowed",
        "a named user needs no identity policy",
        ANN,
        Layers((), shared(allow("sts:AssumeRole", to=ANN.text))),
    ),
    role("ImplicitlyDenied", "trust is needed", ANN, Layers((_ASSUME,))),
    role(
        "ImplicitlyDenied",
        "the account delegates, nothing allows",
        ANN,
        Layers((), shared(allow("sts:AssumeRole", to=OWN))),
    ),
    role(
        "Allowed",
        "the account delegates, identity policy allows",
        ANN,
        Layers((_ASSUME,), shared(allow("sts:AssumeRole", to=OWN))),
    ),
    role(
        "ImplicitlyDenied",
        "trust of somebody else",
        ANN,
        Layers((_ASSUME,), shared(allow("sts:AssumeRole", to=BOB.text))),
    ),
    role(
        "ExplicitlyDenied",
        "an identity Deny counts",
        ANN,
        Layers((policy(deny("sts:*")),), shared(allow("sts:AssumeRole", to=ANN.text))),
    ),
    role(
        "ExplicitlyDenied",
        "an SCP Deny counts",
        ANN,
        Layers((), shared(allow("sts:AssumeRole", to=ANN.text)), scp=((FULL, policy(deny("sts:*"))),)),
    ),
    role(
        "ExplicitlyDenied",
        "a boundary's Deny counts",
        ANN,
        Layers((), shared(allow("sts:AssumeRole", to=ANN.text)), (policy(allow(), deny("sts:*")),)),
    ),
    role("ImplicitlyDenied", "across: trust alone", BOB, Layers((), shared(allow("sts:AssumeRole", to=BOB.text)))),
    role("Allowed", "across: both", BOB, Layers((_ASSUME,), shared(allow("sts:AssumeRole", to=FRIEND)))),
    role("Allowed", "a role may assume the next", SESSION, Layers((), shared(allow("sts:AssumeRole", to=ROLE_ARN)))),
    role(
        "ImplicitlyDenied",
        "within its boundary only",
        SESSION,
        Layers((), shared(allow("sts:AssumeRole", to=ROLE_ARN)), (NOTHING_HERE,)),
    ),
    role(
        "ImplicitlyDenied",
        "a root user cannot assume a role",
        ROOT,
        Layers((), shared(allow("sts:AssumeRole", to=OWN))),
    ),
    role(
        "Allowed",
        "a service by trust alone",
        TRAIL,
        Layers((), shared(allow("sts:AssumeRole", to={"Service": TRAIL.text}, resource=None))),
    ),
    role(
        "Allowed",
        "a web identity by trust alone",
        Caller.federated(_GITHUB),
        Layers((), shared(allow("sts:AssumeRoleWithWebIdentity", to={"Federated": _GITHUB}, resource=None))),
        action="sts:AssumeRoleWithWebIdentity",
    ),
    role(
        "ImplicitlyDenied",
        "trust in another provider",
        Caller.federated("accounts.google.com"),
        Layers((), shared(allow("sts:AssumeRoleWithWebIdentity", to={"Federated": _GITHUB}, resource=None))),
        action="sts:AssumeRoleWithWebIdentity",
    ),
    role(
        "ExplicitlyDenied",
        "an RCP limits roles",
        BOB,
        Layers((_ASSUME,), shared(allow(to=FRIEND)), rcp=(shared(deny("sts:*", to="*")),)),
    ),
    Case("Allowed", "passing a role needs an identity policy only", ANN, Layers((_PASS,)), "iam:PassRole", ROLE),
    Case(
        "ImplicitlyDenied",
        "no trust policy lets a role be passed",
        ANN,
        Layers((), shared(allow(to=ANN.text))),
        "iam:PassRole",
        ROLE,
    ),
    Case(
        "ImplicitlyDenied",
        "roles are not passed across accounts",
        BOB,
        Layers((_PASS,), shared(allow(to="*"))),
        "iam:PassRole",
        ROLE,
    ),
    Case("ImplicitlyDenied", "no iam action crosses accounts", BOB, Layers((FULL,)), "iam:GetRole", ROLE),
    Case("Allowed", "who am I", ANN, Layers(), "sts:GetCallerIdentity", "*"),
    Case("Allowed", "who am I, denied", ANN, Layers((policy(deny()),)), "sts:GetCallerIdentity", "*"),
    Case("ImplicitlyDenied", "who am I, unsigned", ANYONE, Layers(), "sts:GetCallerIdentity", "*"),
    Case("ImplicitlyDenied", "policies of AWS stay", ANN, Layers((FULL,)), "iam:CreatePolicyVersion", _AWS_POLICY),
    Case("ImplicitlyDenied", "for root too", ROOT, Layers(), "iam:DeletePolicy", _AWS_POLICY, "aws"),
    Case("Allowed", "but can be read", ANN, Layers((FULL,)), "iam:GetPolicyVersion", _AWS_POLICY, "aws"),
    Case("ImplicitlyDenied", "roles reserved by AWS stay", ANN, Layers((FULL,)), "iam:AttachRolePolicy", _RESERVED),
    Case("Allowed", "and can be read", ANN, Layers((FULL,)), "iam:GetRole", _RESERVED),
)

STATEMENTS = (
    inside("Allowed", "actions ignore case", allow("S3:getobject")),
    inside("Allowed", "a wildcard inside", allow("s3:*Object")),
    inside("Allowed", "one character", allow("s3:Get?bject")),
    inside("ImplicitlyDenied", "one character is not none", allow("s3:GetObject?")),
    inside("ImplicitlyDenied", "another service", allow("ec2:*")),
    inside("ImplicitlyDenied", "white space grants nothing", allow("s3:GetObject ")),
    inside("ImplicitlyDenied", "a wildcard for the service grants nothing", allow("*:GetObject")),
    inside("unknown", "whether such a Deny holds is not written", allow(), deny("*:GetObject")),
    inside("Allowed", "NotAction spares", allow(), deny(None, NotAction="s3:*")),
    inside("ExplicitlyDenied", "NotAction hits the rest", allow(), deny(None, NotAction="ec2:*")),
    inside("Allowed", "NotAction with Allow", allow(None, NotAction="iam:*")),
    inside("ImplicitlyDenied", "another bucket", allow(resource="arn:aws:s3:::other/*")),
    inside("ImplicitlyDenied", "a bucket is not its objects", allow(resource="arn:aws:s3:::acme")),
    inside(
        "Allowed", "a wildcard crosses slashes", allow(resource="arn:aws:s3:::acme/*"), resource="arn:aws:s3:::acme/a/b"
    ),
    inside("ImplicitlyDenied", "resources heed case", allow(resource="arn:aws:s3:::Acme/*")),
    inside("Allowed", "NotResource", allow(resource=None, NotResource="arn:aws:s3:::other/*")),
    inside("ImplicitlyDenied", "NotResource names it", allow(resource=None, NotResource="arn:aws:s3:::acme/*")),
    inside("Allowed", "one of a list", allow(resource=["arn:aws:s3:::x", "arn:aws:s3:::acme/k"])),
    inside(
        "Allowed",
        "the user's name",
        allow(resource="arn:aws:s3:::acme/${aws:username}"),
        resource="arn:aws:s3:::acme/ann",
    ),
    inside(
        "ImplicitlyDenied",
        "another's name",
        allow(resource="arn:aws:s3:::acme/${aws:username}"),
        resource="arn:aws:s3:::acme/eve",
    ),
    inside(
        "ImplicitlyDenied", "a variable without a value", allow(resource="arn:aws:s3:::acme/${aws:PrincipalTag/t}*")
    ),
    inside("unknown", "the same in a Deny", allow(), deny(resource="arn:aws:s3:::acme/${aws:PrincipalTag/t}*")),
    inside("Allowed", "a default", allow(resource="arn:aws:s3:::acme/${aws:PrincipalTag/t, 'k'}")),
    inside(
        "ImplicitlyDenied",
        "a default gives way to a value",
        allow(resource="arn:aws:s3:::acme/${aws:PrincipalTag/t, 'k'}"),
        context={"aws:PrincipalTag/t": "z"},
    ),
    inside("ImplicitlyDenied", "an escaped star is a star", allow(resource="arn:aws:s3:::acme/${*}")),
    inside(
        "Allowed",
        "an escaped star matches a star",
        allow(resource="arn:aws:s3:::acme/${*}"),
        resource="arn:aws:s3:::acme/*",
    ),
    inside(
        "ImplicitlyDenied",
        "no variable before the fifth colon",
        allow(resource="arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:q"),
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:eu-west-1:{OWN}:q",
    ),
    inside(
        "ImplicitlyDenied",
        "a value is never a pattern",
        allow(resource="arn:aws:s3:::acme/${aws:username}"),
        context={"aws:username": "*"},
    ),
    inside(
        "Allowed", "aws:PrincipalArn follows from the caller", allow(when={"ArnEquals": {"aws:PrincipalArn": ANN.text}})
    ),
    inside("Allowed", "aws:PrincipalAccount too", allow(when={"StringEquals": {"aws:PrincipalAccount": OWN}})),
    inside("Allowed", "aws:PrincipalType too", allow(when={"StringEquals": {"aws:PrincipalType": "User"}})),
    inside("Allowed", "a user is no service", allow(when={"Bool": {"aws:PrincipalIsAWSService": "false"}})),
    inside(
        "Allowed",
        "for a session aws:PrincipalArn is the role",
        allow(when={"ArnEquals": {"aws:PrincipalArn": ROLE_ARN}}),
        caller=SESSION,
    ),
    inside(
        "ImplicitlyDenied",
        "a session has no aws:username",
        allow(when={"StringLike": {"aws:username": "*"}}),
        caller=SESSION,
    ),
    inside(
        "ImplicitlyDenied",
        "what the context says goes first",
        allow(when={"StringEquals": {"aws:PrincipalAccount": OWN}}),
        context={"aws:principalaccount": FRIEND},
    ),
    inside(
        "Allowed",
        "aws:ResourceAccount follows from the owner",
        allow(when={"StringEquals": {"aws:ResourceAccount": OWN}}),
    ),
    inside(
        "ImplicitlyDenied",
        "all conditions must hold",
        allow(when={"Bool": {"a:b": "true"}, "StringEquals": {"a:c": "x"}}),
        context={"a:b": "true"},
    ),
    inside("unknown", "an unknown operator", allow(when={"StringResembles": {"a:b": "x"}}), context={"a:b": "x"}),
    inside(
        "ImplicitlyDenied",
        "an unknown operator beside one that fails",
        allow(when={"StringResembles": {"a:b": "x"}, "Bool": {"a:c": "true"}}),
    ),
    Case(
        "ImplicitlyDenied",
        "the old language knows no variables",
        layers=Layers((policy(allow(resource="arn:aws:s3:::acme/${aws:username}"), version="2008-10-17"),)),
        resource="arn:aws:s3:::acme/ann",
    ),
)
