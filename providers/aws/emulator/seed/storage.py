"""Buckets, the account's public access block, and access points."""

import json
from typing import Any

from moto.s3.models import (
    ALL_USERS_GRANTEE,
    AUTHENTICATED_USERS_GRANTEE,
    LOG_DELIVERY_GRANTEE,
    FakeAcl,
    FakeBucket,
    FakeGrant,
    FakeGrantee,
    PublicAccessBlock,
)

from providers.aws.emulator import estate
from providers.aws.emulator.account import Account

_GROUPS = {
    "anyone": ALL_USERS_GRANTEE,
    "authenticated": AUTHENTICATED_USERS_GRANTEE,
    "log-delivery": LOG_DELIVERY_GRANTEE,
}
_WEBSITE = (
    b'<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    b"<IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>"
)


def seed_storage(account: Account) -> None:
    """Create the estate's buckets and access points."""
    for item in account.estate.buckets:
        bucket = account.world.s3.create_bucket(item.name, item.region)
        bucket.creation_date = account.days_ago(item.created_days_ago)
        _fill(account, bucket, item)
    if account.estate.account_block is not None:
        block = _switches(account.estate.account_block)
        account.world.s3control.put_public_access_block(account.number, block)
    for point in account.estate.access_points:
        created = account.world.s3control.create_access_point(
            account_id=account.number,
            name=point.name,
            bucket=point.bucket,
            vpc_configuration={"VpcId": point.vpc} if point.vpc else {},
            public_access_block_configuration=_switches(point.block),
        )
        created.created = account.days_ago(100).isoformat()
        if point.policy is not None:
            created.set_policy(json.dumps(point.policy))


def _fill(account: Account, bucket: FakeBucket, item: estate.Bucket) -> None:
    bucket.policy = None if item.policy is None else json.dumps(item.policy).encode()
    set_ownership(bucket, item.ownership)
    bucket.public_access_block = None if item.block is None else public_access_block(item.block)
    bucket.encryption = encryption(account, item.encryption)
    bucket.versioning_status = item.versioning
    bucket.website_configuration = _WEBSITE if item.website else None
    bucket.acl = _acl(account, item.grants)
    if item.logging is not None:
        bucket.logging = {"TargetBucket": item.logging.bucket, "TargetPrefix": item.logging.prefix}
    bucket.object_lock_enabled = item.object_lock
    if item.retention is not None:
        bucket.default_lock_mode = item.retention.mode
        bucket.default_lock_days = item.retention.days
        bucket.default_lock_years = None


def set_ownership(bucket: FakeBucket, ownership: str | None) -> None:
    """Set who owns a bucket's objects; moto declares a dictionary there, writes a string and reads a string."""
    rule: Any = ownership
    bucket.ownership_rule = rule


def public_access_block(block: estate.PublicAccessBlock) -> PublicAccessBlock:
    """Moto's form of a bucket's block."""
    return PublicAccessBlock(
        block.block_public_acls, block.ignore_public_acls, block.block_public_policy, block.restrict_public_buckets
    )


def encryption(account: Account, item: estate.Encryption) -> dict[str, Any]:
    """Moto's form of a bucket's default encryption: the XML of PutBucketEncryption as a dictionary."""
    default: dict[str, str] = {"SSEAlgorithm": item.algorithm}
    if item.key is not None:
        default["KMSMasterKeyID"] = account.key_arn(item.key)
    bucket_key = "true" if item.bucket_key else "false"
    return {"Rule": {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}}


def _acl(account: Account, grants: tuple[estate.Grant, ...]) -> FakeAcl:
    """The owner's full control, and what the estate grants besides."""
    owner = FakeGrant([FakeGrantee(grantee_id=account.canonical_id)], ["FULL_CONTROL"])
    others = [
        FakeGrant([_GROUPS.get(grant.grantee) or FakeGrantee(grantee_id=grant.grantee)], [grant.permission])
        for grant in grants
    ]
    return FakeAcl([owner, *others])


def _switches(block: estate.PublicAccessBlock) -> dict[str, str]:
    return {
        "BlockPublicAcls": _text(block.block_public_acls),
        "IgnorePublicAcls": _text(block.ignore_public_acls),
        "BlockPublicPolicy": _text(block.block_public_policy),
        "RestrictPublicBuckets": _text(block.restrict_public_buckets),
    }


def _text(switch: bool) -> str:
    return "true" if switch else "false"
