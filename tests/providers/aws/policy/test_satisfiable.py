"""Whether a document allows some request: the foreign documents, generated ones, and edges."""

from __future__ import annotations

import json
from random import Random

import pytest

from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Policy
from providers.aws.policy.questions.canonical import canonical
from providers.aws.policy.questions.outsiders import outsiders
from providers.aws.policy.questions.satisfiable import some_request
from providers.aws.policy.questions.witnesses import Witness
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.ask import Open
from tests.providers.aws.policy.documents import FRIEND, OWN, OWNER, RESOURCE, Json, allow, caller_of, deny, policy
from tests.providers.aws.policy.generated import document, party, request
from tests.providers.aws.policy.vocabulary import SUFFIXES

FRIENDS: Json = {"AWS": FRIEND}


def of_identity(*statements: Json) -> Policy:
    """Statements without principals; an element of None is left out."""
    wide: dict[str, Json] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    return policy(*({k: v for k, v in (wide | each).items() if v is not None} for each in statements))


@pytest.mark.parametrize(
    "document",
    [
        policy(allow()),
        policy(allow(Principal={"AWS": OWN}), deny(Principal="*", Action="s3:Put*")),
        policy(allow(Action="s3:*"), deny(Action="s3:GetObject")),
        policy(allow(Action="s3:*"), deny(NotAction="s3:ListBucket", Action=None)),
        policy(allow(), deny({"StringNotEquals": {"aws:Referer": "a"}})),
        of_identity({"Action": "newservice:Do*", "Resource": "arn:aws:newservice:*:*:thing/*"}),
        of_identity(
            {"Action": None, "NotAction": "iam:*"}, {"Effect": "Deny", "Action": None, "NotAction": ["s3:GetObject"]}
        ),
        of_identity({"Resource": "arn:aws:s3:::home/${aws:username}/*"}),
        of_identity({"Condition": {"StringEquals": {"ec2:ResourceTag/Owner": "${aws:username}"}}}),
        policy(
            allow({"StringEquals": {"aws:username": "ann"}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a/*"}})
        ),
        of_identity({"Condition": {"NumericLessThan": {"acme:count": "5"}, "Null": {"acme:count": "false"}}}),
    ],
)
def test_a_request_is_given(document: Policy) -> None:
    found = some_request(document)
    assert isinstance(found, Witness), found


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(deny()),
        policy(allow(), deny()),
        policy(allow(Principal={"AWS": "AIDACKCEVSQ6C2EXAMPLE"})),
        policy(allow(Action="s3:GetObject"), deny(Action="s3:Get*")),
        policy(allow({"StringEquals": {"aws:Referer": "a"}}), deny({"StringLike": {"aws:Referer": "*"}})),
        of_identity({"Condition": {"Null": {"aws:Referer": "true"}, "StringEquals": {"aws:Referer": "a"}}}),
        of_identity(
            {"Condition": {"NumericLessThan": {"s3:max-keys": "1"}, "NumericGreaterThan": {"s3:max-keys": "1"}}}
        ),
        of_identity({}, {"Effect": "Deny", "Action": "*"}),
        policy(
            allow(
                {"StringEquals": {"aws:username": "ann"}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/bob"}},
                Principal=FRIENDS,
            )
        ),
        policy(
            allow(
                {"StringLike": {"aws:username": "a*"}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a/bob"}},
                Principal=FRIENDS,
            )
        ),
        policy(allow({"StringEquals": {"aws:username": "a/b"}}, Principal=FRIENDS)),
    ],
)
def test_none_is_given_where_there_is_none(document: Policy) -> None:
    assert some_request(document) is None


def test_what_aws_does_not_define_is_open() -> None:
    found = some_request(policy(allow({"StringResembles": {"aws:Referer": "a"}})))
    assert isinstance(found, Open)


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_what_some_request_proves_the_concrete_evaluator_cannot_refute(seed: int) -> None:
    for each in range(seed, seed + 40):
        random = Random(each)
        parsed = parse(json.dumps(document(random)))
        assert isinstance(parsed, Policy) or parsed.why
        if not isinstance(parsed, Policy):
            continue
        found = some_request(parsed)
        assert not isinstance(found, Open) or "defect" not in found.why
        if found is not None:
            continue
        for _ in range(30):
            action = random.choice(sorted(SUFFIXES))
            assert decide(parsed, request(random, party(random, "all"), action, "all")) != "allow"


def shuffled(given: Json, random: Random) -> Json:
    """The same said in another order and under other names."""
    found = json.loads(json.dumps(given))
    for statement in found["Statement"]:
        statement["Sid"] = f"S{random.randrange(10**9)}"
        for element in ("Action", "Resource", "NotAction", "NotResource"):
            if isinstance(statement.get(element), list):
                random.shuffle(statement[element])
                statement[element].append(statement[element][0])
        blocks = list(statement.get("Condition", {}).items())
        random.shuffle(blocks)
        for _, keys in blocks:
            for values in keys.values():
                if isinstance(values, list):
                    random.shuffle(values)
        if blocks:
            statement["Condition"] = dict(blocks)
    return found


def test_documents_that_say_the_same_are_one_and_are_answered_once() -> None:
    kind = resource_kind("s3")
    assert kind is not None
    for seed in range(100):
        given = document(Random(seed))
        one, other = (parse(json.dumps(each)) for each in (given, shuffled(given, Random(seed + 1))))
        assert isinstance(one, Policy)
        assert isinstance(other, Policy)
        assert canonical(one) == canonical(other)
        assert some_request(one) is some_request(other)
        assert outsiders(one, OWNER, RESOURCE, kind) is outsiders(other, OWNER, RESOURCE, kind)


def test_what_tells_documents_apart_is_kept() -> None:
    plain = policy(allow({"StringEquals": {"aws:Referer": ["a", "b"]}}))
    for other in (
        policy(allow({"StringEquals": {"aws:Referer": ["a", "c"]}})),
        policy(allow({"StringEqualsIfExists": {"aws:Referer": ["a", "b"]}})),
        policy(allow({"ForAnyValue:StringEquals": {"aws:Referer": ["a", "b"]}})),
        policy(allow({"StringEquals": {"aws:Referer": ["a", "b"]}}), version="2008-10-17"),
        policy(allow({"StringEquals": {"aws:Referer": ["a", "b"]}}, Principal={"AWS": OWN})),
        policy(allow({"StringEquals": {"aws:Referer": ["a", "b"]}}, NotResource="*", Resource=None)),
    ):
        assert canonical(plain) != canonical(other)


def test_a_witness_is_let_in() -> None:
    given = policy(allow({"StringLike": {"aws:Referer": "https://*"}}))
    found = some_request(given)
    assert isinstance(found, Witness)
    context = dict(found.context)
    who = caller_of("anonymous", context)
    assert decide(given, Request(who, found.action, found.resource, context)) == "allow"
