"""Buckets that anyone can change."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-public-write", severity="critical", reads=[Bucket.access])
def public_write(bucket: Bucket) -> Reasons:
    """Only parties that you named can change a bucket or what it holds.

    A stranger who can write replaces the files that your pages, programs and customers load, fills the bucket with
    illegal material at your cost, or deletes it all and asks for ransom. A stranger who can change the bucket's own
    settings takes it over.

    Fix: take away the grant that the reason names, then refuse public access as a whole. Let strangers upload by signed
    links that your program hands out. On AWS: `aws s3api put-public-access-block --bucket NAME
    --public-access-block-configuration
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. On Azure: `az storage
    account update --name NAME --resource-group GROUP --allow-blob-public-access false`. On Google Cloud: `gcloud
    storage buckets update gs://NAME --public-access-prevention`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
    https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
    https://cloud.google.com/storage/docs/public-access-prevention
    """
    for allowed in bucket.access.by("anyone").to("write", "admin"):
        harm = (
            "change its settings and so take it over" if allowed.may == "admin" else "overwrite or delete its objects"
        )
        yield Reason(f"the {allowed.via} lets {allowed.text} {harm}", allowed.witness)


public_write.passes(Bucket.given(access=Access.none()))
public_write.passes(Bucket.given(access=Access.of(who="anyone", may="read", via="bucket policy")))
public_write.fails(Bucket.given(access=Access.of(who="anyone", may="write", via="bucket ACL")))
public_write.fails(Bucket.given(access=Access.of(who="anyone", may="admin", via="bucket policy")))
public_write.unknown(Bucket.given(access=Unread.denied("s3:GetBucketAcl")))
