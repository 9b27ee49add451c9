"""Exports of the activity log are audit trails: what they export, where to, and who sees it at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.activity_log import ABOUT_CHANGES, STREAMS, ActivityLogExport
from providers.azure.storage import StorageContainer
from scanner.model import Resource
from tests.providers.azure.kinds.accounts import UID, of_subscription
from tests.providers.azure.kinds.desk import bound, missing, only, read

CATEGORIES = ("Administrative", "Security", "ServiceHealth", "Alert", "Recommendation", "Policy", "Autoscale")
ACCOUNT = f"{UID}/resourceGroups/Logs/providers/Microsoft.Storage/storageAccounts/Logs"
KINDS: tuple[type[Resource], ...] = (ActivityLogExport, StorageContainer)


def setting(logs: list[dict[str, Any]], **properties: Any) -> dict[str, Any]:
    return {
        "id": f"{UID}/providers/Microsoft.Insights/diagnosticSettings/Activity",
        "name": "Activity",
        "properties": {"storageAccountId": None, "workspaceId": None, "logs": logs, **properties},
    }


def export(logs: list[dict[str, Any]], **properties: Any) -> ActivityLogExport:
    told = {"microsoft.insights.diagnosticsettings": {"value": [setting(logs, **properties)]}}
    return only(read(of_subscription(told), ActivityLogExport), ActivityLogExport)


@given(st.dictionaries(st.sampled_from(CATEGORIES), st.booleans()))
def test_it_records_all_exactly_if_every_category_about_changes_is_on(chosen: dict[str, bool]) -> None:
    trail = export([{"category": name, "enabled": on} for name, on in chosen.items()])
    on = {name.lower() for name, enabled in chosen.items() if enabled}
    assert trail.active is bool(on)
    assert trail.everywhere
    assert (trail.management_events == "all") is (on >= ABOUT_CHANGES)
    assert (trail.management_events == "none") is ABOUT_CHANGES.isdisjoint(on)


def test_the_group_of_all_categories_is_all() -> None:
    logs = [{"category": None, "categoryGroup": "allLogs", "enabled": True}]
    assert export(logs).management_events == "all"
    assert export([logs[0] | {"enabled": False}]).management_events == "none"


@pytest.mark.parametrize("stream", STREAMS)
def test_any_stream_sees_it_at_once_and_a_file_does_not(stream: str) -> None:
    assert export([], **{stream: "/somewhere"}).watched_by == "/somewhere"
    assert export([], storageAccountId=ACCOUNT).watched_by is None


def test_records_lie_in_the_container_that_azure_makes_for_them() -> None:
    account = {"id": ACCOUNT, "name": "Logs", "kind": "StorageV2", "location": "westeurope"}
    account["properties"] = {  # type: ignore[assignment]
        "creationTime": "2020-01-01T00:00:00Z",
        "supportsHttpsTrafficOnly": True,
        "allowBlobPublicAccess": False,
    }
    container = f"{ACCOUNT}/blobServices/default/containers/insights-activity-logs"
    entry = {"id": container, "name": "insights-activity-logs"}
    entry["properties"] = {"publicAccess": "None", "hasImmutabilityPolicy": True}  # type: ignore[assignment]
    told = {"microsoft.insights.diagnosticsettings": {"value": [setting([], storageAccountId=ACCOUNT)]}}
    answers = {
        **of_subscription(told),
        f"{UID}/providers/Microsoft.Storage/storageAccounts": {"value": [account]},
        f"{ACCOUNT}/blobServices/default/containers": {"value": [entry]},
    }
    estate = read(answers, *KINDS)
    trail = only(estate, ActivityLogExport)
    found = trail.stores_in
    assert found is not None
    assert found.uid == container.lower()
    assert bound(estate, only(estate, StorageContainer)).retention_locked


def test_a_subscription_that_never_used_the_service_exports_nothing() -> None:
    unregistered = missing("MissingSubscriptionRegistration")
    estate = read(
        of_subscription({}) | {f"{UID}/providers/Microsoft.Insights/diagnosticSettings": unregistered}, *KINDS
    )
    assert not list(estate.of(ActivityLogExport))
    assert estate.gaps_of(ActivityLogExport) == ()
    assert read({}, ActivityLogExport).gaps_of(ActivityLogExport)
