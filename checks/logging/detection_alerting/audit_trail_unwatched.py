"""Audit trails that raise no alarm."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail


@check("audit-trail-unwatched", severity="low", reads=[AuditTrail.watched_by])
def unwatched(trail: AuditTrail) -> Reasons:
    """A trail's records reach a service that can raise an alarm as they happen.

    Files in a bucket are read after somebody suspects something. A stopped trail, a root login or a new administrator
    is noticed in minutes only if a service looks at the record while it is written.

    Fix: send the record to a log service and set alarms there. On AWS: `aws cloudtrail update-trail --name NAME
    --cloud-watch-logs-log-group-arn ARN --cloud-watch-logs-role-arn ARN`. Where a SIEM reads the bucket, write an
    exception that names it. On Azure: name a workspace in the setting: `az monitor diagnostic-settings subscription
    update --name NAME --workspace WORKSPACE`. On Google Cloud: `gcloud logging sinks create NAME
    logging.googleapis.com/projects/PROJECT/locations/global/buckets/BUCKET`.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
    https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
    https://cloud.google.com/logging/docs/export/configure_export_v2
    """
    if trail.watched_by is None:
        yield Reason("no log service receives its records as they happen")


unwatched.passes(AuditTrail.given(watched_by="a log group"))
unwatched.fails(AuditTrail.given(watched_by=None))
unwatched.unknown(AuditTrail.given(watched_by=Unread.denied("cloudtrail:DescribeTrails")))
