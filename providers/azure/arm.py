"""Calls of Azure's management API, made from rows of data. No SDK here.

The API is one grammar for every type, so a row says all that there is to know about reading it.
https://learn.microsoft.com/azure/azure-resource-manager/management/control-plane-and-data-plane
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from providers.azure.rows import ROWS, ArmType
from scanner.facts import Call

__all__ = ["GONE", "TYPES", "UNREGISTERED", "ArmType", "arm"]

GONE: Final = ("ResourceNotFound", "ParentResourceNotFound", "ResourceGroupNotFound", "NotFound")

UNREGISTERED: Final = ("MissingSubscriptionRegistration", "SubscriptionNotRegistered")
"""The subscription never used the service: for what would be set up in the subscription, there is none.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
"""

TYPES: Final[Mapping[str, ArmType]] = MappingProxyType({row.wire: row for row in ROWS})
"""All rows by the call's name, such as `Microsoft.Storage:storageAccounts.list`."""


def arm(
    type_: str,
    *,
    below: str = "",
    of: str = "{it.uid}",
    query: str = "",
    one: bool = False,
    absent: Sequence[str] = (),
    gone: Sequence[str] = GONE,
) -> Call:
    """The call that reads a type: its list, or a single object where there is no list or `one` is asked for.

    `below`: a path after the resource's own, where it is read from deeper down. `of`: whose it is, where it can be of
    a resource and of a subscription. `query`: what narrows a list.
    """
    namespace, _, rest = type_.partition("/")
    listed = TYPES.get(f"{namespace}:{rest}.list")
    row = TYPES[f"{namespace}:{rest}.get"] if one or listed is None else listed
    path = row.path.replace("{it.uid}", f"{of}{below}") + (f"?{query}" if query else "")
    return Call(
        row.namespace,
        row.operation,
        {"path": path},
        row.permission,
        items=None if row.single else "value",
        absent=tuple(absent),
        gone=tuple(gone) if "{it." in path else (),
    )
