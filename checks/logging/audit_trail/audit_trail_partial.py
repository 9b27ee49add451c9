"""Audit trails that leave calls out."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail


@check("audit-trail-partial", severity="medium", reads=[AuditTrail.management_events])
def partial(trail: AuditTrail) -> Reasons:
    """A trail that records management events records both reads and changes.

    Before an intruder changes anything, the account is explored by reading. A trail of changes alone starts when the
    damage is done; a trail of reads alone never shows it. A trail that is only for data events is left alone.

    Fix: record both kinds. On AWS: `aws cloudtrail put-event-selectors --trail-name NAME --event-selectors
    '[{"ReadWriteType": "All", "IncludeManagementEvents": true}]'`; the command replaces all selectors, so repeat those
    for data events. On Azure: `az monitor diagnostic-settings subscription create --name NAME --location REGION
    --workspace WORKSPACE --logs '[{"category": "Administrative", "enabled": true}, {"category": "Security", "enabled":
    true}, {"category": "Policy", "enabled": true}, {"category": "Alert", "enabled": true}]'`. On Google Cloud: take
    what leaves records out from the filter and the exclusions: `gcloud logging sinks update NAME --log-filter FILTER
    --clear-exclusions`.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
    https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
    https://cloud.google.com/logging/docs/export/configure_export_v2
    """
    match trail.management_events:
        case "only-reads":
            yield Reason("changes to the account's configuration are not recorded, only reads")
        case "only-writes":
            yield Reason("reads of the account's configuration are not recorded, only changes")
        case "some":
            yield Reason("only chosen management events are recorded")


partial.passes(AuditTrail.given(management_events="all"))
partial.passes(AuditTrail.given(management_events="none"))
partial.fails(AuditTrail.given(management_events="only-writes"))
partial.fails(AuditTrail.given(management_events="only-reads"))
partial.fails(AuditTrail.given(management_events="some"))
partial.unknown(AuditTrail.given(management_events=Unread.denied("cloudtrail:GetEventSelectors")))
