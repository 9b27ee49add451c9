"""Buckets whose readers no audit trail knows."""

from __future__ import annotations

from providers.aws.s3 import S3Bucket
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("storage-reads-unrecorded", severity="low", reads=[S3Bucket.reads_recorded])
def reads_unrecorded(bucket: S3Bucket) -> Reasons:
    """An audit trail records who reads the objects of a bucket.

    An access log is written when it can be, hours later, by best effort. Only data events of a trail name the role and
    the session behind each read within minutes, so that somebody can be told while a copy is still being made. They
    are off unless a trail asks for them. Event data stores of CloudTrail Lake are not read: where one of them records
    the reads instead, write an exception that names it.

    Fix: let a trail that records all regions ask for them, for every bucket or for those that matter. On AWS: `aws
    cloudtrail put-event-selectors --trail-name TRAIL --advanced-event-selectors '[{"FieldSelectors": [{"Field":
    "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}, {"Field":
    "resources.ARN", "StartsWith": ["arn:aws:s3:::BUCKET/"]}]}]'`. The command replaces all selectors of the trail: give
    those of management events with it.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html
    """
    recorded = bucket.reads_recorded
    if recorded == "none":
        yield Reason("no active trail records reads of its objects")
    elif recorded == "some":
        yield Reason("trails record some reads of its objects, and not all")


reads_unrecorded.passes(S3Bucket.given(reads_recorded="all"))
reads_unrecorded.fails(S3Bucket.given(reads_recorded="none"))
reads_unrecorded.fails(S3Bucket.given(reads_recorded="some"))
reads_unrecorded.unknown(S3Bucket.given(reads_recorded=Unread.denied("cloudtrail:GetEventSelectors")))
