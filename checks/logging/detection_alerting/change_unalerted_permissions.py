"""Accounts in which a new administrator is not noticed."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-permissions", severity="medium", reads=[Account.alerted])
def unalerted_permissions(account: Account) -> Reasons:
    """Somebody is told when permissions on the account change.

    A role for an identity of their own is how intruders stay, and it is made within minutes of the first sign-in. The
    record holds it, but nobody reads the record before the damage is done.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Authorization/roleAssignments/write --action-group ID`. On Google Cloud: `gcloud logging
    metrics create NAME --description TEXT --log-filter 'protoPayload.serviceName="cloudresourcemanager.googleapis.com"
    AND protoPayload.methodName="SetIamPolicy"'`, then `gcloud alpha monitoring policies create --policy-from-file
    FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "permissions" not in account.alerted:
        yield Reason("no alarm tells of changes to who may do what")


unalerted_permissions.passes(Account.given(alerted=("permissions",)))
unalerted_permissions.fails(Account.given(alerted=()))
unalerted_permissions.fails(Account.given(alerted=("database",)))
unalerted_permissions.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
