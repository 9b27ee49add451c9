"""Audit trails whose readers leave no trace."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail, Bucket


@check("audit-trail-bucket-unlogged", severity="low", reads=[AuditTrail.stores_in / Bucket.access_logged])
def bucket_unlogged(trail: AuditTrail) -> Reasons:
    """Whoever reads or deletes records of a trail is recorded too.

    A trail does not record requests for the objects in its own bucket. Without a log of that bucket nobody can say who
    looked at the record, or who deleted parts of it.

    Fix: log requests to the bucket, into another bucket. On AWS: `aws s3api put-bucket-logging --bucket NAME
    --bucket-logging-status '{"LoggingEnabled": {"TargetBucket": "LOGS", "TargetPrefix": "NAME/"}}'`. On Azure: `az
    monitor diagnostic-settings create --name audit --resource ACCOUNT-ID/blobServices/default --workspace WORKSPACE
    --logs '[{"categoryGroup": "audit", "enabled": true}]'`. On Google Cloud: `gcloud storage buckets update gs://NAME
    --log-bucket gs://LOGS`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
    https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage
    https://cloud.google.com/storage/docs/access-logs
    """
    bucket = trail.stores_in
    if bucket is not None and not bucket.access_logged:
        yield Reason(f"requests for objects in {bucket.name} are not logged")


TRAIL = AuditTrail.given("trail", stores_in="records")
bucket_unlogged.passes(TRAIL.among(Bucket.given("records", access_logged=True)))
bucket_unlogged.passes(AuditTrail.given(stores_in=None))
bucket_unlogged.fails(TRAIL.among(Bucket.given("records", access_logged=False)))
bucket_unlogged.unknown(TRAIL.among(Bucket.given("records", access_logged=Unread.denied("s3:GetBucketLogging"))))
