"""What the id and the envelope of a resource tell: its uid, its place, and whether another service runs it.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

from typing import Final

from scanner.facts import Answer

_OWN: Final = ("microsoft.compute/", "microsoft.sql/", "microsoft.storage/", "microsoft.network/")
"""Services whose resources the customer runs: a disk is `managedBy` the machine that uses it."""


def uid(item: Answer) -> str:
    """The resource id, lower-cased: Azure compares ids without regard to case, and spells them as it likes."""
    return str(item["id"]).lower()


def region(item: Answer) -> str | None:
    """The location by its short name: older answers say `East US 2` where newer ones say `eastus2`."""
    location = item.get("location")
    return str(location).replace(" ", "").lower() if location else None


def group_of(identifier: str) -> str:
    """The resource group that an id names, lower-cased; nothing where it names none."""
    parts = identifier.lower().split("/")
    return parts[parts.index("resourcegroups") + 1] if "resourcegroups" in parts[:-1] else ""


def group_uid(item: Answer) -> str:
    """The uid of the resource group that an entry lies in; nothing where it lies in none."""
    identifier = uid(item)
    group = group_of(identifier)
    return f"{identifier.partition('/resourcegroups/')[0]}/resourcegroups/{group}" if group else ""


def run_by_another(item: Answer) -> bool:
    """Whether `managedBy` names a resource of a service that makes such resources for itself."""
    _, named, service = str(item.get("managedBy") or "").lower().rpartition("/providers/")
    return bool(named) and not service.startswith(_OWN)
