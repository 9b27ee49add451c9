"""Accounts whose databases are opened unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-database", severity="low", reads=[Account.alerted])
def unalerted_database(account: Account) -> Reasons:
    """Somebody is told when settings of database servers change.

    One setting gives a server an address on the internet, lets everybody connect, or switches its log off. The data is
    copied before the next review.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Sql/servers/firewallRules/write --action-group ID`, and another for
    Microsoft.Sql/servers/write. On Google Cloud: `gcloud logging metrics create NAME --description TEXT --log-filter
    'protoPayload.methodName="cloudsql.instances.update"'`, then `gcloud alpha monitoring policies create
    --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "database" not in account.alerted:
        yield Reason("no alarm tells of changes to database servers")


unalerted_database.passes(Account.given(alerted=("database",)))
unalerted_database.fails(Account.given(alerted=()))
unalerted_database.fails(Account.given(alerted=("storage-permissions",)))
unalerted_database.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
