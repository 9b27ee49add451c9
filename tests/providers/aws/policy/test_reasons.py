"""Why a request is allowed or denied: the answer is the evaluator's, and what is advised helps and is needed."""

from __future__ import annotations

import json
from itertools import combinations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.layers import KeyGrant, Layers
from providers.aws.policy.language.tree import Malformed
from providers.aws.policy.questions.edits import MOST_EDITS, Situation, edited, smallest_edits
from providers.aws.policy.questions.reasons import reasons
from tests.effort import effort
from tests.providers.aws.policy.concrete.case import (
    ANN,
    ANYONE,
    BOB,
    FEDERATED,
    FRIEND,
    FULL,
    KEY,
    OBJECT,
    OWN,
    ROLE,
    ROOT,
    SESSION,
    TRAIL,
    Case,
    allow,
    deny,
    policy,
)
from tests.providers.aws.policy.concrete.generated import cases

_MANY = settings(max_examples=effort(250, 8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
_TLS = {"Bool": {"aws:SecureTransport": "true"}}
_NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}
_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def situation(case: Case) -> Situation:
    request = Request(case.caller, case.action, case.resource, case.context)
    return Situation(case.layers, request, case.owner, {}, case.caller_is, case.owner_is, case.is_aws_managed_key)


def here(
    layers: Layers, caller: object = ANN, action: str = "s3:GetObject", resource: str = OBJECT, **more: object
) -> Situation:
    return situation(Case("unknown", "", caller, layers, action, resource, **more))  # type: ignore[arg-type]  # a case's


@_MANY
@given(cases())
def test_the_answer_is_the_evaluators_and_the_edits_bring_it_about(case: Case) -> None:
    asked = situation(case)
    found, edits = reasons(asked), smallest_edits(asked)
    assert found.result == asked.authorization().result
    assert len(edits) <= MOST_EDITS
    assert not (edits and found.result == "Allowed")
    assert (found.witness is not None) == (found.result == "Allowed")
    if edits:
        assert edited(asked, edits).authorization().result == "Allowed"
        assert found.edits == tuple(edit.text for edit in edits)
        fewer = combinations(edits, len(edits) - 1)
        assert all(edited(asked, some).authorization().result != "Allowed" for some in fewer)


@_MANY
@given(cases(), cases())
def test_what_has_no_conditions_is_allowed_in_any_context(case: Case, other: Case) -> None:
    asked = situation(case)
    found = reasons(asked)
    if found.result != "Allowed" or found.conditions:
        return
    request = msgspec.structs.replace(asked.request, context=other.context)
    elsewhere = msgspec.structs.replace(asked, request=request)
    assert elsewhere.authorization().result in ("Allowed", "unknown")


def test_grants_tell_their_conditions_and_denies_what_keeps_clear_of_them() -> None:
    layers = Layers(
        identity=(policy(allow("s3:*", when=_MFA), deny("s3:*", when=_NO_TLS)),),
        boundary=(policy(allow("s3:*", when={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),),
        scp=((FULL,), (policy(allow("*"), deny("*", when={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})),)),
    )
    context = {
        "aws:MultiFactorAuthPresent": "true",
        "aws:SecureTransport": "true",
        "aws:SourceIp": "203.0.113.7",
        "aws:RequestedRegion": "eu-west-1",
    }
    found = reasons(here(layers, context=context))
    assert found.result == "Allowed"
    assert set(found.conditions) == {
        "with MFA",
        "over TLS, if aws:securetransport is present",
        "from 203.0.113.0/24",
        "in the region eu-west-1",
    }
    assert [(one.document, one.pointer, one.text) for one in found.deciding] == [
        ("identity policy 0", "/Statement/0", "allows s3:* on all resources, if with MFA"),
    ]
    assert found.witness is not None
    assert found.witness.statement == "/Statement/0"


def test_of_two_grants_the_one_with_fewer_conditions_counts() -> None:
    layers = Layers(identity=(policy(allow("s3:*", when=_TLS)), policy(allow("s3:Get*"))))
    found = reasons(here(layers, context={"aws:SecureTransport": "true"}))
    assert found.conditions == ()
    assert len(found.deciding) == 2


def test_across_accounts_both_sides_count() -> None:
    layers = Layers(
        identity=(policy(allow("s3:*", when=_TLS)),),
        resource=(policy(allow("s3:*", to={"AWS": FRIEND}, when=_MFA)),),
    )
    context = {"aws:SecureTransport": "true", "aws:MultiFactorAuthPresent": "true"}
    assert set(reasons(here(layers, BOB, context=context)).conditions) == {"over TLS", "with MFA"}


_HERE = f"s3:GetObject on {OBJECT}"
_TO_OWN = f"add an Allow of {_HERE} to one of the principal's policies"


@pytest.mark.parametrize(
    ("asked", "edits"),
    [
        pytest.param(here(Layers()), [_TO_OWN], id="nothing lets it"),
        pytest.param(
            here(Layers(identity=(FULL,), boundary=(policy(allow("ec2:*")),))),
            [f"let the permissions boundary allow {_HERE}"],
            id="a boundary",
        ),
        pytest.param(
            here(Layers(boundary=(policy(allow("ec2:*")),)), SESSION),
            [f"let the resource's own policy allow {SESSION.text} {_HERE}"],
            id="a session and its boundary",
        ),
        pytest.param(
            here(Layers(identity=(policy(allow("*"), deny("s3:Get*")),))),
            ["remove the Deny at identity policy 0 /Statement/1, or narrow it so that it spares the request"],
            id="a deny",
        ),
        pytest.param(
            here(Layers(identity=(policy(deny("s3:Get*")),))),
            ["remove the Deny at identity policy 0 /Statement/0, or narrow it so that it spares the request", _TO_OWN],
            id="a deny and nothing that lets it",
        ),
        pytest.param(
            here(Layers(), BOB),
            [_TO_OWN, f"let the resource's own policy allow {BOB.text} {_HERE}"],
            id="another account",
        ),
        pytest.param(
            here(Layers(identity=(FULL,), scp=((FULL,), (policy(allow("ec2:*")),)))),
            [f"let a service control policy beside scp policy 1 allow {_HERE}"],
            id="a level of service control policies",
        ),
        pytest.param(
            here(Layers(), ANYONE), [f"let the resource's own policy allow everyone {_HERE}"], id="nobody in particular"
        ),
        pytest.param(
            here(Layers(), TRAIL), [f"let the resource's own policy allow {TRAIL.text} {_HERE}"], id="a service"
        ),
        pytest.param(
            here(Layers(identity=(FULL,)), ANN, "sts:AssumeRole", ROLE),
            [f"let the resource's own policy allow {ANN.text} sts:AssumeRole on {ROLE}"],
            id="a role that trusts nobody",
        ),
        pytest.param(
            here(Layers(identity=(FULL,)), FEDERATED),
            [f"let the session policy allow {_HERE}"],
            id="a federated user without a session policy",
        ),
        pytest.param(here(Layers(identity=(FULL,)), ROOT, "sts:AssumeRole", ROLE), [], id="a root user takes no role"),
        pytest.param(
            here(Layers(identity=(policy(allow("*"), *[deny("*")] * 4),))), [], id="more denies than edits are told"
        ),
    ],
)
def test_the_fewest_edits(asked: Situation, edits: list[str]) -> None:
    found = reasons(asked)
    assert list(found.edits) == edits
    assert bool(edits) or "no 3 edits" in found.why


def test_near_misses_say_what_is_not_met() -> None:
    found = reasons(here(Layers(identity=(policy(allow("s3:*", when=_TLS), allow("ec2:*", when=_TLS)),))))
    assert found.result == "ImplicitlyDenied"
    assert [one.text for one in found.deciding] == [
        "allows s3:* on all resources, if over TLS; the request does not meet that"
    ]


def test_documents_have_their_names() -> None:
    asked = here(Layers(identity=(policy(allow("*")), policy(deny("s3:*")))))
    asked = msgspec.structs.replace(asked, names={("identity", 1): "policy no-s3 of group all"})
    found = reasons(asked)
    assert [one.document for one in found.deciding] == ["policy no-s3 of group all"]
    assert "policy no-s3 of group all /Statement/0" in found.edits[0]


def test_what_cannot_be_read_is_unknown_with_its_place() -> None:
    found = reasons(here(Layers(identity=(Malformed("/Statement/0/Effect", "is neither Allow nor Deny"),))))
    assert found.result == "unknown"
    assert [(one.pointer, one.text) for one in found.deciding] == [("/Statement/0/Effect", "is neither Allow nor Deny")]


def test_a_grant_on_a_key_has_words_too() -> None:
    layers = Layers(grants=(KeyGrant(ANN.text, ("Decrypt",)),))
    found = reasons(here(layers, ANN, "kms:Decrypt", KEY))
    assert [one.text for one in found.deciding] == ["a grant on the key that names the principal"]
    assert json.loads(msgspec.json.encode(found))["result"] == "Allowed"
    assert OWN in KEY
