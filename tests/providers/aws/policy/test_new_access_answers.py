"""Two documents, or two inputs of a verdict, as a user gives them."""

from __future__ import annotations

import json

import pytest

from providers.aws.policy.engine import ENGINE
from providers.aws.policy.judge.new_access import new_access
from scanner.questions import BadInput, Input, NewAccess
from tests.providers.aws.policy.documents import BUCKET, FRIEND, OWN, Json, allow, deny

_OPEN = {"Version": "2012-10-17", "Statement": [allow()]}
_SHUT: Json = {"Version": "2012-10-17", "Statement": [allow(Principal={"AWS": OWN})]}


def changes(older: Input, newer: Input) -> list[NewAccess]:
    return list(new_access(older, newer, ENGINE.judge))


def bucket(policy: Json, **settings: Json) -> Json:
    return {"account": OWN, "resource": BUCKET, "policy": policy, **settings}


def block(*, on: bool) -> Json:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(names, on)


def test_documents_are_compared_by_what_they_allow() -> None:
    found = changes(_SHUT, _OPEN)
    assert {one.subject for one in found} == {"policy /Statement/0"}
    assert all(one.witness for one in found)
    assert changes(_OPEN, _SHUT) == changes(_OPEN, _OPEN) == []


def test_the_answer_of_the_service_holds_a_document() -> None:
    assert changes({"Policy": json.dumps(_SHUT)}, {"Policy": json.dumps(_OPEN)}) == changes(_SHUT, _OPEN)


def test_a_verdict_that_rises_is_new_access() -> None:
    rose = changes(bucket(_SHUT), bucket(_OPEN))[0]
    assert rose.witness is not None
    assert rose.why.startswith("public, private before")
    assert changes(bucket(_OPEN), bucket(_SHUT)) == []


def test_a_block_that_was_taken_away_is_new_access_without_any_change_of_the_policy() -> None:
    found = changes(bucket(_OPEN, publicAccessBlock=block(on=True)), bucket(_OPEN, publicAccessBlock=block(on=False)))
    assert [one.witness is not None for one in found] == [True]
    assert changes(bucket(_OPEN), bucket(_OPEN, publicAccessBlock=block(on=True))) == []


def test_settings_that_may_let_in_others_are_undecided() -> None:
    friends = {"Version": "2012-10-17", "Statement": [allow(Principal={"AWS": FRIEND})]}
    found = changes(bucket(friends), bucket(friends, objectOwnership="ObjectWriter"))
    assert [one.witness for one in found] == [None]
    assert "objectOwnership" in found[0].why


def test_settings_of_an_unknown_kind_of_resource_are_undecided() -> None:
    arn = f"arn:aws:acme:eu-west-1:{OWN}:thing"
    found = changes({"resource": arn, "account": OWN}, {"resource": arn, "account": OWN, "open": True})
    assert [one.witness for one in found] == [None]


def test_a_document_that_cannot_be_read_is_undecided() -> None:
    broken = {"Version": "2012-10-17", "Statement": [{"Effect": "Maybe"}]}
    for older, newer in ((_OPEN, broken), (broken, _OPEN), (bucket(broken), bucket(_OPEN))):
        found = changes(older, newer)
        assert found
        assert any(one.witness is None and "/Statement/0/Effect" in one.why for one in found)
    assert changes(broken, broken) == []


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({}, ""),
        ({"bindings": []}, ""),
        ({"policy": {"bindings": []}}, "/policy"),
        ({"resource": "//storage.googleapis.com/b", "policy": None}, "/resource"),
        ({"resource": BUCKET, "policy": {"bindings": []}}, "/policy"),
        ({"resource": BUCKET, "policy": [1]}, "/policy"),
        ({"resource": BUCKET, "policy": None, "publicAccessBlock": 7}, ""),
        ([], ""),
    ],
)
def test_other_shapes_are_refused_with_their_place(given: Json, pointer: str) -> None:
    with pytest.raises(BadInput) as refusal:
        changes(given, given if pointer or given in ({}, []) else {**given, "account": OWN})
    assert refusal.value.pointer.startswith(pointer)


def test_a_document_and_an_input_are_not_compared() -> None:
    with pytest.raises(BadInput):
        changes(_OPEN, bucket(_OPEN))


def test_a_deny_that_fell_in_a_bucket_policy_is_told() -> None:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    older = {"Version": "2012-10-17", "Statement": [allow(Principal={"AWS": FRIEND}), deny(plain)]}
    found = changes(bucket(older), bucket({**older, "Statement": older["Statement"][:1]}))
    assert [one.why for one in found] == ["allowed by /Statement/0; denied before by /Statement/1"]
