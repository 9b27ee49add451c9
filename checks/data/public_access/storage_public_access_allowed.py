"""Buckets that nothing keeps from becoming public."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-public-access-allowed", severity="medium", reads=[Bucket.public_access_prevented])
def public_access_allowed(bucket: Bucket) -> Reasons:
    """A switch keeps a bucket from becoming public, whatever its policy or lists say.

    Without the switch one careless policy, one copied template or one stolen key with the right to write policies makes
    the bucket public at once. With it such a policy is refused or has no effect.

    Fix: refuse public access for the bucket, or better for the whole account. On AWS: switch all four blocks on: `aws
    s3api put-public-access-block --bucket NAME --public-access-block-configuration
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. On Azure: `az storage
    account update --name NAME --resource-group GROUP --allow-blob-public-access false`. On Google Cloud: `gcloud
    storage buckets update gs://NAME --public-access-prevention`. The constraint storage.publicAccessPrevention holds
    for whole projects.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
    https://cloud.google.com/storage/docs/public-access-prevention
    """
    if not bucket.public_access_prevented:
        yield Reason("neither the bucket nor its account refuses public access in full")


public_access_allowed.passes(Bucket.given(public_access_prevented=True))
public_access_allowed.fails(Bucket.given(public_access_prevented=False))
public_access_allowed.unknown(Bucket.given(public_access_prevented=Unread.denied("s3:GetBucketPublicAccessBlock")))
