"""How Cloud Asset Inventory spells resources otherwise than their own APIs.

All of it was seen in answers of the real inventory that others published: lists of a bucket's access are empty whatever
they hold, machines come without their metadata, protocols of firewall rules begin with a small letter, numbers are
numbers where the API of Cloud Storage writes them as texts, and members that are not set may be there and empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.kinds import KINDS

_REGION_DISK: Final = "compute.googleapis.com/RegionDisk"
_EMPTY_LISTS: Final = ("acl", "cors", "defaultObjectAcl")
_EMPTY_OBJECTS: Final = (
    *("autoclass", "billing", "encryption", "labels", "logging", "owner", "retentionPolicy", "versioning", "website"),
)


def types_of(kind: str) -> tuple[str, ...]:
    """The types that assets of a kind can have; none where the inventory does not hold it."""
    own = KINDS[kind].asset
    return (own, _REGION_DISK) if kind == "compute.disks" else (own,) if own else ()


def type_of(kind: str, body: Body) -> str:
    """The type of an asset: disks of a region have their own."""
    return _REGION_DISK if kind == "compute.disks" and "zone" not in body else KINDS[kind].asset


def version_of(kind: str) -> str:
    """The API, with the version in whose words the inventory speaks."""
    return "sqladmin.v1beta4" if kind == "sql.instances" else KINDS[kind].api


def spelt(kind: str, body: Body) -> Body:
    """A resource as the inventory tells it."""
    change = _CHANGES.get(kind)
    return change(body) if change else body


def _bucket(body: Body) -> Body:
    numbers: Body = {name: int(body[name]) for name in ("projectNumber", "metageneration") if name in body}
    rest = {name: value for name, value in body.items() if name not in (*_EMPTY_LISTS, "owner", "generation")}
    empty: Body = {name: [] for name in _EMPTY_LISTS} | {name: {} for name in _EMPTY_OBJECTS}
    return {**empty, "lifecycle": {"rule": []}, **rest, **numbers}


def _firewall(body: Body) -> Body:
    changed: Body = {name: [_traffic(entry) for entry in body[name]] for name in ("allowed", "denied") if name in body}
    return {**{name: value for name, value in body.items() if name != "kind"}, **changed}


def _traffic(entry: Body) -> Body:
    return {"ipProtocol" if name == "IPProtocol" else name: value for name, value in entry.items()}


def _instance(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "metadata"}


def _database(body: Body) -> Body:
    return {**body, "instanceType": body["instanceType"].replace("CLOUD_SQL", "CLOUDSQL")}


_CHANGES: Final[Mapping[str, Callable[[Body], Body]]] = MappingProxyType(
    {
        "compute.firewalls": _firewall,
        "compute.instances": _instance,
        "sql.instances": _database,
        "storage.buckets": _bucket,
    }
)
