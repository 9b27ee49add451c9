"""The AWS cases are sound: files parse, ids are unique, fields are complete, every policy keeps to the policy grammar.

The grammar is https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. What a service refuses
to store for another reason (an unknown principal, say) is allowed here and carries the flag `invalid-principal`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

FILES = sorted((Path(__file__).parent / "aws").glob("*.json"))
VERDICTS = {"public", "cross-account", "private"}
REQUIRED = {"id", "provider", "service", "input", "verdict", "who", "why"}
OPTIONAL = {"flags", "accept", "source"}
FLAGS = {"confused-deputy", "invalid-principal"}
BLOCK = {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}
EVERYWHERE = {"account", "organization", "evaluationTime", "resource"}
BUCKET = {
    "policy": True,
    "publicAccessBlock": True,
    "accountPublicAccessBlock": True,
    "acl": True,
    "accessPoints": True,
    "objectOwnership": False,
    "ownerCanonicalId": False,
    "knownPrincipalIds": False,
    "ownedOriginAccessIdentities": False,
    "organizationPublicAccessBlock": False,
    "website": False,
}
SHARED_BY_ATTRIBUTES = {"attributes": True, "blockPublicAccess": False}
POLICY_ONLY = {"policy": True}
INPUTS: dict[str, dict[str, bool]] = {
    "ami": SHARED_BY_ATTRIBUTES,
    "backup-vault": POLICY_ONLY,
    "ebs-snapshot": SHARED_BY_ATTRIBUTES,
    "ecr": POLICY_ONLY,
    "efs": POLICY_ONLY,
    "glacier": POLICY_ONLY,
    "iam-role": POLICY_ONLY,
    "kms": POLICY_ONLY,
    "lambda": {"policy": True, "functionUrl": True},
    "opensearch": {"policy": True, "vpcId": True},
    "rds-snapshot": SHARED_BY_ATTRIBUTES,
    "s3": BUCKET,
    "secretsmanager": POLICY_ONLY,
    "sns": POLICY_ONLY,
    "sqs": POLICY_ONLY,
}
"""Per service the keys of its input, and whether each must be there."""

PRINCIPALS = {"AWS", "Federated", "Service", "CanonicalUser"}
OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?"
    r"|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?"
    r"|Null"
)
ACTION = re.compile(r"\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")

Case = dict[str, Any]


def refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"a member stands twice: {names}"
    return dict(pairs)


@cache
def cases(path: Path) -> list[Case]:
    read = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=refuse_repeated)
    assert isinstance(read, list), f"{path.name} is not a list"
    return read


def every() -> list[Case]:
    return [case for path in FILES for case in cases(path)]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def assert_statement(statement: Case, where: str) -> None:
    allowed = {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
    assert set(statement) <= allowed, where
    assert statement["Effect"] in {"Allow", "Deny"}, where
    assert len({"Principal", "NotPrincipal"} & set(statement)) == 1, where
    assert len({"Action", "NotAction"} & set(statement)) == 1, where
    assert len({"Resource", "NotResource"} & set(statement)) <= 1, where
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if principal != "*":
        assert isinstance(principal, dict) and principal and set(principal) <= PRINCIPALS, where
        assert all(isinstance(name, str) for names in principal.values() for name in listed(names)), where
    for action in listed(statement.get("Action", statement.get("NotAction"))):
        assert ACTION.fullmatch(action), f"{where}: {action}"
    for resource in listed(statement.get("Resource", statement.get("NotResource", "*"))):
        assert resource == "*" or resource.startswith("arn:"), f"{where}: {resource}"
    for operator, keys in statement.get("Condition", {}).items():
        assert OPERATOR.fullmatch(operator), f"{where}: {operator}"
        assert isinstance(keys, dict) and keys, where
        for value in chain.from_iterable(map(listed, keys.values())):
            assert isinstance(value, str | int | float), f"{where}: {value!r}"


def assert_policy(policy: Case | None, where: str) -> None:
    if policy is None:
        return
    assert set(policy) <= {"Version", "Id", "Statement"}, where
    assert policy.get("Version", "2012-10-17") in {"2012-10-17", "2008-10-17"}, where
    for statement in listed(policy["Statement"]):
        assert_statement(statement, where)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_cases_are_complete(path: Path) -> None:
    for case in cases(path):
        assert set(case) >= REQUIRED and set(case) <= REQUIRED | OPTIONAL, case["id"]
        assert case["provider"] == "aws", case["id"]
        assert re.fullmatch(rf"own-{case['service']}-\d{{3,}}", case["id"]), case["id"]
        assert case["verdict"] in VERDICTS, case["id"]
        assert case["who"].strip() and case["why"].strip(), case["id"]
        assert set(case.get("flags", [])) <= FLAGS, case["id"]
        accepted = case.get("accept", [case["verdict"]])
        assert case["verdict"] in accepted and set(accepted) <= {*VERDICTS, "unknown"}, case["id"]
        assert case.get("source", "https://").startswith("https://"), case["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_inputs_hold_what_their_service_has(path: Path) -> None:
    for case in cases(path):
        keys = INPUTS[case["service"]]
        needed = EVERYWHERE | {key for key, must in keys.items() if must}
        assert set(case["input"]) >= needed, case["id"]
        assert set(case["input"]) <= EVERYWHERE | set(keys), case["id"]
        blocks = [value for key, value in case["input"].items() if key.endswith("PublicAccessBlock") and value]
        blocks += [point["publicAccessBlock"] for point in case["input"].get("accessPoints", [])]
        for block in [*blocks, case["input"].get("publicAccessBlock") or {}]:
            assert set(block) <= BLOCK and all(isinstance(flag, bool) for flag in block.values()), case["id"]
        for grant in case["input"].get("acl", []):
            assert set(grant) == {"Grantee", "Permission"}, case["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_policies_keep_to_the_grammar(path: Path) -> None:
    for case in cases(path):
        assert_policy(case["input"].get("policy"), case["id"])
        for point in case["input"].get("accessPoints", []):
            assert_policy(point["policy"], f"{case['id']}, access point {point['name']}")


def test_every_service_is_covered() -> None:
    assert {case["service"] for case in every()} == set(INPUTS)


def test_ids_are_unique() -> None:
    assert [name for name, times in Counter(case["id"] for case in every()).items() if times > 1] == []


def test_no_input_stands_twice() -> None:
    asked = Counter(json.dumps([case["service"], case["input"]], sort_keys=True) for case in every())
    assert [question for question, times in asked.items() if times > 1] == []


def test_few_cases_accept_more_than_one_answer() -> None:
    assert sum(len(case.get("accept", [])) > 1 for case in every()) * 10 <= len(every())


def test_the_corpus_does_not_shrink_unseen() -> None:
    assert len(every()) >= 900
