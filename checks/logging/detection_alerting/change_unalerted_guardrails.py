"""Accounts whose guardrails fall unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("change-unalerted-guardrails", severity="low", reads=[Account.alerted])
def unalerted_guardrails(account: Account) -> Reasons:
    """Somebody is told when guardrails of the account change.

    A policy that forbids public addresses or foreign regions holds until somebody takes it off for an hour. What is
    made in that hour stays, and nothing looks wrong afterwards.

    Fix: set an alarm that reaches a person. On Azure: `az monitor activity-log alert create --resource-group GROUP
    --name NAME --scope /subscriptions/ID --condition category=Administrative and
    operationName=Microsoft.Authorization/policyAssignments/delete --action-group ID`, and another for
    Microsoft.Authorization/policyAssignments/write. On Google Cloud: `gcloud logging metrics create NAME --description
    TEXT --log-filter 'protoPayload.serviceName="orgpolicy.googleapis.com"'`, then `gcloud alpha monitoring policies
    create --policy-from-file FILE`.

    References:
    https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
    https://cloud.google.com/logging/docs/alerting/log-based-alerts
    """
    if "guardrails" not in account.alerted:
        yield Reason("no alarm tells of changes to guardrails")


unalerted_guardrails.passes(Account.given(alerted=("guardrails",)))
unalerted_guardrails.fails(Account.given(alerted=()))
unalerted_guardrails.fails(Account.given(alerted=("audit-trail",)))
unalerted_guardrails.unknown(Account.given(alerted=Unread.denied("Microsoft.Insights/activityLogAlerts/read")))
