"""Actions that AWS authorizes by rules of their own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/kms/latest/developerguide/control-access.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

ROLE_ACTIONS: Final = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:setsourceidentity",
        "sts:tagsession",
    }
)
"""What a role's trust policy decides on."""

WEB_IDENTITY_ACTIONS: Final = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})

_KEYLESS: Final = frozenset(
    [
        "connectcustomkeystore",
        "createcustomkeystore",
        "createkey",
        "deletecustomkeystore",
        "describecustomkeystores",
        "disconnectcustomkeystore",
        "generaterandom",
        "listaliases",
        "listkeys",
        "updatecustomkeystore",
    ]
)
_ALIAS: Final = frozenset({"createalias", "deletealias", "listaliases", "updatealias"})
_READS: Final = ("get", "list", "generate", "simulate")

Ruling = Literal["allowed", "impossible", ""]


class Rule(msgspec.Struct, frozen=True):
    """What is peculiar about an action on a resource."""

    needs_resource_policy: bool = False
    """Without a word of the resource's policy nothing is allowed: KMS keys and role trust."""
    has_resource_policy: bool = True
    same_account_only: bool = False
    is_key: bool = False
    owners_root_always_may: bool = False
    """Whether the resource's policy cannot take it from the root user of the account that owns the resource."""


_OF_BUCKET_POLICIES: Final = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})


def rule(action: str, resource: str) -> Rule:
    """The rule for an action, in lower case."""
    service, _, operation = action.partition(":")
    if action in ROLE_ACTIONS:
        return Rule(needs_resource_policy=True)
    if service == "iam":
        # IAM's own resources have no policies that grant iam: actions; a role's trust policy is about assuming it.
        return Rule(has_resource_policy=False, same_account_only=True)
    if service != "kms":
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
        return Rule(owners_root_always_may=action in _OF_BUCKET_POLICIES)
    is_alias = ":alias/" in resource and operation in _ALIAS
    if operation in _KEYLESS or is_alias:
        return Rule(has_resource_policy=False, same_account_only=True)
    return Rule(needs_resource_policy=True, is_key=True)


def ruling(action: str, resource: str, *, is_signed: bool) -> tuple[Ruling, str]:
    """What is settled before any policy is read, and why. `action` is in lower case."""
    if action == "sts:getcalleridentity":
        if is_signed:
            return "allowed", "sts:GetCallerIdentity needs no permission, and no policy can deny it"
        return "impossible", "sts:GetCallerIdentity must be signed"
    if action.startswith("iam:") and not action.removeprefix("iam:").startswith(_READS) and action != "iam:passrole":
        owner, name = _owner_and_name(resource)
        if owner == "aws":
            return "impossible", "the policy is managed by AWS: nobody else can change it"
        if name.startswith("role/aws-reserved/"):
            return "impossible", "the role is reserved by AWS: nobody else can change it"
    return "", ""


def _owner_and_name(resource: str) -> tuple[str, str]:
    parts = resource.split(":", 5)
    return (parts[4], parts[5]) if len(parts) == 6 else ("", "")


def is_own(resource: str, account: str, resource_account: str) -> bool:
    """Whether caller and resource share an account. Policies managed by AWS are in every account."""
    return account == resource_account or _owner_and_name(resource)[0] == "aws"
