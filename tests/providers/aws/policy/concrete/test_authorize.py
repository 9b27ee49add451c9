from __future__ import annotations

import pytest

from providers.aws.policy.concrete.layers import Layers, Place
from tests.providers.aws.policy.concrete import cases_actions, cases_layers
from tests.providers.aws.policy.concrete.case import ANN, BROKEN, READ, Case, allow, deny, policy, shared

CASES = (
    *cases_layers.SAME_ACCOUNT,
    *cases_layers.LIMITS,
    *cases_layers.ACROSS,
    *cases_layers.ORGANIZATION,
    *cases_layers.CALLERS,
    *cases_actions.KEYS,
    *cases_actions.ROLES,
    *cases_actions.STATEMENTS,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_the_answer_is_the_documented_one(case: Case) -> None:
    answer = case.authorize()
    assert answer.result == case.expected, answer
    assert answer.why


def test_every_answer_is_asked_for() -> None:
    assert {case.expected for case in CASES} == {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "unknown"}


def test_an_answer_names_the_statements_that_decide() -> None:
    resource = shared(allow("s3:Get*", to=ANN.text), deny("s3:Put*", to="*"))
    layers = Layers(identity=(policy(allow("ec2:*")), READ), resource=resource)
    allowed = Case("Allowed", "", layers=layers).authorize()
    assert allowed.deciding == (
        Place("identity", 1, "/Statement/0", "Allow"),
        Place("resource", 0, "/Statement/0", "Allow"),
    )
    denied = Case("ExplicitlyDenied", "", layers=layers, action="s3:PutObject").authorize()
    assert denied.deciding == (Place("resource", 0, "/Statement/1", "Deny"),)


def test_an_unknown_answer_names_what_is_unclear() -> None:
    answer = Case("unknown", "", layers=Layers((READ,), scp=((READ,), (READ, BROKEN)))).authorize()
    assert answer.result == "unknown"
    assert answer.deciding == (Place("scp", 2, "/Statement/0", None, "is broken"),)
    assert "scp policy 2 at /Statement/0 (is broken)" in answer.why


def test_documents_of_an_scp_are_counted_through_all_levels() -> None:
    answer = Case("unknown", "", layers=Layers((READ,), scp=((READ,), (BROKEN,)))).authorize()
    assert answer.deciding == (Place("scp", 1, "/Statement/0", None, "is broken"),)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (Layers((READ,), boundary=(policy(allow("ec2:*")),)), "permissions boundary"),
        (Layers((READ,), session=(policy(allow("ec2:*")),)), "session policy"),
        (Layers((READ,), scp=((policy(allow("ec2:*")),),)), "service control policy"),
        (Layers((READ,), endpoint=shared(allow("ec2:*", to="*"))), "VPC endpoint"),
    ],
)
def test_an_implicit_deny_names_the_layer_that_lacks_an_allow(layers: Layers, words: str) -> None:
    answer = Case("ImplicitlyDenied", "", layers=layers).authorize()
    assert answer.result == "ImplicitlyDenied"
    assert words in answer.why
