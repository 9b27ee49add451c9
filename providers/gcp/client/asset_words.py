"""How Cloud Asset Inventory spells resources otherwise than their own services, and how that is put right.

It leaves some members out, tells others empty that are not set, and writes some names and numbers in another way.
What it left out must not be taken for what is not set: such a list is then asked of the service. So is all that it is
said to tell hours or days late, which is IAM's accounts, keys and roles, Logging's sinks and metrics, and databases of
Cloud SQL.
https://cloud.google.com/asset-inventory/docs/asset-types
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from providers.gcp.old_spellings import OLD_SPELLINGS

BUCKET: Final = "storage.googleapis.com/Bucket"
SERVICE: Final = "serviceusage.googleapis.com/Service"
_DATASET: Final = "bigquery.googleapis.com/Dataset"
_DISK: Final = "compute.googleapis.com/Disk"
_FIREWALL: Final = "compute.googleapis.com/Firewall"

LISTED_AS: Final[Mapping[str, str]] = {"compute.googleapis.com/RegionDisk": _DISK}
"""Types of the inventory that the service lists as another."""

_ALWAYS_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "compute.googleapis.com/Instance": ("metadata", "networkInterfaces"),
    "compute.googleapis.com/Subnetwork": ("ipCidrRange", "network"),
    "container.googleapis.com/Cluster": ("masterAuth",),
    _DATASET: ("datasetReference", "location"),
    _DISK: ("sizeGb",),
    _FIREWALL: ("direction", "network"),
    BUCKET: ("location",),
}
"""Members that services tell of every resource; machines, for one, come without their metadata here."""


def is_whole(type_: str, data: Mapping[str, Any]) -> bool:
    """Whether a resource has all members that its service always tells, as the service spells them."""
    if type_ == _DATASET and not {"datasetId", "projectId"} <= data.get("datasetReference", {}).keys():
        return False
    return OLD_SPELLINGS.isdisjoint(data) and all(member in data for member in _ALWAYS_TOLD.get(type_, ()))


def is_listed(type_: str, data: Mapping[str, Any]) -> bool:
    """Whether the service lists a resource: of datasets, it leaves out the hidden ones that hold results of queries.

    https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/list
    """
    return type_ != _DATASET or not str(data.get("datasetReference", {}).get("datasetId", "")).startswith("_")


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


def _dataset(data: dict[str, Any]) -> dict[str, Any]:
    """A dataset is told whole here; a list of its service tells little of each."""
    return {name: value for name, value in data.items() if name in _LISTED_OF_DATASETS}


_LISTED_OF_DATASETS: Final = ("id", "datasetReference", "friendlyName", "kind", "labels", "location")


_CHANGES: Final[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    _DATASET: _dataset,
    _FIREWALL: _firewall,
    BUCKET: _bucket,
}
