"""Accounts whose buckets are opened unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-storage-permissions", severity="low", reads=[Account.alerted])
def unalerted_storage_permissions(account: Account) -> Reasons:
    """Somebody is told when permissions on storage change.

    Most leaks of stored data begin with a grant that was meant for somebody else or for one hour. Names of public
    buckets are found by machines; you have to be told earlier than they.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Storage/storageAccounts/write --action-group ID`. On Google Cloud: `gcloud logging metrics
    create NAME --description TEXT --log-filter 'resource.type="gcs_bucket" AND
    protoPayload.methodName="storage.setIamPermissions"'`, then `gcloud alpha monitoring policies create
    --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "storage-permissions" not in account.alerted:
        yield Reason("no alarm tells of changes to who reaches buckets")


unalerted_storage_permissions.passes(Account.given(alerted=("storage-permissions",)))
unalerted_storage_permissions.fails(Account.given(alerted=()))
unalerted_storage_permissions.fails(Account.given(alerted=("network",)))
unalerted_storage_permissions.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
