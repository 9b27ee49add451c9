"""Buckets that anyone can read."""

from __future__ import annotations

from scanner.access import Access, Allowed, Guard, Layer
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-public-read", severity="critical", reads=[Bucket.access])
def public_read(bucket: Bucket) -> Reasons:
    """Only parties that you named can read what a bucket holds.

    Names of buckets are guessed, scanned for and found in web pages. Whoever learns the name of a public bucket can
    copy all of it, and since every single request is allowed, nothing looks wrong while it happens. What single objects
    open by lists of their own is not seen, nor what managed folders of Cloud Storage open by policies of theirs:
    `storage-acls-in-use` says where such lists count.

    Fix: take away the grant that the reason names, then refuse public access as a whole. Publish web content through a
    content delivery network that alone may read the bucket. On AWS: `aws s3api put-public-access-block --bucket NAME
    --public-access-block-configuration
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. On Azure: `az storage
    account update --name NAME --resource-group GROUP --allow-blob-public-access false`. On Google Cloud: `gcloud
    storage buckets update gs://NAME --public-access-prevention`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-access-control.html
    https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
    https://cloud.google.com/storage/docs/public-access-prevention
    """
    for allowed in bucket.access.by("anyone").to("read", "list"):
        yield Reason(f"the {allowed.via} lets {allowed.text} {allowed.may} its objects", allowed.witness)


OPEN = Layer("bucket policy", (Allowed("anyone", "anyone", "read", "bucket policy"),))
public_read.passes(Bucket.given(access=Access.none()))
public_read.passes(Bucket.given(access=Access((OPEN,), (Guard("public access block", ("bucket policy",)),))))
public_read.fails(Bucket.given(access=Access.of(who="anyone", may="read", via="bucket policy")))
public_read.fails(Bucket.given(access=Access.of(who="anyone", may="list", via="bucket ACL")))
public_read.unknown(Bucket.given(access=Unread.denied("s3:GetBucketPolicy")))
public_read.unknown(Bucket.given(access=Access((Layer("bucket ACL", unread=Unread.denied("s3:GetBucketAcl")),))))
