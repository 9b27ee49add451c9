"""Measured on the project's shared cases, where they are at hand. No wrong verdict; the numbers only go up."""

from __future__ import annotations

import json
import os
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from providers.aws.policy import (
    ROLE_TRUST,
    S3_ACCESS_POINT,
    S3_BUCKET,
    Caller,
    Grant,
    Owner,
    Policy,
    Request,
    ResourceContext,
    acl_outsiders,
    decide,
    outsiders,
    policy_status_public,
)
from tests.providers.aws.policy.documents import Json, parsed, policy

_ROOT = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[5] / "shared")) / "cases"
pytestmark = pytest.mark.skipif(not _ROOT.is_dir(), reason=f"no shared cases at {_ROOT} (set OURSIDE_SHARED)")

DECIDED_S3, DECIDED_ROLES, DOCUMENTS_PARSED = 40, 6, 79
"""Ratchets: how many cases of each kind we decide, and how many foreign documents are policies that AWS would store."""


def cases(*parts: str) -> list[Json]:
    path = _ROOT.joinpath(*parts)
    found: list[Json] = json.loads(path.read_text()) if path.is_file() else []
    return found


def context_of(case: Json) -> dict[str, str | tuple[str, ...]]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in case.items()}


def test_every_condition_case_is_right() -> None:
    wrong = []
    for case in cases("iam", "own.json"):
        if case["kind"] == "condition":
            document = policy({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": case["condition"]})
            answer = decide(document, Request(Caller.anonymous(), "a:B", "*", context_of(case["context"])))
            if answer != ("allow" if case["expected"] else "none"):
                wrong.append((case["id"], answer))
    assert wrong == []


def test_every_authorization_by_one_document_is_right() -> None:
    answers = {"allow": "Allowed", "deny": "ExplicitlyDenied", "none": "ImplicitlyDenied"}
    wrong = []
    for case in cases("iam", "own.json"):
        documents = _only_documents(case)
        if documents is None:
            continue
        asked = case["request"]
        request = Request(_caller(asked["principal"]), asked["action"], asked["resource"], context_of(asked["context"]))
        document = parsed(documents[0])
        assert isinstance(document, Policy)
        if answers.get(decide(document, request)) != case["expected"]:
            wrong.append(case["id"])
    assert wrong == []


def _only_documents(case: Json) -> list[Json] | None:
    """The one document that decides: an identity policy alone, or a resource policy that needs no other."""
    if case["kind"] != "authorize":
        return None
    filled = {name: value for name, value in case["policies"].items() if value}
    alone = isinstance(case["request"]["principal"], dict) or not case["request"]["principal"].startswith("arn:")
    if set(filled) == {"identity"} and len(filled["identity"]) == 1:
        found: list[Json] = filled["identity"]
        return found
    return [filled["resource"]] if set(filled) == {"resource"} and alone else None


def _caller(principal: Json) -> Caller:
    if isinstance(principal, dict):
        return Caller.anonymous()
    return Caller.arn(principal) if principal.startswith("arn:") else Caller.service(principal)


@pytest.mark.parametrize(("service", "least"), [("s3", DECIDED_S3), ("iam-role", DECIDED_ROLES)])
def test_no_verdict_is_wrong_and_most_are_decided(service: str, least: int) -> None:
    wrong, decided = [], 0
    for case in cases("public", "aws.json"):
        if case["service"] == service:
            verdict = _bucket(case["input"]) if service == "s3" else _role(case["input"])
            decided += verdict != "unknown"
            if verdict not in (case["verdict"], "unknown"):
                wrong.append((case["id"], verdict, case["verdict"]))
    assert wrong == []
    assert decided >= least


def test_foreign_documents_are_read() -> None:
    documents = [case["policy"] for case in cases("iam", "quacky-policies.json")]
    assert sum(isinstance(parsed(document), Policy) for document in documents) >= DOCUMENTS_PARSED


def _owner(facts: Json) -> Owner:
    own = facts.get("ownedOriginAccessIdentities")
    return Owner(
        facts["account"],
        organization=facts["organization"],
        canonical_id=facts.get("ownerCanonicalId"),
        origin_access_identities=None if own is None else tuple(own),
        principal_ids=tuple(facts.get("knownPrincipalIds", ())),
    )


def _role(facts: Json) -> str:
    document = parsed(facts["policy"])
    assert isinstance(document, Policy)
    outside = outsiders(
        document, _owner(facts), ResourceContext(facts["resource"], facts["evaluationTime"]), ROLE_TRUST
    )
    allowed = {one.who for one in outside.allowed}
    return _word(allowed, {one.who for one in outside.undecided})


def _bucket(facts: Json) -> str:
    """The layers of a bucket: policy, list, access points, under the blocks of bucket and account."""
    blocks = [facts.get("publicAccessBlock") or {}, facts.get("accountPublicAccessBlock") or {}]
    allowed: set[str] = set()
    doubts: set[str] = set()
    layers = [(facts["policy"], facts["resource"], S3_BUCKET, blocks)]
    for point in facts.get("accessPoints", ()):
        if point["networkOrigin"] != "VPC":
            arn = f"arn:aws:s3:us-east-1:{facts['account']}:accesspoint/{point['name']}"
            layers.append((point["policy"], arn, S3_ACCESS_POINT, [*blocks, point.get("publicAccessBlock") or {}]))
    for text, arn, table, over in layers:
        document = parsed(text) if text else policy()
        assert isinstance(document, Policy)
        if any(block.get("RestrictPublicBuckets") for block in over) and policy_status_public(document) is True:
            continue
        outside = outsiders(document, _owner(facts), ResourceContext(arn, facts["evaluationTime"]), table)
        allowed |= {one.who for one in outside.allowed}
        doubts |= {one.who for one in outside.undecided}
    if facts["objectOwnership"] != "BucketOwnerEnforced":
        ignored = any(block.get("IgnorePublicAcls") for block in blocks)
        for one in acl_outsiders(_grants(facts), facts.get("ownerCanonicalId", ""), facts["resource"]):
            allowed |= set() if ignored and one.who == "anyone" else {one.who}
    return _word(allowed, doubts)


def _grants(facts: Json) -> list[Grant]:
    return [
        Grant(g["Grantee"]["Type"], g["Permission"], id=g["Grantee"].get("ID", ""), uri=g["Grantee"].get("URI", ""))
        for g in facts.get("acl") or ()
    ]


def _word(allowed: AbstractSet[str], doubts: AbstractSet[str]) -> str:
    if "anyone" in allowed:
        return "public"
    if "anyone" in doubts:
        return "unknown"
    if "named" in allowed:
        return "cross-account"
    return "unknown" if doubts else "private"
