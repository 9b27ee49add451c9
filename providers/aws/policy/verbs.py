"""What outsiders could do to a resource: verbs, and the actions that each stands for.

Actions, the resources they act on, and the condition keys they carry:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

VerbName = Literal["read", "list", "write", "admin", "assume"]
PartyKind = Literal["anonymous", "stranger", "service", "federated"]


class Action(msgspec.Struct, frozen=True):
    """An action and the resources that it acts on."""

    name: str
    suffix: str = ""
    """What follows the resource's ARN, with wildcards."""


class Verb(msgspec.Struct, frozen=True):
    """A verb. Whoever may do one of its actions may do it."""

    name: VerbName
    actions: tuple[Action, ...]


class VerbTable(msgspec.Struct, frozen=True):
    """The verbs of a resource type, and who could come at all."""

    verbs: tuple[Verb, ...]
    parties: tuple[PartyKind, ...]


def _s3(inside: str) -> VerbTable:
    def on(suffix: str, *names: str) -> tuple[Action, ...]:
        return tuple(Action(f"s3:{name}", suffix) for name in names)

    return VerbTable(
        verbs=(
            Verb("read", on(inside, "GetObject", "GetObjectVersion", "GetObjectVersionForReplication")),
            Verb("list", on("", "ListBucket", "ListBucketVersions", "ListBucketMultipartUploads")),
            Verb(
                "write",
                on(
                    inside,
                    "PutObject",
                    "DeleteObject",
                    "DeleteObjectVersion",
                    "ReplicateObject",
                    "ReplicateDelete",
                    "RestoreObject",
                    "PutObjectRetention",
                    "PutObjectLegalHold",
                    "PutObjectTagging",
                    "DeleteObjectTagging",
                    "AbortMultipartUpload",
                    "UpdateObjectEncryption",
                )
                + on("", "DeleteBucket"),
            ),
            Verb(
                "admin",
                on(
                    "",
                    "PutBucketPolicy",
                    "DeleteBucketPolicy",
                    "PutBucketAcl",
                    "PutBucketOwnershipControls",
                    "PutBucketPublicAccessBlock",
                    "PutReplicationConfiguration",
                    "PutLifecycleConfiguration",
                    "PutBucketVersioning",
                    "PutEncryptionConfiguration",
                    "PutBucketLogging",
                    "PutBucketNotification",
                    "PutBucketCORS",
                    "PutBucketWebsite",
                    "PutInventoryConfiguration",
                )
                + on(inside, "PutObjectAcl", "PutObjectVersionAcl", "BypassGovernanceRetention"),
            ),
        ),
        parties=("anonymous", "stranger", "service", "federated"),
    )


S3_BUCKET = _s3("/?*")
S3_ACCESS_POINT = _s3("/object/?*")
ROLE_TRUST = VerbTable(
    verbs=(
        Verb(
            "assume",
            (
                Action("sts:AssumeRole"),
                Action("sts:AssumeRoleWithSAML"),
                Action("sts:AssumeRoleWithWebIdentity"),
            ),
        ),
    ),
    parties=("stranger", "service", "federated"),
)
