"""What a newer document allows and an older one does not: nothing is lost, nothing is made up, nothing is vague."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Patterns, Policy
from providers.aws.policy.questions.new_access import NewRequest, new_requests
from providers.aws.policy.questions.representatives import representatives
from providers.aws.policy.symbolic import actions as covering
from tests.effort import effort
from tests.providers.aws.policy.documents import (
    BUCKET,
    FRIEND,
    ORGANIZATION,
    OWN,
    STRANGER,
    Json,
    actions,
    allow,
    caller_of,
    contexts_of,
    deny,
    parsed,
    policies,
    policy,
    resource_of,
)
from tests.providers.aws.policy.edits import edited

_CASES = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[5] / "shared")) / "cases"
_FOREIGN = _CASES / "iam" / "quacky-policies.json"
_MANY = settings(max_examples=effort(400, 6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
_ALWAYS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
_PAIRS = 366


def request_of(found: NewRequest) -> Request:
    """The request that a witness describes."""
    witness = found.witness
    assert witness is not None
    make = {
        "anonymous": lambda _: Caller.anonymous(),
        "principal": Caller.arn,
        "service": Caller.service,
        "federated": Caller.federated,
        "canonical": Caller.canonical,
    }[found.sort]
    context = {key: tuple(text.split(", ")) if ", " in text else text for key, text in witness.context.items()}
    return Request(make(witness.principal), witness.action, witness.resource, context)


def is_confirmed(found: NewRequest, older: Policy, newer: Policy) -> bool:
    request = request_of(found)
    allows = Policy(older.version, tuple(each for each in older.statements if each.effect == "Allow"))
    is_shut = decide(older, request) in ("none", "deny") or decide(allows, request) == "none"
    return decide(newer, request) == "allow" and is_shut


def sure(found: tuple[NewRequest, ...]) -> list[NewRequest]:
    return [one for one in found if one.witness is not None]


@_MANY
@given(policies)
def test_a_document_allows_nothing_that_it_does_not_allow(document: Policy) -> None:
    assert new_requests(document, document) == ()
    again = parse(json.dumps({"Statement": []}))
    assert isinstance(again, Policy)
    assert new_requests(document, again) == ()


@_MANY
@given(policies, policies)
def test_a_deny_more_adds_nothing(document: Policy, other: Policy) -> None:
    denies = tuple(each for each in other.statements if each.effect == "Deny")
    narrowed = Policy(document.version, (*document.statements, *denies))
    assert not sure(new_requests(document, narrowed))


@_MANY
@given(policies, policies)
def test_every_witness_is_allowed_by_the_newer_only(older: Policy, newer: Policy) -> None:
    found = new_requests(older, newer)
    assert all(is_confirmed(one, older, newer) for one in sure(found))
    assert not [one for one in found if "defect" in one.why]


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request that somebody could really make."""
    action = draw(actions)
    kind = draw(st.sampled_from(["anonymous", "stranger", "service"]))
    account = draw(st.sampled_from([OWN, FRIEND, STRANGER]))
    context = draw(contexts_of(account, draw(st.sampled_from([None, ORGANIZATION])), kind=kind, action=action))
    if kind == "anonymous":
        context.pop("aws:PrincipalIsAWSService", None)  # only signed requests have it
    return Request(caller_of(kind, context), action, resource_of(action), context)


@_MANY
@given(policies, policies, requests())
def test_no_new_request_stays_unfound(older: Policy, newer: Policy, request: Request) -> None:
    is_new = decide(newer, request) == "allow" and decide(older, request) in ("none", "deny")
    assert not is_new or new_requests(older, newer)


@_MANY
@given(policies, policies, st.integers(0, 2), requests())
def test_documents_without_a_difference_decide_alike(older: Policy, other: Policy, at: int, request: Request) -> None:
    newer = Policy(older.version, (*older.statements[:at], *other.statements))
    if not new_requests(older, newer) and not new_requests(newer, older):
        before, after = decide(older, request), decide(newer, request)
        assert (before == "allow") == (after == "allow") or "unknown" in (before, after)


@_MANY
@given(policies)
def test_an_allow_that_was_lacking_is_found(document: Policy) -> None:
    extra = policy(allow(Action="sqs:SendMessage", Resource="arn:aws:sqs:eu-west-1:111122223333:q", Principal="*"))
    assume(not _reaches(document, "sqs:SendMessage"))
    newer = Policy(document.version, (*document.statements, *extra.statements))
    assert {one.sort for one in sure(new_requests(document, newer))} >= {"anonymous", "principal"}


def _reaches(document: Policy, action: str) -> bool:
    return any(covering.covers(each.actions, action) != "no" for each in document.statements)


def _changes(older: Json, newer: Json) -> list[tuple[str, bool]]:
    before, after = parsed(older), parsed(newer)
    assert isinstance(before, Policy)
    assert isinstance(after, Policy)
    found = new_requests(before, after)
    assert all(is_confirmed(one, before, after) for one in sure(found))
    return [(one.sort, one.witness is not None) for one in found]


def doc(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


_HOME = "arn:aws:s3:::home/${aws:username}"


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        pytest.param(doc(), doc(_ALWAYS), [("principal", True)], id="a first statement of an identity policy"),
        pytest.param(doc(_ALWAYS), doc(_ALWAYS | {"Action": ["s3:Get*"]}), [("principal", True)], id="wider actions"),
        pytest.param(
            doc(_ALWAYS | {"Action": ["s3:Get*", "s3:Put*"]}),
            doc(_ALWAYS | {"Action": "s3:Put*"}, _ALWAYS | {"Action": ["s3:GetObject", "s3:Get*"]}),
            [],
            id="a statement that was split is no difference",
        ),
        pytest.param(
            doc(allow()),
            doc(allow(Principal={"AWS": "*"}, Resource=[f"{BUCKET}/*", f"{BUCKET}/a/*"])),
            [],
            id="everyone is everyone",
        ),
        pytest.param(
            doc(allow(Principal={"AWS": OWN})),
            doc(allow({"StringEquals": {"aws:PrincipalAccount": OWN}})),
            [("service", True)],
            id="an account by its number and by its key, but for services, whose account nobody knows",
        ),
        pytest.param(
            doc(allow(), deny({"Bool": {"aws:SecureTransport": "false"}})),
            doc(allow()),
            [("anonymous", True), ("principal", True)],
            id="a deny is gone",
        ),
        pytest.param(
            doc(allow(), deny({"Bool": {"aws:SecureTransport": "false"}})),
            doc(allow({"Bool": {"aws:SecureTransport": "true"}})),
            [],
            id="a deny that became a condition",
        ),
        pytest.param(
            doc(allow({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),
            doc(
                allow({"IpAddress": {"aws:SourceIp": "203.0.113.0/25"}}),
                allow({"IpAddress": {"aws:SourceIp": "203.0.113.128/25"}}),
            ),
            [],
            id="a network in two halves",
        ),
        pytest.param(
            doc(allow({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),
            doc(allow({"IpAddress": {"aws:SourceIp": "203.0.112.0/23"}})),
            [("anonymous", True), ("principal", True), ("service", True)],
            id="a wider network",
        ),
        pytest.param(
            doc(_ALWAYS | {"Resource": f"{_HOME}/*"}),
            doc(_ALWAYS | {"Resource": f"{_HOME}/docs/*"}),
            [],
            id="less of a home",
        ),
        pytest.param(
            doc(_ALWAYS | {"Resource": f"{_HOME}/docs/*"}),
            doc(_ALWAYS | {"Resource": f"{_HOME}/*"}),
            [("principal", True)],
            id="more of a home",
        ),
        pytest.param(
            doc(_ALWAYS | {"Resource": "arn:aws:s3:::home/ann/*"}),
            doc(_ALWAYS | {"Resource": f"{_HOME}/*"}),
            [("principal", True)],
            id="everybody's home",
        ),
        pytest.param(
            doc(_ALWAYS | {"Action": "ec2:*", "Resource": "arn:aws:ec2:*:*:instance/*"}),
            doc(_ALWAYS | {"Action": "ec2:*", "Resource": "arn:aws:ec2:*:111122223333:instance/i-*"}),
            [],
            id="an ARN whose wildcards may run on, narrowed",
        ),
        pytest.param(
            doc({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            doc({"Effect": "Allow", "NotAction": "iam:Create*", "Resource": "*"}),
            [("principal", True)],
            id="fewer actions left out",
        ),
        pytest.param(
            doc(allow(NotPrincipal={"AWS": [OWN, FRIEND]}, Principal=None)),
            doc(allow(NotPrincipal={"AWS": [OWN, FRIEND]}, Principal=None, Action=["s3:GetObject"])),
            [],
            id="what nobody can be sure of, unchanged",
        ),
        pytest.param(
            doc({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": OWN}}),
            doc({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": [OWN, FRIEND]}}),
            [("principal", True)],
            id="a trust policy without resources",
        ),
        pytest.param(
            doc(),
            doc(
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"},
                    "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}},
                }
            ),
            [("federated", True)],
            id="tokens of an identity provider",
        ),
        pytest.param(
            doc(allow(Principal={"Service": "sns.amazonaws.com"})),
            doc(allow(Principal={"Service": ["sns.amazonaws.com", "events.amazonaws.com"]})),
            [("service", True)],
            id="another service",
        ),
        pytest.param(
            doc(allow(Principal={"AWS": OWN})),
            doc(allow(Principal={"AWS": [OWN, f"arn:aws:iam::{OWN}:group/x"]})),
            [("principal", False)],
            id="a principal that AWS does not have is undecided",
        ),
        pytest.param(
            doc(allow({"StringResembles": {"aws:Referer": "a"}})),
            doc(allow({"StringResembles": {"aws:Referer": "b"}})),
            [("anonymous", False), ("principal", False), ("service", False)],
            id="an operator that AWS does not have, changed",
        ),
        pytest.param(
            doc(allow({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}})),
            doc(allow({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}})),
            [("anonymous", True), ("principal", True), ("service", True)],
            id="a set of keys that grew",
        ),
    ],
)
def test_edits_that_people_make(older: Json, newer: Json, expected: list[tuple[str, bool]]) -> None:
    assert _changes(older, newer) == expected


def test_an_account_by_its_canonical_id_is_found() -> None:
    identifier = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
    assert ("canonical", True) in _changes(doc(), doc(allow(Principal={"CanonicalUser": identifier})))


def test_requests_look_like_requests_that_somebody_makes() -> None:
    newer = policy(_ALWAYS, _ALWAYS | {"Action": "sqs:SendMessage", "Resource": "*"})
    found = new_requests(policy(), newer)
    assert [one.witness.resource.rpartition(":")[0] for one in sure(found) if one.witness] == [
        "arn:aws:s3::",
        "arn:aws:sqs:us-east-1:111122223333",
    ]
    assert [one.statement for one in found] == ["/Statement/0", "/Statement/1"]


def test_a_limit_is_undecided_and_no_silence() -> None:
    newer = policy(allow(Action="*", Resource="*"))
    assert not sure(new_requests(policy(), newer, most=0))
    assert "more than 0 times" in new_requests(policy(), newer, most=0)[0].why


def test_one_edit_among_a_thousand_statements_is_found() -> None:
    narrow = [_ALWAYS | {"Resource": f"{BUCKET}/{number}/*"} for number in range(1_000)]
    older, newer = policy(*narrow), policy(*narrow[1:], narrow[0] | {"Action": "s3:PutObject"})
    assert [one.statement for one in sure(new_requests(older, newer))] == ["/Statement/999"]


def test_thousands_of_patterns_end_undecided() -> None:
    newer = policy(*(_ALWAYS | {"Action": f"s3:Get{number}*"} for number in range(3_000)))
    found = new_requests(policy(), newer)
    assert len(found) == 3_000
    assert not sure(found)


def test_ten_thousand_changed_statements_end_undecided() -> None:
    older = policy(*(_ALWAYS | {"Resource": f"{BUCKET}/{number}/*"} for number in range(10_000)))
    newer = policy(*(_ALWAYS | {"Resource": f"{BUCKET}/{number}"} for number in range(10_000)))
    start = time.process_time()
    found = new_requests(older, newer)
    assert time.process_time() - start < 30
    assert {one.statement for one in found} == {each.pointer for each in newer.statements}


def test_representatives_stand_for_what_no_catalogue_knows() -> None:
    texts = ["s3:Get*", "s3:GetObject", "s3:Brandnew*", "acme:*", "ec2:Run?nstances"]
    found = representatives((policy(*(_ALWAYS | {"Action": text} for text in texts)),))
    assert {"s3:GetObject", "s3:Brandnew", "acme:Anything", "ec2:RunInstances"} <= set(found)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["s3:*", "s3:Get*", "s3:*Object", "s3:?utObject", "*", "ec2:Run*", "x:y"]), min_size=1
        ),
        min_size=1,
    )
)
def test_every_documented_action_is_stood_for(elements: list[list[str]]) -> None:
    document = policy(*(_ALWAYS | {"Action": patterns} for patterns in elements))
    found = {_covered_by(action, elements) for action in representatives((document,))}
    for action in ("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketAcl", "ec2:RunInstances", "sqs:Purge"):
        assert _covered_by(action, elements) in found
    assert len(found) == len(representatives((document,)))


def _covered_by(action: str, elements: list[list[str]]) -> tuple[str, ...]:
    return tuple(covering.covers(Patterns(tuple(patterns)), action) for patterns in elements)


@pytest.mark.skipif(not _FOREIGN.is_file(), reason=f"no foreign policies at {_FOREIGN} (set OURSIDE_SHARED)")
def test_small_edits_of_foreign_documents_are_decided_fast() -> None:
    documents = [case["policy"] for case in json.loads(_FOREIGN.read_text())]
    documents = [each for each in documents if isinstance(parse(json.dumps(each)), Policy)]
    random = Random(366)
    seconds: list[float] = []
    vague: list[tuple[Json, Json]] = []
    for number in range(_PAIRS):
        document = documents[number % len(documents)]
        changed = edited(document, random)
        older, newer = parse(json.dumps(document)), parse(json.dumps(changed))
        if isinstance(older, Malformed) or isinstance(newer, Malformed):
            continue
        start = time.process_time()
        found = new_requests(older, newer)
        seconds.append(time.process_time() - start)
        assert all(is_confirmed(one, older, newer) for one in sure(found))
        if len(sure(found)) < len(found) and not (_is_undefined(older) or _is_undefined(newer)):
            vague.append((document, changed))
    assert not vague
    assert sorted(seconds)[int(len(seconds) * 0.99)] <= 0.030


def _is_undefined(document: Policy) -> bool:
    """Whether it compares with what AWS would not store: addresses that are none."""
    conditions = [condition for each in document.statements for condition in each.conditions]
    return any(each.key == "aws:sourceip" and any("x" in value for value in each.values) for each in conditions)
