"""Kinds of resources with a policy: complete, known to the catalogue, and as documented in the cases we looked up."""

from __future__ import annotations

import pytest

from providers.aws.policy.reference.authorization import authorization
from providers.aws.policy.reference.catalogue import actions
from providers.aws.policy.reference.services import Action, ResourceKind, date, resource_kind, resource_kinds

KINDS = resource_kinds()
# Making a resource is not done to one: its policy does not exist yet.
MAKES = {
    "s3:CreateBucket",
    "s3:CreateAccessPoint",
    "ecr:CreateRepository",
    "secretsmanager:CreateSecret",
    "glacier:CreateVault",
    "backup:CreateBackupVault",
    "backup:CreateLogicallyAirGappedBackupVault",
    "backup:CreateRestoreAccessBackupVault",
    "es:CreateDomain",
    "es:CreateElasticsearchDomain",
    "events:CreateEventBus",
    "dynamodb:CreateTable",
    "kinesis:CreateStream",
    "ses:CreateEmailIdentity",
}
ONLY_BY_NAME = {"cloudwatch-logs-resource-policy", "iam-role", "apigateway"}
"""Kinds whose actions are listed by name, because most of their type's actions do not look at the policy."""


def every(kind: ResourceKind) -> list[Action]:
    return [action for verb in kind.verbs for action in verb.actions]


def named(kind: str, verb: str) -> set[str]:
    found = resource_kind(kind)
    assert found is not None
    return {action.name for one in found.verbs if one.name == verb for action in one.actions}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
class TestLaws:
    def test_every_action_exists(self, kind: ResourceKind) -> None:
        unknown = [name for name in (*(a.name for a in every(kind)), *kind.companions) if not actions().knows(name)]
        assert unknown == []
        assert every(kind)

    def test_no_action_that_can_be_aimed_at_it_is_forgotten(self, kind: ResourceKind) -> None:
        if kind.id in ONLY_BY_NAME:
            return
        service = authorization().services[kind.service]
        acting = {
            f"{kind.service}:{name}"
            for one in service.types.values()
            if one.arn in kind.arns
            for names in one.levels.values()
            for name in names.split()
        }
        assert acting - {action.name for action in every(kind)} - MAKES == set()

    def test_an_action_has_one_verb(self, kind: ResourceKind) -> None:
        targets = [(action.name, action.suffix) for action in every(kind)]
        assert len(targets) == len(set(targets))

    def test_it_is_documented(self, kind: ResourceKind) -> None:
        assert kind.urls
        assert all(url.startswith("https://docs.aws.amazon.com/") for url in kind.urls)

    def test_anonymous_callers_come_only_where_unsigned_requests_are_served(self, kind: ResourceKind) -> None:
        assert ("anonymous" in kind.parties) == (kind.unsigned != "refused")


def test_ids_are_unique_and_unknown_ones_are_nothing() -> None:
    assert len({kind.id for kind in KINDS}) == len(KINDS)
    assert resource_kind("no-such-kind") is None
    assert date() >= "2026-11-26"


@pytest.mark.parametrize(
    ("kind", "unsigned", "resource", "alone"),
    [
        ("s3", "served", "named", False),
        ("s3-access-point", "served", "named", False),
        ("sqs", "served", "named", False),
        ("sns", "served", "named", False),
        ("kms", "refused", "self", True),
        ("lambda", "function-url", "named", False),
        ("ecr", "refused", "none", False),
        ("secretsmanager", "refused", "named", False),
        ("efs", "network", "named", False),
        ("glacier", "refused", "named", False),
        ("backup-vault", "refused", "self", False),
        ("opensearch", "served", "named", False),
        ("iam-role", "refused", "none", True),
        ("apigateway", "served", "named", False),
    ],
)
def test_who_could_come(kind: str, unsigned: str, resource: str, alone: bool) -> None:
    found = resource_kind(kind)
    assert found is not None
    assert (found.unsigned, found.resource, found.alone) == (unsigned, resource, alone)


@pytest.mark.parametrize(
    ("kind", "verb", "action"),
    [
        ("s3", "read", "s3:GetObject"),
        ("s3", "list", "s3:ListBucket"),
        ("s3", "write", "s3:DeleteBucket"),
        ("s3", "admin", "s3:PutBucketPolicy"),
        ("s3", "admin", "s3:PutObjectAcl"),
        ("sqs", "read", "sqs:ReceiveMessage"),
        ("sqs", "write", "sqs:SendMessage"),
        ("sqs", "admin", "sqs:SetQueueAttributes"),
        ("sns", "read", "sns:Subscribe"),
        ("sns", "write", "sns:Publish"),
        ("kms", "read", "kms:Decrypt"),
        ("kms", "admin", "kms:CreateGrant"),
        ("lambda", "read", "lambda:GetFunction"),
        ("lambda", "write", "lambda:InvokeFunctionUrl"),
        ("ecr", "read", "ecr:BatchGetImage"),
        ("secretsmanager", "read", "secretsmanager:GetSecretValue"),
        ("efs", "read", "elasticfilesystem:ClientMount"),
        ("glacier", "read", "glacier:InitiateJob"),
        ("backup-vault", "write", "backup:CopyIntoBackupVault"),
        ("opensearch", "read", "es:ESHttpGet"),
        ("iam-role", "assume", "sts:AssumeRoleWithWebIdentity"),
        ("dynamodb", "read", "dynamodb:Query"),
        ("kinesis", "write", "kinesis:PutRecord"),
    ],
)
def test_verbs(kind: str, verb: str, action: str) -> None:
    assert action in named(kind, verb)


def test_objects_are_behind_the_bucket_and_not_the_bucket() -> None:
    found = {action.name: action.suffix for kind in KINDS if kind.id == "s3" for action in every(kind)}
    assert found["s3:GetObject"] == "/?*"
    assert found["s3:ListBucket"] == ""
    points = {action.name: action.suffix for kind in KINDS if kind.id == "s3-access-point" for action in every(kind)}
    assert points["s3:GetObject"] == "/object/?*"
    domain = {action.name: action.suffix for kind in KINDS if kind.id == "opensearch" for action in every(kind)}
    assert domain["es:ESHttpGet"] == "/*"
    assert domain["es:DescribeDomain"] == ""


def test_tags_of_a_session_let_nobody_in() -> None:
    role = resource_kind("iam-role")
    assert role is not None
    assert set(role.companions) == {"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"}
    assert not set(role.companions) & named("iam-role", "assume")


def test_what_services_refuse_to_other_accounts() -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    refused = {kind.id: {action.name for action in every(kind) if action.own_account_only} for kind in KINDS}
    assert "sqs:SetQueueAttributes" in refused["sqs"]
    assert "sqs:SendMessage" not in refused["sqs"]
    vault = resource_kind("backup-vault")
    assert vault is not None
    assert {a.name for a in every(vault)} - refused["backup-vault"] == {"backup:CopyIntoBackupVault"}
    assert "kms:PutKeyPolicy" in refused["kms"]
    assert "kms:Decrypt" not in refused["kms"]
