"""Audit trails that anyone can reach."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail, Bucket


@check("audit-trail-bucket-public", severity="critical", reads=[AuditTrail.stores_in / Bucket.access])
def bucket_public(trail: AuditTrail) -> Reasons:
    """The bucket that keeps a trail's records is closed to strangers.

    The record is a map of the account: its people, roles, keys, addresses, and what is watched. A stranger who can also
    write erases the traces.

    Fix: take the grant away that the reason names, and let nobody but the trail write and its readers read. On AWS:
    `aws s3api put-public-access-block --bucket NAME --public-access-block-configuration
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. On Azure: `az storage
    account update --name NAME --resource-group GROUP --allow-blob-public-access false`. On Google Cloud: `gcloud
    storage buckets update gs://NAME --public-access-prevention`.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
    https://cloud.google.com/storage/docs/public-access-prevention
    """
    bucket = trail.stores_in
    if bucket is not None:
        for allowed in bucket.access.by("anyone").to("read", "list", "write", "admin"):
            party = f"{allowed.text} reach the records ({allowed.may})"
            of_bucket = "" if bucket.name in allowed.via else f" of {bucket.name}"
            yield Reason(f"the {allowed.via}{of_bucket} lets {party}", allowed.witness)


TRAIL = AuditTrail.given("trail", stores_in="records")
bucket_public.passes(TRAIL.among(Bucket.given("records", access=Access.none())))
bucket_public.passes(AuditTrail.given(stores_in=None))
bucket_public.fails(TRAIL.among(Bucket.given("records", access=Access.of(who="anyone", may="read", via="bucket ACL"))))
bucket_public.unknown(TRAIL.among(Bucket.given("records", access=Unread.denied("s3:GetBucketAcl"))))
