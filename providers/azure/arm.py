"""Calls of Azure's management API, as data: type, pinned api-version, path, permission. No SDK here.

The API is one grammar for every type, so a row says all that there is to know about reading it.
https://learn.microsoft.com/azure/azure-resource-manager/management/control-plane-and-data-plane
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from scanner.facts import Call

GONE: Final = ("ResourceNotFound", "ParentResourceNotFound", "ResourceGroupNotFound", "NotFound")


class ArmType(msgspec.Struct, frozen=True):
    """A type of resource, and how it is read."""

    type: str
    """As the API spells it, such as `Microsoft.Storage/storageAccounts/blobServices`."""
    api_version: str
    path: str
    """Where it is read: a template over `scope` and `it`, such as `{scope.uid}/providers/Microsoft.Compute/disks`."""
    permission: str
    single: bool = False
    """One object is read rather than a list."""
    children: tuple[str, ...] = ()
    """Types that are read below it."""
    table: str = ""
    """The table of Azure Resource Graph whose rows hold the same members; nothing where it has none."""

    @property
    def namespace(self) -> str:
        """The resource provider, such as `Microsoft.Storage`."""
        return self.type.partition("/")[0]

    @property
    def operation(self) -> str:
        """The call's name: the type inside its namespace, and whether a list or one object is read."""
        return f"{self.type.partition('/')[2]}.{'get' if self.single else 'list'}"


TYPES: Final[Mapping[str, ArmType]] = MappingProxyType(
    {
        row.type: row
        for row in (
            ArmType(
                "Microsoft.Storage/storageAccounts",
                "2025-01-01",
                "{scope.uid}/providers/Microsoft.Storage/storageAccounts",
                "Microsoft.Storage/storageAccounts/read",
                table="resources",
            ),
        )
    }
)


def arm(type_: str, *, below: str = "", absent: Sequence[str] = (), gone: Sequence[str] = GONE) -> Call:
    """The call that reads a type. `below`: a path after the resource's own, where it is read from deeper down."""
    row = TYPES[type_]
    path = row.path.replace("{it.uid}", f"{{it.uid}}{below}")
    return Call(
        row.namespace,
        row.operation,
        {"path": path},
        row.permission,
        items=None if row.single else "value",
        absent=tuple(absent),
        gone=tuple(gone) if "{it." in path else (),
    )
