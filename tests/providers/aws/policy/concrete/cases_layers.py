"""How layers combine, inside one account and across two.

Reasons: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from tests.providers.aws.policy.concrete.case import (
    ANN,
    ANYONE,
    BOB,
    BROKEN,
    FEDERATED,
    FEDERATED_ARN,
    FOREIGN_SESSION,
    FRIEND,
    FULL,
    LINKED,
    NOTHING_HERE,
    OWN,
    READ,
    ROLE_ARN,
    ROOT,
    ROOT_ARN,
    SESSION,
    SESSION_ARN,
    TRAIL,
    Caller,
    Case,
    Layers,
    allow,
    deny,
    policy,
    shared,
)

_DENIES = (policy(deny("s3:*")),)
_DENIES_ALL = (policy(deny("s3:*", to="*")),)
_ALLOW_DENY = (policy(allow(), deny("s3:*")),)
_TO_ANN = shared(allow("s3:GetObject", to=ANN.text))
_TO_ROLE = shared(allow("s3:GetObject", to=ROLE_ARN))
_TO_SESSION = shared(allow("s3:GetObject", to=SESSION_ARN))
_TO_FEDERATED = shared(allow("s3:GetObject", to=FEDERATED_ARN))
_TO_OWN = shared(allow("s3:GetObject", to=OWN))
_TO_FRIEND = shared(allow("s3:GetObject", to=FRIEND))
_TO_BOB = shared(allow("s3:GetObject", to=BOB.text))
_TO_ALL = shared(allow("s3:GetObject", to="*"))
_TO_TRAIL = shared(allow("s3:GetObject", to={"Service": TRAIL.text}))
_TO_ARN = shared(allow("s3:GetObject", to="*", when={"ArnEquals": {"aws:PrincipalArn": ROLE_ARN}}))
_LIMITS = Layers(boundary=(NOTHING_HERE,), session=(NOTHING_HERE,))
_ROLE_CALLER = Caller.arn(ROLE_ARN)


def _with(layers: Layers, **changes: object) -> Layers:
    values = {name: getattr(layers, name) for name in layers.__struct_fields__} | changes
    return Layers(**values)


SAME_ACCOUNT = (
    Case("ImplicitlyDenied", "nothing allows"),
    Case("Allowed", "identity policy alone", layers=Layers(identity=(READ,))),
    Case("Allowed", "policies of one identity add up", layers=Layers(identity=(NOTHING_HERE, READ))),
    Case("ExplicitlyDenied", "a Deny in another policy wins", layers=Layers(identity=(READ, *_DENIES))),
    Case("Allowed", "resource policy alone, naming the user", layers=Layers(resource=_TO_ANN)),
    Case("ExplicitlyDenied", "identity Deny beats resource Allow", layers=Layers(identity=_DENIES, resource=_TO_ANN)),
    Case("ExplicitlyDenied", "resource Deny beats identity Allow", layers=Layers((READ,), _DENIES_ALL)),
    Case("ImplicitlyDenied", "the account principal only delegates", layers=Layers(resource=_TO_OWN)),
    Case("Allowed", "account principal and identity policy", layers=Layers((READ,), _TO_OWN)),
    Case("Allowed", "identity policy, resource policy for others", layers=Layers((READ,), _TO_FRIEND)),
    Case("Allowed", "everyone includes the own account", layers=Layers(resource=_TO_ALL)),
    Case("ImplicitlyDenied", "a service is not a user", layers=Layers(resource=_TO_TRAIL)),
    Case("ImplicitlyDenied", "another user is named", layers=Layers(resource=_TO_BOB)),
    Case("Allowed", "a role ARN names its sessions", SESSION, Layers(resource=_TO_ROLE)),
    Case("Allowed", "a role given as such", _ROLE_CALLER, Layers(resource=_TO_ROLE)),
    Case("Allowed", "a session by its own ARN", SESSION, Layers(resource=_TO_SESSION)),
    Case("unknown", "some session of the role: which one?", _ROLE_CALLER, Layers(resource=_TO_SESSION)),
    Case(
        "ImplicitlyDenied",
        "another session of the role",
        Caller.arn(f"arn:aws:sts::{OWN}:assumed-role/app/s2"),
        Layers(resource=_TO_SESSION),
    ),
    Case(
        "Allowed",
        "the ARN of a session lacks the role's path",
        SESSION,
        Layers(resource=shared(allow(to=f"arn:aws:iam::{OWN}:role/team/app"))),
    ),
    Case(
        "ImplicitlyDenied",
        "no wildcards inside a principal's ARN",
        layers=Layers(resource=shared(allow(to=f"arn:aws:iam::{OWN}:user/*"))),
    ),
    Case(
        "ImplicitlyDenied",
        "the id of a deleted user is nobody",
        layers=Layers(resource=shared(allow(to="AIDACKCEVSQ6C2EXAMPLE"))),
    ),
    Case("ImplicitlyDenied", "another account's user of that name", BOB, Layers((READ,), _TO_ANN)),
)

LIMITS = (
    Case("ImplicitlyDenied", "a boundary grants nothing", layers=Layers(boundary=(FULL,))),
    Case("Allowed", "identity and boundary both allow", layers=Layers((READ,), boundary=(FULL,))),
    Case("ImplicitlyDenied", "the boundary does not allow", layers=Layers((READ,), boundary=(NOTHING_HERE,))),
    Case("ExplicitlyDenied", "Deny in the boundary", layers=Layers((READ,), boundary=_ALLOW_DENY)),
    Case("ExplicitlyDenied", "Deny in the boundary, user named", layers=Layers((), _TO_ANN, boundary=_ALLOW_DENY)),
    Case("Allowed", "a named user is not limited by the boundary", layers=_with(_LIMITS, resource=_TO_ANN, session=())),
    Case("ImplicitlyDenied", "a named role is limited by the boundary", SESSION, Layers((), _TO_ROLE, (NOTHING_HERE,))),
    Case("Allowed", "a named role within its boundary", SESSION, Layers((), _TO_ROLE, (READ,))),
    Case(
        "ImplicitlyDenied",
        "a named role is limited by the session policy",
        SESSION,
        Layers((), _TO_ROLE, session=(NOTHING_HERE,)),
    ),
    Case("Allowed", "a named role within its session policy", SESSION, Layers((), _TO_ROLE, session=(READ,))),
    Case("Allowed", "a named session is limited by neither", SESSION, _with(_LIMITS, resource=_TO_SESSION)),
    Case("ExplicitlyDenied", "but by a Deny in the session policy", SESSION, Layers((), _TO_SESSION, (), _DENIES)),
    Case("Allowed", "everyone with aws:PrincipalArn is not limited", SESSION, _with(_LIMITS, resource=_TO_ARN)),
    Case("Allowed", "nor is plain everyone", SESSION, _with(_LIMITS, resource=_TO_ALL)),
    Case("Allowed", "a named federated user is limited by neither", FEDERATED, _with(_LIMITS, resource=_TO_FEDERATED)),
    Case(
        "ImplicitlyDenied", "account principal: the boundary limits", layers=Layers((READ,), _TO_OWN, (NOTHING_HERE,))
    ),
    Case("ImplicitlyDenied", "a session policy grants nothing", SESSION, Layers(session=(FULL,))),
    Case("Allowed", "role and session policy both allow", SESSION, Layers((READ,), session=(FULL,))),
    Case("ImplicitlyDenied", "the session policy does not allow", SESSION, Layers((READ,), session=(NOTHING_HERE,))),
    Case("ExplicitlyDenied", "Deny in the session policy", SESSION, Layers((READ,), session=_ALLOW_DENY)),
    Case("ImplicitlyDenied", "all three must allow", SESSION, Layers((READ,), (), (READ,), (NOTHING_HERE,))),
    Case("Allowed", "federated user: user's and session policy", FEDERATED, Layers((READ,), session=(READ,))),
    Case("ImplicitlyDenied", "GetFederationToken without a policy gives nothing", FEDERATED, Layers((READ,))),
    Case("unknown", "which user federated does not show", FEDERATED, Layers((), _TO_ANN, session=(READ,))),
    Case("Allowed", "policies of a boundary add up", layers=Layers((READ,), boundary=(NOTHING_HERE, READ))),
)

ACROSS = (
    Case("ImplicitlyDenied", "resource policy alone", BOB, Layers(resource=_TO_BOB)),
    Case("ImplicitlyDenied", "identity policy alone", BOB, Layers(identity=(READ,))),
    Case("Allowed", "both, naming the user", BOB, Layers((READ,), _TO_BOB)),
    Case("Allowed", "both, naming the account", BOB, Layers((READ,), _TO_FRIEND)),
    Case("Allowed", "both, for everyone", BOB, Layers((READ,), _TO_ALL)),
    Case("ImplicitlyDenied", "everyone, but no identity policy", BOB, Layers(resource=_TO_ALL)),
    Case("ImplicitlyDenied", "the owner's account is named", BOB, Layers((READ,), _TO_OWN)),
    Case("ImplicitlyDenied", "the boundary limits a named user", BOB, Layers((READ,), _TO_BOB, (NOTHING_HERE,))),
    Case(
        "ImplicitlyDenied",
        "the session policy limits",
        FOREIGN_SESSION,
        Layers((READ,), _TO_FRIEND, session=(NOTHING_HERE,)),
    ),
    Case(
        "ImplicitlyDenied",
        "a named session needs its identity policy",
        FOREIGN_SESSION,
        Layers((), shared(allow(to=FOREIGN_SESSION.text))),
    ),
    Case(
        "Allowed",
        "a role of the other account",
        FOREIGN_SESSION,
        Layers((READ,), shared(allow(to=f"arn:aws:iam::{FRIEND}:role/reader"))),
    ),
    Case("ExplicitlyDenied", "the owner denies", BOB, Layers((READ,), _DENIES_ALL)),
    Case("ExplicitlyDenied", "the caller's side denies", BOB, Layers(_DENIES, _TO_BOB)),
    Case(
        "Allowed", "the other account's root needs no identity policy", Caller.account(FRIEND), Layers((), _TO_FRIEND)
    ),
    Case("ImplicitlyDenied", "the other account's root, not named", Caller.account(FRIEND), Layers((), _TO_OWN)),
)

ORGANIZATION = (
    Case("ImplicitlyDenied", "an SCP grants nothing", layers=Layers(scp=((FULL,),))),
    Case("Allowed", "every level allows", layers=Layers((READ,), scp=((FULL,), (FULL,), (READ,)))),
    Case("ImplicitlyDenied", "one level does not", layers=Layers((READ,), scp=((FULL,), (NOTHING_HERE,), (FULL,)))),
    Case("Allowed", "the policies of one level add up", layers=Layers((READ,), scp=((NOTHING_HERE, READ),))),
    Case("ImplicitlyDenied", "a level without policies", layers=Layers((READ,), scp=((FULL,), ()))),
    Case("ExplicitlyDenied", "Deny in an SCP", layers=Layers((READ,), scp=((FULL, *_DENIES),))),
    Case("ImplicitlyDenied", "also against a resource policy", layers=Layers((), _TO_ANN, scp=((NOTHING_HERE,),))),
    Case("ExplicitlyDenied", "an SCP limits the root user", ROOT, Layers(scp=((FULL, *_DENIES),))),
    Case("ImplicitlyDenied", "an SCP must allow the root user", ROOT, Layers(scp=((NOTHING_HERE,),))),
    Case("Allowed", "not in the management account", ROOT, Layers(scp=((*_DENIES,),)), caller_is="management"),
    Case("Allowed", "not in the management account", ANN, Layers((READ,), scp=(_DENIES,)), caller_is="management"),
    Case("Allowed", "not a service-linked role", LINKED, Layers((READ,), scp=((FULL, *_DENIES),))),
    Case(
        "Allowed",
        "a service-linked role, told by aws:PrincipalArn",
        Caller.arn(f"arn:aws:sts::{OWN}:assumed-role/x/s"),
        Layers((READ,), scp=(_DENIES,)),
        context={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/aws-service-role/x.amazonaws.com/x"},
    ),
    Case("Allowed", "not a service", TRAIL, Layers(resource=_TO_TRAIL, scp=(_DENIES,))),
    Case("Allowed", "not an anonymous caller", ANYONE, Layers(resource=_TO_ALL, scp=(_DENIES,))),
    Case("ExplicitlyDenied", "the caller's SCP across accounts", BOB, Layers((READ,), _TO_BOB, scp=(_DENIES,))),
    Case("Allowed", "an RCP's own Allow is always there", layers=Layers((READ,), rcp=((),))),
    Case("Allowed", "an RCP without Allow limits nothing", layers=Layers((READ,), rcp=((NOTHING_HERE,),))),
    Case("ImplicitlyDenied", "an RCP grants nothing", layers=Layers(rcp=(shared(allow(to="*")),))),
    Case("ExplicitlyDenied", "an RCP limits everyone", ANYONE, Layers(resource=_TO_ALL, rcp=(_DENIES_ALL,))),
    Case("ExplicitlyDenied", "an RCP limits services", TRAIL, Layers(resource=_TO_TRAIL, rcp=(_DENIES_ALL,))),
    Case("ExplicitlyDenied", "an RCP limits the root user", ROOT, Layers(rcp=(_DENIES_ALL,))),
    Case("ExplicitlyDenied", "an RCP limits callers from outside", BOB, Layers((READ,), _TO_BOB, rcp=(_DENIES_ALL,))),
    Case("Allowed", "not a service-linked role", LINKED, Layers((READ,), rcp=(_DENIES_ALL,))),
    Case("Allowed", "not in the management account", layers=Layers((READ,), rcp=(_DENIES_ALL,)), owner_is="management"),
    Case(
        "Allowed",
        "a service that RCPs do not cover",
        layers=Layers((FULL,), rcp=(shared(deny("sns:*", to="*")),)),
        action="sns:Publish",
        resource=f"arn:aws:sns:eu-west-1:{OWN}:t",
    ),
    Case(
        "ExplicitlyDenied",
        "a service that RCPs do cover",
        layers=Layers((FULL,), rcp=(shared(deny("sqs:*", to="*")),)),
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:eu-west-1:{OWN}:q",
    ),
    Case(
        "Allowed",
        "the RCP spares services by its condition",
        TRAIL,
        Layers(
            resource=_TO_TRAIL,
            rcp=(shared(deny("s3:*", to="*", when={"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}})),),
        ),
    ),
    Case(
        "ImplicitlyDenied",
        "the endpoint's policy must allow",
        layers=Layers((READ,), endpoint=shared(allow("ec2:*", to="*"))),
    ),
    Case("Allowed", "the endpoint's policy allows", layers=Layers((READ,), endpoint=shared(allow(to="*")))),
    Case("ExplicitlyDenied", "the endpoint's policy denies", layers=Layers((READ,), endpoint=_DENIES_ALL)),
)

CALLERS = (
    Case("Allowed", "the root user needs no policy", ROOT),
    Case("Allowed", "identity policies do not bear on root", ROOT, Layers(identity=_DENIES, boundary=_DENIES)),
    Case("ExplicitlyDenied", "a resource policy denies root", ROOT, Layers(resource=_DENIES_ALL)),
    Case("ExplicitlyDenied", "root, named in a Deny", ROOT, Layers(resource=shared(deny(to=ROOT_ARN)))),
    Case("ImplicitlyDenied", "anonymous, no policy", ANYONE),
    Case("Allowed", "anonymous, everyone", ANYONE, Layers(resource=_TO_ALL)),
    Case("ImplicitlyDenied", "anonymous is in no account", ANYONE, Layers(resource=_TO_OWN)),
    Case("ImplicitlyDenied", "anonymous is no user", ANYONE, Layers(resource=_TO_ANN)),
    Case("ImplicitlyDenied", "identity policies are not anonymous'", ANYONE, Layers(identity=(FULL,))),
    Case("ExplicitlyDenied", "anonymous, denied", ANYONE, Layers(resource=(*_TO_ALL, *_DENIES_ALL))),
    Case("Allowed", "a service by the resource policy alone", TRAIL, Layers(resource=_TO_TRAIL)),
    Case("Allowed", "everyone includes services", TRAIL, Layers(resource=_TO_ALL)),
    Case("ImplicitlyDenied", "another service", Caller.service("sns.amazonaws.com"), Layers(resource=_TO_TRAIL)),
    Case(
        "ImplicitlyDenied",
        "the service, but for another account",
        TRAIL,
        Layers(
            resource=shared(
                allow(to={"Service": TRAIL.text}, when={"StringEquals": {"aws:SourceAccount": OWN}}),
            )
        ),
        context={"aws:SourceAccount": FRIEND},
    ),
    Case(
        "ExplicitlyDenied",
        "NotPrincipal denies all others",
        BOB,
        Layers((READ,), shared(allow(to="*"), deny(NotPrincipal={"AWS": [ANN.text, OWN]}))),
    ),
    Case(
        "Allowed",
        "NotPrincipal spares user with account",
        ANN,
        Layers((READ,), shared(allow(to="*"), deny(NotPrincipal={"AWS": [ANN.text, OWN]}))),
    ),
    Case(
        "unknown",
        "NotPrincipal without the account: AWS warns",
        ANN,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": ANN.text}))),
    ),
    Case(
        "ExplicitlyDenied",
        "the warning taken as a rule",
        ANN,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": ANN.text}))),
        takes_warnings_as_rules=True,
    ),
    Case(
        "ExplicitlyDenied",
        "the account alone spares no user",
        ANN,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": OWN}))),
        takes_warnings_as_rules=True,
    ),
    Case(
        "Allowed",
        "account, role and session named",
        SESSION,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": [OWN, ROLE_ARN, SESSION_ARN]}))),
    ),
    Case(
        "Allowed",
        "account and role named, as AWS recommends for who assumes the role",
        SESSION,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": [OWN, ROLE_ARN]}))),
    ),
    Case(
        "unknown",
        "account and session named, not the role",
        SESSION,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": [OWN, SESSION_ARN]}))),
    ),
    Case(
        "ExplicitlyDenied",
        "NotPrincipal denies who has a boundary",
        ANN,
        Layers((READ,), shared(deny(NotPrincipal={"AWS": [ANN.text, OWN]})), boundary=(FULL,)),
    ),
    Case(
        "ExplicitlyDenied",
        "NotPrincipal denies anonymous",
        ANYONE,
        Layers((), shared(allow(to="*"), deny(NotPrincipal={"AWS": OWN}))),
    ),
    Case(
        "Allowed",
        "NotPrincipal with Allow lets everyone else in",
        ANYONE,
        Layers((), shared(allow(NotPrincipal={"AWS": ANN.text}))),
    ),
    Case("ImplicitlyDenied", "but not whom it names", ANN, Layers((), shared(allow(NotPrincipal={"AWS": ANN.text})))),
    Case("unknown", "no principal that AWS knows", Caller.arn("arn:aws:iam::nobody:thing/x"), Layers((FULL,))),
    Case("unknown", "a broken policy could allow", layers=Layers((BROKEN,))),
    Case("unknown", "a broken policy could deny", layers=Layers((READ, BROKEN))),
    Case("ExplicitlyDenied", "a sure Deny beside a broken policy", layers=Layers((*_DENIES, BROKEN))),
    Case("ImplicitlyDenied", "a broken boundary grants nothing", layers=Layers(boundary=(BROKEN,))),
    Case("unknown", "a broken boundary may not allow", layers=Layers((READ,), boundary=(BROKEN,))),
    Case("unknown", "a broken SCP may not allow", layers=Layers((READ,), scp=((BROKEN,),))),
    Case("Allowed", "a broken SCP does not bear on services", TRAIL, Layers((), _TO_TRAIL, scp=((BROKEN,),))),
    Case("unknown", "an identity policy with a principal is none", layers=Layers((policy(allow(to="*")),))),
    Case("unknown", "an identity policy without resource is none", layers=Layers((policy(allow(resource=None)),))),
    Case("unknown", "a resource policy without principal is none", layers=Layers((), shared(allow()))),
)
