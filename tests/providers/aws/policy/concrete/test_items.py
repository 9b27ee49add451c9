from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.policy.concrete.items import answer_item, authorize_item
from scanner.questions import BadInput
from tests.effort import effort
from tests.providers.aws.policy.concrete.case import ANN, OWN, ROLE_ARN, Json

_ROOT = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[6] / "shared")) / "cases"
_ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
_OPEN = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}


def item(policies: Json, **request: Json) -> Json:
    asked = {"principal": ANN.text, "action": "s3:GetObject", "resource": "arn:aws:s3:::d/k", "resourceAccount": OWN}
    return {"kind": "authorize", "policies": policies, "request": asked | request}


@pytest.mark.skipif(not _ROOT.is_dir(), reason=f"no shared cases at {_ROOT} (set OURSIDE_SHARED)")
def test_every_shared_case_is_right() -> None:
    cases = json.loads((_ROOT / "iam" / "own.json").read_text())
    assert cases
    wrong = [(case["id"], answer_item(case), case["why"]) for case in cases if answer_item(case) != case["expected"]]
    assert wrong == []


@pytest.mark.parametrize(
    "policies",
    [
        {"identity": [_ALLOW]},
        {"identity": _ALLOW},
        {"identity": [json.dumps(_ALLOW)]},
        {"identity": [{"name": "reader", "policy": _ALLOW}]},
        {"resource": [_OPEN]},
        {"resource": json.dumps(_OPEN), "identity": None},
        {"identity": [_ALLOW], "session": [_ALLOW], "boundary": _ALLOW},
        {"identity": [_ALLOW], "scp": [{"scope": "root", "policies": [_ALLOW]}, [json.dumps(_ALLOW)]]},
        {"identity": [_ALLOW], "scp": [_ALLOW], "rcp": []},
        {"identity": [_ALLOW], "scp": {"scope": "root", "policies": _ALLOW}},
    ],
)
def test_policies_may_be_written_in_many_ways(policies: Json) -> None:
    assert answer_item(item(policies)) == "Allowed"


@pytest.mark.parametrize(
    ("principal", "named"),
    [
        (ANN.text, {"AWS": ANN.text}),
        ({"AWS": ANN.text}, {"AWS": ANN.text}),
        ({"type": "AWS", "value": ANN.text}, {"AWS": ANN.text}),
        (ROLE_ARN, {"AWS": ROLE_ARN}),
        ("cloudtrail.amazonaws.com", {"Service": "cloudtrail.amazonaws.com"}),
        ({"type": "Service", "value": "cloudtrail.amazonaws.com"}, {"Service": "cloudtrail.amazonaws.com"}),
        ({"type": "Service", "id": "cloudtrail.amazonaws.com"}, {"Service": "cloudtrail.amazonaws.com"}),
        ({"Service": "cloudtrail.amazonaws.com"}, {"Service": "cloudtrail.amazonaws.com"}),
        ({"type": "Federated", "value": "accounts.google.com"}, {"Federated": "accounts.google.com"}),
        ({"type": "CanonicalUser", "id": "79a5"}, {"CanonicalUser": "79a5"}),
        ({"type": "Anonymous"}, "*"),
        ("*", "*"),
        (OWN, {"AWS": "444455556666"}),
        (int(OWN), {"AWS": "444455556666"}),
    ],
)
def test_principals_may_be_written_in_many_ways(principal: Json, named: Json) -> None:
    """The last two are the root user, who needs no policy."""
    policy = {"Statement": {"Effect": "Allow", "Principal": named, "Action": "s3:*", "Resource": "*"}}
    assert answer_item(item({"resource": policy}, principal=principal)) == "Allowed"


def test_a_host_that_assumes_a_role_by_web_identity_is_a_provider() -> None:
    trust = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
        }
    }
    asked = item(
        {"trust": trust},
        principal="cognito-identity.amazonaws.com",
        action="sts:AssumeRoleWithWebIdentity",
        resource=f"arn:aws:iam::{OWN}:role/app",
    )
    assert answer_item(asked) == "Allowed"


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"resourceAccount": None}, "Allowed"),
        ({"resourceAccount": int(OWN)}, "Allowed"),
        ({"resourceAccount": f"arn:aws:iam::{OWN}:root"}, "Allowed"),
        ({"resourceAccount": "444455556666"}, "ImplicitlyDenied"),
        ({"resourceAccount": None, "resource": "arn:aws:s3:eu-west-1:444455556666:accesspoint/a"}, "ImplicitlyDenied"),
        ({"resource": "*", "resourceAccount": None}, "Allowed"),
        ({"context": None}, "Allowed"),
    ],
)
def test_the_owner_is_said_or_follows(request_: Json, answer: str) -> None:
    assert answer_item(item({"identity": [_ALLOW]}, **request_)) == answer


def test_context_values_may_be_scalars_or_lists() -> None:
    conditions = {
        "Bool": {"a:bool": "true"},
        "NumericEquals": {"a:int": "3", "a:float": "2.5"},
        "ForAllValues:StringEquals": {"a:list": ["x", "7"]},
        "StringEquals": {"a:float": 2.5, "a:small": "0.0000001", "a:whole": 10.0},
        "Null": {"a:none": "true"},
    }
    context = {"A:Bool": True, "a:int": 3, "a:float": 2.5, "a:list": ["x", 7], "a:none": None}
    context |= {"a:small": 1e-7, "a:whole": 10.0}
    assert answer_item({"kind": "condition", "condition": conditions, "context": context}) is True


def test_a_user_name_is_given_by_the_item_alone() -> None:
    """Accounts and ARNs follow from the principal; what else the request carries is what `context` says."""
    named = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::d/${aws:username}"}}
    policies = {"identity": [named | {"Version": "2012-10-17"}]}
    assert answer_item(item(policies, resource="arn:aws:s3:::d/ann")) == "ImplicitlyDenied"
    asked = item(policies, resource="arn:aws:s3:::d/ann", context={"aws:username": "ann"})
    assert answer_item(asked) == "Allowed"


@pytest.mark.parametrize("name", ["callerInManagementAccount", "managementAccount"])
def test_the_management_account_is_free_of_scps(name: str) -> None:
    policies = {"identity": [_ALLOW], "scp": [[]]}
    assert answer_item(item(policies)) == "ImplicitlyDenied"
    assert answer_item(item(policies, **{name: OWN if name == "managementAccount" else True})) == "Allowed"


def test_grants_are_read_as_list_grants_gives_them() -> None:
    grants = [
        {
            "GranteePrincipal": ANN.text,
            "Operations": ["Decrypt"],
            "Constraints": {"EncryptionContextSubset": {"app": "a"}},
        }
    ]
    key = {"action": "kms:Decrypt", "resource": f"arn:aws:kms:eu-west-1:{OWN}:key/1"}
    assert answer_item(item({"grants": grants}, **key)) == "ImplicitlyDenied"
    assert answer_item(item({"grants": grants}, **key, context={"kms:EncryptionContext:app": "a"})) == "Allowed"


@pytest.mark.parametrize(
    ("policies", "place"),
    [
        ({"identity": ["{"]}, ""),
        ({"identity": [{"Statement": [{"Effect": "Permit"}]}]}, "/Statement/0/Effect"),
        ({"identity": ['{"Statement": [], "Statement": []}']}, "/Statement"),
        ({"identity": [_ALLOW], "boundary": {"Statement": 5}}, "/Statement"),
    ],
)
def test_a_broken_policy_is_unknown_with_its_place(policies: Json, place: str) -> None:
    answer = authorize_item(item(policies))
    assert answer.result == "unknown"
    assert [each.pointer for each in answer.deciding] == [place]


@pytest.mark.parametrize(
    ("given_", "pointer"),
    [
        ([], ""),
        ({"kind": "other"}, "/kind"),
        ({"kind": "authorize"}, "/request"),
        ({"kind": "condition"}, "/condition"),
        ({"kind": "condition", "condition": {"Bool": {"a": {}}}}, "/condition/Bool/a"),
        ({"kind": "condition", "condition": {"Bool": 5}}, "/condition/Bool"),
        ({"kind": "condition", "condition": {}, "version": "2020"}, "/version"),
        ({"kind": "condition", "condition": {}, "context": {"a/b": {}}}, "/context/a~1b"),
        ({"kind": "condition", "condition": {}, "context": {"a": ["b", {}]}}, "/context/a/1"),
        (item({"identities": []}), "/policies/identities"),
        (item([]), "/policies"),
        (item({"identity": [5]}), "/policies/identity"),
        (item({}, principal=None), "/request/principal"),
        (item({}, principal="nobody"), "/request/principal"),
        (item({}, principal={"type": "AWS"}), "/request/principal"),
        (item({}, principal={"value": "x", "other": "y"}), "/request/principal/type"),
        (item({}, action="GetObject"), "/request/action"),
        (item({}, resource=5), "/request/resource"),
        (item({}, resourceAccount="12"), "/request/resourceAccount"),
        (item({}, awsManagedKey="yes"), "/request/awsManagedKey"),
        (item({"grants": [{"Operations": []}]}), "/policies/grants/GranteePrincipal"),
    ],
)
def test_what_is_no_item_is_refused_with_the_place(given_: Json, pointer: str) -> None:
    with pytest.raises(BadInput) as refused:
        answer_item(given_)
    assert refused.value.pointer == pointer


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from([ANN.text, OWN, "*", "s3:*", "arn:aws:s3:::b/${a, 'b'}", "${", "Allow", "Deny", "2012-10-17"]),
)
_WORDS = st.sampled_from(
    [
        "kind",
        "policies",
        "request",
        "condition",
        "context",
        "identity",
        "resource",
        "session",
        "boundary",
        "scp",
        "rcp",
        "grants",
        "principal",
        "action",
        "type",
        "value",
        "Statement",
        "Effect",
        "Action",
        "Resource",
        "Principal",
        "Condition",
        "StringEquals",
        "NullIfExists",
        "ForAllValues:Bool",
        "AWS",
        "resourceAccount",
        "version",
        "policies",
        "scope",
        "aws:username",
    ]
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_WORDS | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=effort(800), deadline=None)
@given(
    st.one_of(
        _JSON,
        st.builds(lambda policies, request: {"policies": policies, "request": request}, _JSON, _JSON),
        st.builds(lambda policies: item({"identity": policies, "resource": policies, "scp": policies}), _JSON),
        st.builds(lambda condition, context: {"condition": condition, "context": context}, _JSON, _JSON),
        st.builds(lambda key, condition: {"condition": {key: {"k": condition}}, "context": {"k": "a"}}, _WORDS, _JSON),
    )
)
def test_no_json_crashes(given_: Json) -> None:
    try:
        answer = answer_item(given_)
    except BadInput as refused:
        assert refused.why
    else:
        assert answer in (True, False, "Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "unknown")


def test_hostile_items_are_cheap() -> None:
    deep: Json = "x"
    for _ in range(5000):
        deep = [deep]
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::" + "*a" * 200 + "b"}
    started = time.process_time()
    assert answer_item(item({"identity": [{"Statement": deep}]})) == "unknown"
    with pytest.raises(BadInput):
        answer_item({"condition": {"Bool": {"a": deep}}})
    many = {"Statement": [statement] * 2000}
    assert answer_item(item({"identity": [many]}, resource="arn:aws:s3:::" + "a" * 1000)) == "ImplicitlyDenied"
    assert time.process_time() - started < 10
