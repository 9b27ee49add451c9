"""Accounts in which roles change unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-custom-roles", severity="low", reads=[Account.alerted])
def unalerted_custom_roles(account: Account) -> Reasons:
    """Somebody is told when custom roles change.

    A role that gains a right gives it to everybody who holds the role, and no list of grants changes. Reviews see the
    name that they know.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Authorization/roleDefinitions/write --action-group ID`. On Google Cloud: `gcloud logging
    metrics create NAME --description TEXT --log-filter 'resource.type="iam_role" AND
    protoPayload.methodName=~"(Create|Update|Delete)Role"'`, then `gcloud alpha monitoring policies create
    --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "custom-roles" not in account.alerted:
        yield Reason("no alarm tells of changes to custom roles")


unalerted_custom_roles.passes(Account.given(alerted=("custom-roles",)))
unalerted_custom_roles.fails(Account.given(alerted=()))
unalerted_custom_roles.fails(Account.given(alerted=("permissions",)))
unalerted_custom_roles.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
