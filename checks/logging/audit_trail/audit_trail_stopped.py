"""Audit trails that do not record."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail


@check("audit-trail-stopped", severity="high", reads=[AuditTrail.active])
def stopped(trail: AuditTrail) -> Reasons:
    """A trail that was set up is recording.

    Stopping the trail is among the first things an intruder does. Its settings still look right, and whoever relies on
    it finds out when the record of an incident is missing.

    Fix: find out who stopped it and when, then start it again, or delete it if another one took its place. On AWS: `aws
    cloudtrail start-logging --name NAME`. On Azure: switch the setting's categories on again, in the portal or by `az
    monitor diagnostic-settings subscription update --name NAME --logs CATEGORIES`. On Google Cloud: `gcloud logging
    sinks update NAME --no-disabled`.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
    https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
    https://cloud.google.com/logging/docs/export/configure_export_v2
    """
    if not trail.active:
        yield Reason("it is not recording")


stopped.passes(AuditTrail.given(active=True))
stopped.fails(AuditTrail.given(active=False))
stopped.unknown(AuditTrail.given(active=Unread.denied("cloudtrail:GetTrailStatus")))
