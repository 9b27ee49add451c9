"""The activity log: Azure's record of every change to a subscription, and the settings that export it.

Azure keeps the log for 90 days by itself, and holds no reads in it: only what was created, changed, deleted or done.
https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
"""

from __future__ import annotations

from typing import Final

from providers.azure import ids
from providers.azure.arm import UNREGISTERED, arm
from scanner.facts import Answer, Fact, derived
from scanner.kinds import AuditTrail
from scanner.kinds.logging import Recorded
from scanner.model import Listing

EXPORTS = arm("Microsoft.Insights/diagnosticSettings", of="{scope.uid}", absent=UNREGISTERED)
CONTAINER: Final = "insights-activity-logs"
"""Where records lie in a storage account.

https://learn.microsoft.com/azure/azure-monitor/platform/activity-log#send-to-azure-storage
"""
ABOUT_CHANGES: Final = frozenset({"administrative", "security", "policy", "alert"})
"""Categories that tell what was done, what was refused and what looked like an attack.

The others tell how healthy and how busy Azure is: ServiceHealth, ResourceHealth, Recommendation and Autoscale.
https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#categories
"""
EVERYTHING: Final = "alllogs"
"""The group of all categories: https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings#category-groups"""
STREAMS: Final = ("workspaceId", "eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId")
"""Destinations that receive records as they happen.

https://learn.microsoft.com/rest/api/monitor/subscription-diagnostic-settings/list
"""


def _exported(item: Answer) -> tuple[str, ...]:
    """Categories and groups that are on, folded; each entry names one or the other."""
    on = [log for log in item["properties"]["logs"] if log["enabled"]]
    return tuple((log.get("category") or log["categoryGroup"]).casefold() for log in on)


def _stream(item: Answer) -> str | None:
    # A destination that is not used is null or absent.
    return next((item["properties"][name] for name in STREAMS if item["properties"].get(name)), None)


def _container(item: Answer) -> str | None:
    account = item["properties"].get("storageAccountId")
    return f"{account.lower()}/blobservices/default/containers/{CONTAINER}" if account else None


class ActivityLogExport(AuditTrail, type_id="azure.insights.diagnostic_setting"):
    """A setting that exports the activity log of a subscription."""

    listed = Listing(uid=ids.uid, name="{name}", call=EXPORTS)
    categories = Fact[tuple[str, ...]]("Categories of records that it exports, in small letters.").listed(_exported)
    # The log is one for the whole subscription: https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
    everywhere = AuditTrail.everywhere.listed(lambda item: True)
    watched_by = AuditTrail.watched_by.listed(_stream)
    stores_in = AuditTrail.stores_in.listed(_container)

    @derived(reads=[categories])
    def active(self) -> bool:
        """It exports something."""
        return bool(self.categories)

    @derived(reads=[categories])
    def management_events(self) -> Recorded:
        """Which records of changes it exports. Reads are in no record of Azure's: `all` is all that there is."""
        exported = set(self.categories)
        if EVERYTHING in exported or exported >= ABOUT_CHANGES:
            return "all"
        return "some" if exported & ABOUT_CHANGES else "none"
