"""Calls that a session makes for itself: what there is to scan, and what the road by Resource Graph asks first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from providers.azure.arm import ArmType
from scanner.facts import Call

GRAPH: Final = "Microsoft.Graph"
"""The service name of calls that go to Microsoft Graph rather than to the management API."""

_SUBSCRIPTIONS = ArmType(
    "Microsoft.Resources/subscriptions", "2022-12-01", "/subscriptions", "Microsoft.Resources/subscriptions/read"
)
_TENANTS = ArmType("Microsoft.Resources/tenants", "2022-12-01", "/tenants", "")
_DESCENDANTS = ArmType(
    "Microsoft.Management/managementGroups/descendants",
    "2020-05-01",
    "/providers/Microsoft.Management/managementGroups/{group}/descendants",
    "Microsoft.Management/managementGroups/descendants/read",
)
_PERMISSIONS = ArmType(
    "Microsoft.Authorization/permissions",
    "2022-04-01",
    "{scope.uid}/providers/Microsoft.Authorization/permissions",
    "Microsoft.Authorization/permissions/read",
)
_RESOURCES = ArmType(
    "Microsoft.ResourceGraph/resources", "2021-03-01", "/providers/Microsoft.ResourceGraph/resources", ""
)
_EVENTS = ArmType(
    "Microsoft.Insights/eventtypes/values",
    "2015-04-01",
    "{scope.uid}/providers/Microsoft.Insights/eventtypes/management/values",
    "Microsoft.Insights/eventtypes/values/read",
)


def _call(row: ArmType, items: str = "value") -> Call:
    return Call(row.namespace, row.operation, {"path": row.path}, row.permission or (), items=items)


SUBSCRIPTIONS: Final = _call(_SUBSCRIPTIONS)
"""https://learn.microsoft.com/rest/api/resources/subscriptions/list"""

TENANTS: Final = _call(_TENANTS)
"""Needs no permission; asked only where the token does not tell its tenant.

https://learn.microsoft.com/rest/api/resources/tenants/list
"""

DESCENDANTS: Final = _call(_DESCENDANTS)
"""Asked only where a management group is chosen.

https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants
"""

PERMISSIONS: Final = _call(_PERMISSIONS)
"""What the caller may do: https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group"""

RESOURCES: Final = _call(_RESOURCES, "data")
"""A query, sent by POST; what it tells is what the caller may read, and it needs no permission of its own.

https://learn.microsoft.com/azure/governance/resource-graph/overview#permissions-in-azure-resource-graph
"""

EVENTS: Final = _call(_EVENTS)
"""The activity log, asked only where somebody wants to know who changed what.

https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

SINCE: Final = "<since>"
"""Stands in a path for the earliest time that the activity log is asked about, which the session knows."""

OWN: Final[Mapping[str, ArmType]] = MappingProxyType(
    {row.wire: row for row in (_SUBSCRIPTIONS, _TENANTS, _DESCENDANTS, _PERMISSIONS, _RESOURCES, _EVENTS)}
)
"""Their rows, by the call's name."""
