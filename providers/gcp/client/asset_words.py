"""How Cloud Asset Inventory spells resources otherwise than their own services, and how that is put right.

It leaves some members out, tells others empty that are not set, and writes some names and numbers in another way.
What it left out must not be taken for what is not set: such a list is then asked of the service.
https://cloud.google.com/asset-inventory/docs/asset-types
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

BUCKET: Final = "storage.googleapis.com/Bucket"
SERVICE: Final = "serviceusage.googleapis.com/Service"
_DATABASE: Final = "sqladmin.googleapis.com/Instance"
_DISK: Final = "compute.googleapis.com/Disk"
_FIREWALL: Final = "compute.googleapis.com/Firewall"

LISTED_AS: Final[Mapping[str, str]] = {"compute.googleapis.com/RegionDisk": _DISK}
"""Types of the inventory that the service lists as another."""

_ALWAYS_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "compute.googleapis.com/Instance": ("metadata", "networkInterfaces"),
    "compute.googleapis.com/Subnetwork": ("ipCidrRange", "network"),
    "container.googleapis.com/Cluster": ("masterAuth",),
    _DATABASE: ("databaseVersion", "settings"),
    _DISK: ("sizeGb",),
    _FIREWALL: ("direction", "network"),
    BUCKET: ("location",),
}
"""Members that services tell of every resource; machines, for one, come without their metadata here."""


def is_whole(type_: str, data: Mapping[str, Any]) -> bool:
    """Whether a resource has all members that its service always tells."""
    return all(member in data for member in _ALWAYS_TOLD.get(type_, ()))


def as_listed(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    """A resource in the words of its service."""
    change = _CHANGES.get(type_)
    return change(data) if change is not None else data


def has_no_lists(bucket: Mapping[str, Any]) -> bool:
    """Whether a bucket's access lists are off. https://cloud.google.com/storage/docs/uniform-bucket-level-access"""
    switch = bucket.get("iamConfiguration", {}).get("uniformBucketLevelAccess", {})
    return switch.get("enabled") is True


def _bucket(data: dict[str, Any]) -> dict[str, Any]:
    """Access lists are empty here whatever they hold, and so are members that are not set; numbers are texts there."""
    told = {name: value for name, value in data.items() if name not in ("acl", "defaultObjectAcl")}
    told = {name: value for name, value in told.items() if value not in ({}, [], {"rule": []})}
    numbers: dict[str, Any] = {
        name: str(told[name]) for name in ("generation", "metageneration", "projectNumber") if name in told
    }
    return {**told, **numbers}


def _firewall(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _traffic(value) if name in ("allowed", "denied") else value for name, value in data.items()}


def _traffic(entries: Any) -> Any:
    if not isinstance(entries, list):
        return entries
    return [{_PROTOCOL.get(name, name): value for name, value in entry.items()} for entry in entries]


_PROTOCOL: Final = {"ipProtocol": "IPProtocol"}


def _database(data: dict[str, Any]) -> dict[str, Any]:
    sort = data.get("instanceType")
    if isinstance(sort, str) and sort.startswith("CLOUDSQL_"):
        return {**data, "instanceType": sort.replace("CLOUDSQL_", "CLOUD_SQL_", 1)}
    return data


_CHANGES: Final[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    _DATABASE: _database,
    _FIREWALL: _firewall,
    BUCKET: _bucket,
}
