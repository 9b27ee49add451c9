"""S3: buckets and access points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.aws.account import ACCOUNT_BLOCK
from providers.aws.block import PublicAccessBlock
from providers.aws.cloudtrail import CloudTrailTrail, reads_recorded
from providers.aws.data_events import Share
from providers.aws.documents import Acl, Grant
from providers.aws.event_history import history_of
from providers.aws.kms import ALIASES, is_alias_of_provider, key_id, provider_keys
from providers.aws.reach import context_of, known, owner_of
from providers.aws.s3_points import Point, with_points
from providers.aws.s3_reach import (
    access_point_access,
    bucket_access,
    handed_over,
    hands_over,
    refuses_plain_text,
    with_canonical_id,
)
from providers.aws.tags import DOC, by_name
from scanner.access import Access
from scanner.facts import Answer, Call, Fact, Relation, Unread, derived, every
from scanner.kinds import Bucket, Encryption
from scanner.model import Listing, Resource

BUCKET = {"Bucket": "{it.name}"}
GONE = ("NoSuchBucket",)

# Any parameter makes the answer carry BucketRegion, which saves a GetBucketLocation per bucket:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
BUCKETS = Call("s3", "ListBuckets", {"MaxBuckets": 10000}, needs="s3:ListAllMyBuckets", items="Buckets")
POLICY = Call("s3", "GetBucketPolicy", BUCKET, "s3:GetBucketPolicy", absent=("NoSuchBucketPolicy",), gone=GONE)
ACL = Call("s3", "GetBucketAcl", BUCKET, "s3:GetBucketAcl", gone=GONE)
OWNERSHIP = Call(
    "s3",
    "GetBucketOwnershipControls",
    BUCKET,
    "s3:GetBucketOwnershipControls",
    absent=("OwnershipControlsNotFoundError",),
    gone=GONE,
)
BLOCK = Call(
    "s3",
    "GetPublicAccessBlock",
    BUCKET,
    "s3:GetBucketPublicAccessBlock",
    absent=("NoSuchPublicAccessBlockConfiguration",),
    gone=GONE,
)
ENCRYPTION = Call(
    "s3",
    "GetBucketEncryption",
    BUCKET,
    "s3:GetEncryptionConfiguration",
    absent=("ServerSideEncryptionConfigurationNotFoundError",),
    gone=GONE,
)
VERSIONING = Call("s3", "GetBucketVersioning", BUCKET, "s3:GetBucketVersioning", gone=GONE)
LOGGING = Call("s3", "GetBucketLogging", BUCKET, "s3:GetBucketLogging", gone=GONE)
LOCK = Call(
    "s3",
    "GetObjectLockConfiguration",
    BUCKET,
    "s3:GetBucketObjectLockConfiguration",
    absent=("ObjectLockConfigurationNotFoundError",),
    gone=GONE,
)
TAGGING = Call("s3", "GetBucketTagging", BUCKET, "s3:GetBucketTagging", absent=("NoSuchTagSet",), gone=GONE)
ACCESS_POINTS = Call(
    "s3control",
    "ListAccessPoints",
    {"AccountId": "{scope.account}", "MaxResults": 1000},
    "s3:ListAccessPoints",
    items="AccessPointList",
    regional=True,
)
ACCESS_POINT = Call(
    "s3control",
    "GetAccessPoint",
    {"AccountId": "{scope.account}", "Name": "{it.name}"},
    "s3:GetAccessPoint",
    gone=("NoSuchAccessPoint",),
)
ACCESS_POINT_POLICY = Call(
    "s3control",
    "GetAccessPointPolicy",
    {"AccountId": "{scope.account}", "Name": "{it.name}"},
    "s3:GetAccessPointPolicy",
    absent=("NoSuchAccessPointPolicy",),
    gone=("NoSuchAccessPoint",),
)

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListTagsForResource.html
ACCESS_POINT_TAGS = Call(
    "s3control",
    "ListTagsForResource",
    {"AccountId": "{scope.account}", "ResourceArn": "{it.uid}"},
    "s3:ListTagsForResource",
    gone=("NoSuchAccessPoint",),
)


def _acl(answer: Answer) -> Acl:
    grants = tuple(
        Grant(
            grant["Grantee"]["Type"],
            grant["Permission"],
            grant["Grantee"].get("URI", ""),
            grant["Grantee"].get("ID", ""),
        )
        for grant in answer["Grants"]
    )
    return Acl(answer["Owner"]["ID"], grants)


class DefaultEncryption(msgspec.Struct, frozen=True):
    """What a bucket encrypts new objects with."""

    algorithm: str
    key: str | None = None
    """A KMS key by id, ARN or alias; None is S3's own key or the AWS managed one, as the algorithm says."""


def _default_encryption(answer: Answer) -> DefaultEncryption:
    rule: dict[str, Any] = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    return DefaultEncryption(default["SSEAlgorithm"], default.get("KMSMasterKeyID"))


def _locked(answer: Answer) -> bool:
    # Without a default rule each object is locked only where its writer asks for it.
    configuration = answer["ObjectLockConfiguration"]
    return configuration.get("ObjectLockEnabled") == "Enabled" and "DefaultRetention" in configuration.get("Rule", {})


class S3AccessPoint(Resource, kind="access-point", type_id="aws.s3.access_point"):
    """A named network endpoint of a bucket, with a policy and a public access block of its own."""

    listed = Listing(uid="{AccessPointArn}", name="{Name}", call=ACCESS_POINTS)
    last_change = history_of("s3", "{it.uid}")
    tags = Fact[Mapping[str, str]](DOC).read(ACCESS_POINT_TAGS, lambda a: by_name(a["Tags"]))
    from_internet = Fact[bool]("It answers requests from outside a VPC.").listed(
        lambda item: item["NetworkOrigin"] != "VPC"
    )
    bucket = Relation[Bucket]("The bucket behind it.").listed("arn:{scope.partition}:s3:::{Bucket}")
    block = Fact[PublicAccessBlock]("The access point's own public access block.").read(
        ACCESS_POINT, lambda a: PublicAccessBlock.of(a["PublicAccessBlockConfiguration"])
    )
    policy = Fact[str | None]("The access point's policy, as text.").read(
        ACCESS_POINT_POLICY, lambda a: str(a["Policy"]), absent=None
    )
    account_block = Fact[PublicAccessBlock]("The account's public access block.").read(
        ACCOUNT_BLOCK, lambda a: PublicAccessBlock.of(a["PublicAccessBlockConfiguration"]), absent=PublicAccessBlock()
    )

    @derived(reads=[policy, block, account_block, from_internet])
    def access(self) -> Access:
        """Who outside the account the access point itself would let in, as far as its bucket agrees."""
        return access_point_access(
            owner_of(self),
            context_of(self),
            policy=known(lambda: self.policy),
            from_internet=known(lambda: self.from_internet),
            blocks={"account's": known(lambda: self.account_block), "access point's": known(lambda: self.block)},
        )


_TRAIL_FACTS = (
    CloudTrailTrail.active,
    CloudTrailTrail.everywhere,
    CloudTrailTrail.data_events,
    CloudTrailTrail.has_selectors,
)
_POINT_FACTS = (S3AccessPoint.bucket, S3AccessPoint.policy, S3AccessPoint.block, S3AccessPoint.from_internet)


def _leads_to(point: S3AccessPoint, bucket: str) -> bool:
    return bool(point.value_of(S3AccessPoint.bucket) == bucket)


def _point(point: S3AccessPoint) -> Point:
    return Point(
        point.name,
        point.uid,
        known(lambda: point.policy),
        known(lambda: point.from_internet),
        known(lambda: point.block),
    )


class S3Bucket(Bucket, type_id="aws.s3.bucket"):
    """An S3 general purpose bucket."""

    listed = Listing(
        uid="arn:{scope.partition}:s3:::{Name}",
        name="{Name}",
        call=BUCKETS,
        region=lambda item: item.get("BucketRegion"),
    )
    last_change = history_of("s3")
    tags = Fact[Mapping[str, str]](DOC).read(TAGGING, lambda a: by_name(a["TagSet"]), absent={})
    policy = Fact[str | None]("The bucket policy, as text.").read(POLICY, lambda a: str(a["Policy"]), absent=None)
    acl = Fact[Acl]("The bucket's access control list.").read(ACL, _acl)
    ownership = Fact[str]("Object Ownership: `BucketOwnerEnforced` switches lists off.").read(
        OWNERSHIP, lambda a: str(a["OwnershipControls"]["Rules"][0]["ObjectOwnership"]), absent="ObjectWriter"
    )
    block = Fact[PublicAccessBlock]("The bucket's own public access block.").read(
        BLOCK, lambda a: PublicAccessBlock.of(a["PublicAccessBlockConfiguration"]), absent=PublicAccessBlock()
    )
    account_block = Fact[PublicAccessBlock]("The account's public access block.").read(
        ACCOUNT_BLOCK, lambda a: PublicAccessBlock.of(a["PublicAccessBlockConfiguration"]), absent=PublicAccessBlock()
    )
    # S3 has answered a setting for every bucket since January 2023, so that none is a strange answer and taken as told.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    default_encryption = Fact[DefaultEncryption | None]("The default encryption that is set.").read(
        ENCRYPTION, _default_encryption, absent=None
    )
    provider_keys = Fact[tuple[str, ...]]("Ids of the AWS managed keys in its region.").read(ALIASES, provider_keys)
    versioned = Bucket.versioned.read(VERSIONING, lambda a: a.get("Status") == "Enabled")
    mfa_delete = Fact[bool]("Deleting a version takes a second factor.").read(
        VERSIONING, lambda a: a.get("MFADelete") == "Enabled"
    )
    access_logged = Bucket.access_logged.read(LOGGING, lambda a: "LoggingEnabled" in a)
    retention_locked = Bucket.retention_locked.read(LOCK, _locked, absent=False)

    @derived(reads=[policy, acl, ownership, block, account_block, every(S3AccessPoint, *_POINT_FACTS)])
    def access(self) -> Access:
        """Who outside the account can reach the bucket and what it holds, directly or by its access points."""
        policy, acl = known(lambda: self.policy), known(lambda: self.acl)
        owner, context = with_canonical_id(owner_of(self), acl), context_of(self)
        blocks = {"account's": known(lambda: self.account_block), "bucket's": known(lambda: self.block)}
        access = bucket_access(
            owner, context, policy=policy, acl=acl, ownership=known(lambda: self.ownership), blocks=blocks
        )
        if not (isinstance(policy, str) and hands_over(policy)):
            return access  # Without the bucket's own consent no access point lets anybody in.
        points = known(lambda: tuple(_point(each) for each in self.every(S3AccessPoint) if _leads_to(each, self.uid)))
        if isinstance(points, Unread):
            return handed_over(access, points)
        return with_points(access, owner, context, policy, points, blocks)

    @derived(reads=[ownership])
    def acls_disabled(self) -> bool:
        """Lists of grants on single objects are switched off, so that policy alone decides."""
        return self.ownership == "BucketOwnerEnforced"

    @derived(reads=[block, account_block])
    def public_access_prevented(self) -> bool:
        """All four flags are on at the account, or at the bucket, or each at one of them.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
        """
        return not (self.block | self.account_block).off

    @derived(reads=[default_encryption])
    def encrypted(self) -> bool:
        """New objects are encrypted at rest, whoever holds the key."""
        return self.default_encryption is not None

    @derived(reads=[default_encryption, provider_keys])
    def encryption(self) -> Encryption:
        """How new objects are encrypted at rest, and who holds the key."""
        default = self.default_encryption
        if default is None:
            return Encryption("none")
        if default.algorithm == "AES256":
            return Encryption("provider-owned", default.algorithm)
        key = default.key
        if key is None or is_alias_of_provider(key):
            return Encryption("provider-managed", default.algorithm, key)
        named_by_alias = ":alias/" in key or key.startswith("alias/")
        if named_by_alias or key_id(key) not in self.provider_keys:
            return Encryption("customer-managed", default.algorithm, key)
        return Encryption("provider-managed", default.algorithm, key)

    @derived(reads=[policy])
    def tls_only(self) -> bool:
        """The bucket policy denies every request that is not over TLS."""
        return refuses_plain_text(self.policy, self.uid)

    @derived(reads=[every(CloudTrailTrail, *_TRAIL_FACTS)])
    def reads_recorded(self) -> Share:
        """How much of the reads of its objects the account's trails record, each with who made it."""
        return reads_recorded(self.every(CloudTrailTrail), self)
