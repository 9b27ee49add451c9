"""Accounts whose networks change unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-network", severity="low", reads=[Account.alerted])
def unalerted_network(account: Account) -> Reasons:
    """Somebody is told when networks, routes and public addresses change.

    A new route, peering or public address leads traffic around the firewalls that you watch, into the open or past an
    intruder's machine. Networks change seldom, so that such an alarm is seldom false.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Network/publicIPAddresses/write --action-group ID`, and others for
    Microsoft.Network/virtualNetworks/write and Microsoft.Network/routeTables/write. On Google Cloud: `gcloud logging
    metrics create NAME --description TEXT --log-filter 'resource.type=("gce_network" OR "gce_route")'`, then `gcloud
    alpha monitoring policies create --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "network" not in account.alerted:
        yield Reason("no alarm tells of changes to networks and routes")


unalerted_network.passes(Account.given(alerted=("network",)))
unalerted_network.fails(Account.given(alerted=()))
unalerted_network.fails(Account.given(alerted=("firewall",)))
unalerted_network.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
