"""Alerts on the activity log: which changes somebody is told of.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from providers.azure.arm import UNREGISTERED, arm
from scanner.facts import Answer
from scanner.kinds.account import Change

ALERTS = arm("Microsoft.Insights/activityLogAlerts", absent=UNREGISTERED)
ACTION_GROUPS = arm("Microsoft.Insights/actionGroups", absent=UNREGISTERED)

OPERATIONS: Final[Mapping[Change, tuple[str, ...]]] = MappingProxyType(
    {
        "permissions": ("Microsoft.Authorization/roleAssignments/write",),
        "custom-roles": ("Microsoft.Authorization/roleDefinitions/write",),
        "audit-trail": ("Microsoft.Insights/diagnosticSettings/write", "Microsoft.Insights/diagnosticSettings/delete"),
        "guardrails": (
            "Microsoft.Authorization/policyAssignments/write",
            "Microsoft.Authorization/policyAssignments/delete",
        ),
        "firewall": (
            "Microsoft.Network/networkSecurityGroups/write",
            "Microsoft.Network/networkSecurityGroups/delete",
            "Microsoft.Network/networkSecurityGroups/securityRules/write",
            "Microsoft.Network/networkSecurityGroups/securityRules/delete",
        ),
        "network": (
            "Microsoft.Network/virtualNetworks/write",
            "Microsoft.Network/routeTables/write",
            "Microsoft.Network/publicIPAddresses/write",
        ),
        "storage-permissions": ("Microsoft.Storage/storageAccounts/write",),
        "database": ("Microsoft.Sql/servers/write", "Microsoft.Sql/servers/firewallRules/write"),
    }
)
"""Somebody is told of a change if alerts tell of every one of these operations.

https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
"""
_SUCCESS: Final = frozenset({"started", "accepted", "succeeded"})
_ORDINARY: Final = "informational"


class Condition(msgspec.Struct, frozen=True):
    """A field of a record that must have one of some values. Everything is in small letters, as it is compared."""

    field: str
    values: tuple[str, ...]


class AlertRule(msgspec.Struct, frozen=True):
    """A rule that is on."""

    name: str
    scopes: tuple[str, ...]
    conditions: tuple[tuple[Condition, ...], ...]
    """Each of them must hold, by any one of its members."""
    groups: tuple[str, ...]
    """Uids of the action groups that it tells."""


class ActionGroup(msgspec.Struct, frozen=True):
    """Whom alerts tell."""

    uid: str
    tells: bool
    """It is on and has somebody, or something, that it tells."""


def alert_rules(answer: Answer) -> tuple[AlertRule, ...]:
    """The rules that are on; one that does not say is on.

    https://learn.microsoft.com/rest/api/monitor/activity-log-alerts/list-by-subscription-id
    """
    return tuple(_rule(item) for item in answer["value"] if item["properties"].get("enabled") is not False)


def _rule(item: Mapping[str, Any]) -> AlertRule:
    properties = item["properties"]
    return AlertRule(
        item["name"],
        tuple(_scope(one) for one in properties["scopes"]),
        tuple(_either(one) for one in properties["condition"]["allOf"]),
        tuple(_scope(one["actionGroupId"]) for one in properties["actions"].get("actionGroups") or ()),
    )


def _scope(text: str) -> str:
    return "/" + text.strip("/").lower()  # some are stored without the first slash


def _either(item: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(_condition(one) for one in item.get("anyOf") or (item,))


def _condition(item: Mapping[str, Any]) -> Condition:
    values = item.get("containsAny") or (item["equals"],)
    return Condition(item["field"].lower(), tuple(str(value).lower() for value in values))


def action_groups(answer: Answer) -> tuple[ActionGroup, ...]:
    """All action groups of a subscription.

    https://learn.microsoft.com/rest/api/monitor/action-groups/list-by-subscription-id
    """
    return tuple(_group(item) for item in answer["value"])


def _group(item: Mapping[str, Any]) -> ActionGroup:
    properties = item["properties"]
    receivers = [one for name, value in properties.items() if name.endswith("Receivers") for one in value or ()]
    # Whoever unsubscribed from mails or messages is told nothing; other receivers have no such state.
    told = any(one.get("status") != "Disabled" for one in receivers)
    return ActionGroup(_scope(item["id"]), bool(properties["enabled"]) and told)


class Told:
    """What the alerts of a subscription tell."""

    def __init__(self, subscription: str, rules: Iterable[AlertRule]) -> None:
        self._rules = [rule for rule in rules if subscription.lower() in rule.scopes and rule.groups]

    def by(self, change: Change) -> Iterator[tuple[AlertRule, ...]]:
        """For each operation of a change, the rules that tell of it, to whatever group."""
        for operation in OPERATIONS[change]:
            yield tuple(rule for rule in self._rules if _tells(rule, operation.lower()))


def _tells(rule: AlertRule, operation: str) -> bool:
    return all(any(_holds(one, operation) for one in either) for either in rule.conditions)


def _holds(condition: Condition, operation: str) -> bool:
    """Whether it holds for every time that the operation is done; what narrows it to some times does not.

    https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#administrative-category
    """
    kind = operation.rpartition("/")[0]
    match condition.field:
        case "category":
            return "administrative" in condition.values
        case "operationname":
            return operation in condition.values
        case "resourcetype":
            return kind in condition.values
        case "resourceprovider":
            return kind.partition("/")[0] in condition.values
        case "level":
            return _ORDINARY in condition.values
        case "status":
            return not _SUCCESS.isdisjoint(condition.values)
        case _:
            return False
