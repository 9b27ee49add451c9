"""Somebody is told of a change if alerts tell of each of its operations, whenever and wherever it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from providers.azure.alerts import OPERATIONS
from providers.azure.subscription import AzureSubscription
from scanner.facts import UnreadFact
from scanner.kinds.account import Change
from tests.providers.azure.kinds.accounts import UID, of_subscription
from tests.providers.azure.kinds.desk import only, read

GROUP = f"{UID}/resourceGroups/watch/providers/Microsoft.Insights/actionGroups/us"
ADMINISTRATIVE = {"field": "category", "equals": "Administrative"}
NARROW = (
    {"field": "caller", "equals": "ann@example.com"},
    {"field": "resourceGroup", "equals": "prod"},
    {"field": "resourceId", "equals": f"{UID}/resourceGroups/prod"},
    {"field": "properties.statusCode", "equals": "Created"},
    {"field": "subStatus", "equals": "Created"},
    {"field": "level", "equals": "Error"},
    {"field": "status", "equals": "Failed"},
    {"field": "category", "equals": "Security"},
)


def alert(*conditions: dict[str, Any], group: str | None = GROUP, at: str = UID, **more: Any) -> dict[str, Any]:
    groups = [] if group is None else [{"actionGroupId": group, "webhookProperties": {}}]
    properties = {"scopes": [at], "condition": {"allOf": list(conditions)}, "actions": {"actionGroups": groups}}
    return {"name": "alert", "properties": {**properties, "enabled": True, **more}}


def operation(name: str) -> dict[str, Any]:
    return {"field": "operationName", "equals": name}


def told(rules: Iterable[dict[str, Any]], **group: Any) -> tuple[Change, ...]:
    properties = {"enabled": True, "emailReceivers": [{"name": "us"}], **group}
    answers = {
        "microsoft.insights.activitylogalerts": {"value": list(rules)},
        "microsoft.insights.actiongroups": {"value": [{"id": GROUP.upper(), "properties": properties}]},
    }
    return only(read(of_subscription(answers), AzureSubscription), AzureSubscription).alerted


@pytest.mark.parametrize("change", OPERATIONS)
def test_a_change_is_told_by_alerts_on_each_of_its_operations_and_by_no_fewer(change: Change) -> None:
    rules = [alert(ADMINISTRATIVE, operation(name)) for name in OPERATIONS[change]]
    assert told(rules) == (change,)
    for missing in range(len(rules)):
        assert told(rules[:missing] + rules[missing + 1 :]) == ()
    names = [operation(name) for name in OPERATIONS[change]]
    assert told([alert(ADMINISTRATIVE, {"anyOf": names})]) == (change,)
    listed = {"field": "operationName", "containsAny": [name.upper() for name in OPERATIONS[change]]}
    assert told([alert(ADMINISTRATIVE, listed)]) == (change,)


def test_the_whole_category_tells_of_everything_and_a_narrower_alert_of_nothing() -> None:
    assert told([alert(ADMINISTRATIVE)]) == tuple(OPERATIONS)
    assert told([alert({"field": "category", "equals": "administrative"}, at=UID.strip("/"))]) == tuple(OPERATIONS)
    assert told([alert(ADMINISTRATIVE, {"field": "status", "containsAny": ["Succeeded", "Failed"]})]) == tuple(
        OPERATIONS
    )
    for narrowed in NARROW:
        assert told([alert(ADMINISTRATIVE, narrowed)]) == ()


def test_a_kind_of_resource_or_a_service_is_told_of_as_a_whole() -> None:
    kind = {"field": "resourceType", "equals": "Microsoft.Authorization/roleAssignments"}
    assert told([alert(ADMINISTRATIVE, kind)]) == ("permissions",)
    service = {"field": "resourceProvider", "equals": "Microsoft.Network"}
    assert told([alert(ADMINISTRATIVE, service)]) == ("firewall", "network")


def test_an_alert_that_reaches_nobody_tells_nothing() -> None:
    assert told([alert(ADMINISTRATIVE, enabled=False)]) == ()
    assert told([alert(ADMINISTRATIVE, group=None)]) == ()
    assert told([alert(ADMINISTRATIVE, at=f"{UID}/resourceGroups/prod")]) == ()
    assert told([alert(ADMINISTRATIVE)], enabled=False) == ()
    assert told([alert(ADMINISTRATIVE)], emailReceivers=[]) == ()
    assert told([alert(ADMINISTRATIVE)], emailReceivers=[{"name": "us", "status": "Disabled"}]) == ()
    assert told([alert(ADMINISTRATIVE, group=f"{GROUP}-deleted")]) == ()


def test_a_group_that_cannot_be_looked_up_leaves_it_open() -> None:
    elsewhere = "/subscriptions/other/resourceGroups/watch/providers/Microsoft.Insights/actionGroups/us"
    with pytest.raises(UnreadFact):
        told([alert(ADMINISTRATIVE, group=elsewhere)])
    assert told([alert(ADMINISTRATIVE, group=elsewhere), alert(ADMINISTRATIVE)]) == tuple(OPERATIONS)
    refused = of_subscription({"microsoft.insights.activitylogalerts": {"value": [alert(ADMINISTRATIVE)]}})
    with pytest.raises(UnreadFact):
        assert only(read(refused, AzureSubscription), AzureSubscription).alerted
    nothing = of_subscription({"microsoft.insights.activitylogalerts": {"value": []}})
    assert only(read(nothing, AzureSubscription), AzureSubscription).alerted == ()
