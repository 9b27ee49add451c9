"""Which policies let their holder read buckets that they do not name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.aws.documents import Document
from providers.aws.policy.symbolic.scene import Owner
from providers.aws.reading_all import reads_any_bucket
from scanner.facts import UnreadFact

ROLE = "arn:aws:iam::111122223333:role/web"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def document(*statements: dict[str, Any], name: str = "Storage") -> Document:
    return Document(name, json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def allow(action: str = "s3:GetObject", resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str = "s3:GetObject", resource: str = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


NAMED = "arn:aws:s3:::books/*"


@pytest.mark.parametrize(
    ("documents", "boundary", "reads"),
    [
        ([document(allow())], None, True),
        ([document(allow("s3:Get*", "arn:aws:s3:::*"))], None, True),
        ([document(allow("*"))], None, True),
        ([document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})], None, True),
        ([document({"Effect": "Allow", "Action": "s3:*", "NotResource": NAMED})], None, True),
        ([document(allow("s3:List*"))], None, False),
        ([document(allow(resource=NAMED))], None, False),
        ([document(allow(resource="arn:aws:s3:::books-*/*"))], None, False),
        ([document(allow(), deny(resource=NAMED))], None, True),
        ([document(allow(), deny())], None, False),
        ([document(allow()), document(deny("s3:*"), name="Never")], None, False),
        ([document(allow())], document(allow("ec2:*"), name="Boundary"), False),
        ([document(allow())], document(allow("s3:*"), name="Boundary"), True),
        ([document(allow(Condition={"StringEquals": {"aws:ResourceAccount": "111122223333"}}))], None, True),
        ([document(allow(Condition={"StringEquals": {"aws:ResourceAccount": "444455556666"}}))], None, False),
        ([document(allow(Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}))], None, False),
        ([], None, False),
    ],
)
def test_a_witness_is_there_exactly_where_they_do(
    documents: list[Document], boundary: Document | None, reads: bool
) -> None:
    witness = reads_any_bucket(Owner("111122223333"), ROLE, documents, boundary, NOW)
    assert (witness is not None) is reads
    if witness is not None:
        assert (witness.principal, witness.action) == (ROLE, "s3:GetObject")
        assert witness.resource.startswith("arn:aws:s3:::any-bucket-")
        assert witness.statement.startswith("Storage#/Statement")


def test_the_policy_that_lets_it_is_named() -> None:
    documents = [document(allow("ec2:*"), name="Machines"), document(allow(), name="Too much")]
    witness = reads_any_bucket(Owner("111122223333"), ROLE, documents, None, NOW)
    assert witness is not None
    assert witness.statement.startswith("Too much#")


@pytest.mark.parametrize("documents", [[Document("Broken", "{")], [document(allow()), Document("Broken", "{")]])
def test_a_policy_that_cannot_be_read_leaves_it_open(documents: list[Document]) -> None:
    with pytest.raises(UnreadFact, match="not-yet-known"):
        reads_any_bucket(Owner("111122223333"), ROLE, documents, None, NOW)
