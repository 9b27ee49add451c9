"""Accounts without a full audit trail."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread, every
from scanner.kinds import Account, AuditTrail, shortfalls
from scanner.model import ListingGap


@check(
    "audit-trail-missing",
    severity="high",
    reads=[every(AuditTrail, AuditTrail.active, AuditTrail.everywhere, AuditTrail.management_events)],
)
def missing(account: Account) -> Reasons:
    """One active trail records all that is done to the account, in every region.

    After a break-in the trail is the only account of who did what. Attackers work in the regions and with the calls
    that nobody records, and the provider's own short history can neither be kept nor be searched as a whole.

    Fix: set up one trail for all regions and all management events, best for the whole organisation. On AWS: `aws
    cloudtrail create-trail --name NAME --s3-bucket-name BUCKET --is-multi-region-trail --enable-log-file-validation`,
    then `aws cloudtrail start-logging --name NAME`. On Azure: `az monitor diagnostic-settings subscription create
    --name NAME --location REGION --workspace WORKSPACE --logs '[{"category": "Administrative", "enabled": true},
    {"category": "Security", "enabled": true}, {"category": "Policy", "enabled": true}, {"category": "Alert", "enabled":
    true}]'`. On Google Cloud: `gcloud logging sinks create NAME storage.googleapis.com/BUCKET --organization ID
    --include-children`, without a filter.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-multi-region-trails.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
    https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
    https://cloud.google.com/logging/docs/export/configure_export_v2
    """
    for fault in shortfalls(account.every(AuditTrail)):
        yield Reason(fault)


FULL = AuditTrail.given("full", active=True, everywhere=True, management_events="all")
STOPPED = AuditTrail.given("stopped", active=False, everywhere=True, management_events="all")
REGIONAL = AuditTrail.given("regional", active=True, everywhere=False, management_events="all")
PARTIAL = AuditTrail.given("partial", active=True, everywhere=True, management_events="only-writes")
REFUSED = Unread.denied("cloudtrail:GetTrailStatus")
HIDDEN = ListingGap(AuditTrail, "here", Unread.denied("cloudtrail:DescribeTrails"))
SOMEWHERE = AuditTrail.given("somewhere", active=REFUSED, everywhere=False, management_events=REFUSED)
UNTOLD = AuditTrail.given("untold", active=True, everywhere=True, management_events=REFUSED)
missing.passes(Account.given().among(FULL))
missing.passes(Account.given().among(STOPPED, FULL))
missing.fails(Account.given())
missing.fails(Account.given().among(STOPPED, REGIONAL, PARTIAL))
missing.fails(Account.given().among(SOMEWHERE))
missing.unknown(Account.given().among(UNTOLD, REGIONAL))
missing.unknown(Account.given().among(REGIONAL, gaps=[HIDDEN]))
