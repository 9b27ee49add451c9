"""Accounts that are opened to the internet unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-firewall", severity="low", reads=[Account.alerted])
def unalerted_firewall(account: Account) -> Reasons:
    """Somebody is told when firewall rules change.

    One rule opens a machine or a database to the whole internet, and scanners find it before the next review does. Most
    of these changes are planned; the alarm is for the one that is not.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Network/networkSecurityGroups/securityRules/write --action-group ID`, and others for
    securityRules/delete, Microsoft.Network/networkSecurityGroups/write and its delete. On Google Cloud: `gcloud logging
    metrics create NAME --description TEXT --log-filter 'resource.type="gce_firewall_rule" AND
    protoPayload.methodName:("compute.firewalls.insert" OR "compute.firewalls.patch")'`, then `gcloud alpha monitoring
    policies create --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "firewall" not in account.alerted:
        yield Reason("no alarm tells of changes to firewall rules")


unalerted_firewall.passes(Account.given(alerted=("firewall",)))
unalerted_firewall.fails(Account.given(alerted=()))
unalerted_firewall.fails(Account.given(alerted=("guardrails",)))
unalerted_firewall.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
