"""Audit trails whose records can be erased."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail, Bucket


@check(
    "audit-trail-bucket-erasable",
    severity="medium",
    reads=[AuditTrail.stores_in / Bucket.versioned, AuditTrail.stores_in / Bucket.retention_locked],
)
def bucket_erasable(trail: AuditTrail) -> Reasons:
    """Records of a trail survive being deleted.

    Whoever may delete objects in the bucket deletes the record of a break-in together with everything else, for good. A
    retention lock stops even administrators; versions stop at least the simple deletion.

    Fix: lock new records for as long as you must keep them. On AWS: `aws s3api put-object-lock-configuration --bucket
    NAME --object-lock-configuration '{"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode":
    "COMPLIANCE", "Days": 365}}}'`, which needs versioning: `aws s3api put-bucket-versioning --bucket NAME
    --versioning-configuration Status=Enabled`. On Azure: `az storage container immutability-policy create
    --account-name NAME --container-name CONTAINER --period 365`, then `az storage container immutability-policy lock
    --account-name NAME --container-name CONTAINER --if-match ETAG`. On Google Cloud: `gcloud storage buckets update
    gs://NAME --retention-period 1y`, then `gcloud storage buckets update gs://NAME --lock-retention-period`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
    https://learn.microsoft.com/azure/storage/blobs/immutable-storage-overview
    https://cloud.google.com/storage/docs/bucket-lock
    """
    bucket = trail.stores_in
    if bucket is not None and not bucket.versioned and not bucket.retention_locked:
        yield Reason(f"{bucket.name} neither keeps versions of deleted records nor locks records for a time")


TRAIL = AuditTrail.given("trail", stores_in="records")
bucket_erasable.passes(TRAIL.among(Bucket.given("records", versioned=True)))
bucket_erasable.passes(TRAIL.among(Bucket.given("records", versioned=False, retention_locked=True)))
bucket_erasable.passes(AuditTrail.given(stores_in=None))
bucket_erasable.fails(TRAIL.among(Bucket.given("records", versioned=False, retention_locked=False)))
bucket_erasable.unknown(TRAIL.among(Bucket.given("records", versioned=Unread.denied("s3:GetBucketVersioning"))))
