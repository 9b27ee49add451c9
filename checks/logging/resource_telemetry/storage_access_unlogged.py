"""Buckets that do not say who read them."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-access-unlogged", severity="low", reads=[Bucket.access_logged])
def access_unlogged(bucket: Bucket) -> Reasons:
    """Requests for the objects of a bucket are logged.

    After a leak the first question is which objects were taken and by whom. Without a log of requests the honest answer
    is: perhaps all of them. An audit trail records the bucket's settings, not its objects, unless data events are on.

    Fix: write requests to a bucket for logs, which itself needs no log. On AWS: `aws s3api put-bucket-logging --bucket
    NAME --bucket-logging-status '{"LoggingEnabled": {"TargetBucket": "LOGS", "TargetPrefix": "NAME/"}}'`. Where a trail
    records data events instead, write an exception that names it. On Azure: `az monitor diagnostic-settings create
    --name audit --resource ACCOUNT-ID/blobServices/default --workspace WORKSPACE --logs '[{"categoryGroup": "audit",
    "enabled": true}]'`. On Google Cloud: `gcloud storage buckets update gs://NAME --log-bucket gs://LOGS`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage
    https://cloud.google.com/storage/docs/access-logs
    """
    if not bucket.access_logged:
        yield Reason("requests for its objects are not logged")


access_unlogged.passes(Bucket.given(access_logged=True))
access_unlogged.fails(Bucket.given(access_logged=False))
access_unlogged.unknown(Bucket.given(access_logged=Unread.denied("s3:GetBucketLogging")))
