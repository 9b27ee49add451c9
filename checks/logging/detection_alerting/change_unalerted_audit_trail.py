"""Accounts that are blinded unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-audit-trail", severity="medium", reads=[Account.alerted])
def unalerted_audit_trail(account: Account) -> Reasons:
    """Somebody is told when the audit trail changes.

    Switching off what records is the first thing that a careful intruder does. What was recorded until then is of no
    use, unless the act itself raises an alarm.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Insights/diagnosticSettings/delete --action-group ID`, and another for
    Microsoft.Insights/diagnosticSettings/write. On Google Cloud: `gcloud logging metrics create NAME --description TEXT
    --log-filter 'protoPayload.methodName="SetIamPolicy" AND protoPayload.serviceData.policyDelta.auditConfigDeltas:*'`,
    then `gcloud alpha monitoring policies create --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "audit-trail" not in account.alerted:
        yield Reason("no alarm tells of changes to what is recorded")


unalerted_audit_trail.passes(Account.given(alerted=("audit-trail",)))
unalerted_audit_trail.fails(Account.given(alerted=()))
unalerted_audit_trail.fails(Account.given(alerted=("custom-roles",)))
unalerted_audit_trail.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
