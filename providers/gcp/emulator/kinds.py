"""The kinds of resources that an estate can hold, and what each is called where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from providers.gcp.emulator.estate import Body


class Kind(msgspec.Struct, frozen=True):
    """How resources of a kind are addressed, and how Cloud Asset Inventory names their type."""

    api: str
    """As in the schemas, such as `storage.v1`."""
    schema: str
    path: str
    """Over the body's members and `node`; `selfLink` stands for what follows the version in that link."""
    asset: str = ""
    asset_name: str = ""
    """Where it is not the API's host and the path. https://cloud.google.com/asset-inventory/docs/asset-names"""

    def address(self, body: Body, node: str) -> str:
        """The relative path of a resource."""
        if self.path == "selfLink":
            # A zone is a location to those who ask for clusters.
            return _behind_version(body["selfLink"]).replace(
                "/zones/", "/locations/" if "container" in self.api else "/zones/"
            )
        return self.path.format_map(_Members(body, node))

    def asset_address(self, body: Body, node: str, address: str) -> str:
        """The full resource name that Cloud Asset Inventory uses."""
        if self.asset_name:
            return self.asset_name.format_map(_Members(body, node))
        written = _behind_version(body["selfLink"]) if self.path == "selfLink" else address
        return f"//{self.asset.partition('/')[0]}/{written}"


class _Members(dict[str, Any]):
    def __init__(self, body: Body, node: str) -> None:
        super().__init__(body, node=node)


def _behind_version(link: str) -> str:
    parts = link.split("/")
    start = next(index for index, part in enumerate(parts) if part in ("v1", "v1beta1", "v1beta4")) + 1
    return "/".join(parts[start:])


def _compute(schema: str, asset: str = "") -> Kind:
    return Kind("compute.v1", schema, "selfLink", asset=f"compute.googleapis.com/{asset or schema}")


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "apikeys.keys": Kind("apikeys.v2", "V2Key", "{name}", asset="apikeys.googleapis.com/Key"),
        "bigquery.datasets": Kind(
            "bigquery.v2",
            "Dataset",
            "projects/{datasetReference[projectId]}/datasets/{datasetReference[datasetId]}",
            asset="bigquery.googleapis.com/Dataset",
        ),
        "cloudkms.locations": Kind("cloudkms.v1", "Location", "{name}"),
        "cloudkms.keyRings": Kind("cloudkms.v1", "KeyRing", "{name}", asset="cloudkms.googleapis.com/KeyRing"),
        "cloudkms.cryptoKeys": Kind("cloudkms.v1", "CryptoKey", "{name}", asset="cloudkms.googleapis.com/CryptoKey"),
        "compute.disks": _compute("Disk"),
        "compute.firewallPolicies": _compute("FirewallPolicy"),
        "compute.firewalls": _compute("Firewall"),
        "compute.images": _compute("Image"),
        "compute.instances": _compute("Instance"),
        "compute.networks": _compute("Network"),
        "compute.projects": _compute("Project"),
        "compute.regions": Kind("compute.v1", "Region", "selfLink"),
        "compute.zones": Kind("compute.v1", "Zone", "selfLink"),
        "compute.routes": _compute("Route"),
        "compute.snapshots": _compute("Snapshot"),
        "compute.subnetworks": _compute("Subnetwork"),
        "container.clusters": Kind("container.v1", "Cluster", "selfLink", asset="container.googleapis.com/Cluster"),
        "essentialcontacts.contacts": Kind(
            "essentialcontacts.v1",
            "GoogleCloudEssentialcontactsV1Contact",
            "{name}",
            asset="essentialcontacts.googleapis.com/Contact",
        ),
        "iam.roles": Kind("iam.v1", "Role", "{name}", asset="iam.googleapis.com/Role"),
        "iam.serviceAccounts": Kind(
            "iam.v1",
            "ServiceAccount",
            "{name}",
            asset="iam.googleapis.com/ServiceAccount",
            asset_name="//iam.googleapis.com/projects/{projectId}/serviceAccounts/{uniqueId}",
        ),
        "iam.keys": Kind("iam.v1", "ServiceAccountKey", "{name}", asset="iam.googleapis.com/ServiceAccountKey"),
        "logging.entries": Kind("logging.v2", "LogEntry", "{node}/entries/{insertId}"),
        "logging.sinks": Kind("logging.v2", "LogSink", "{node}/sinks/{name}", asset="logging.googleapis.com/LogSink"),
        "logging.buckets": Kind("logging.v2", "LogBucket", "{name}", asset="logging.googleapis.com/LogBucket"),
        "logging.metrics": Kind(
            "logging.v2", "LogMetric", "{node}/metrics/{name}", asset="logging.googleapis.com/LogMetric"
        ),
        "logging.settings": Kind("logging.v2", "Settings", "{name}", asset="logging.googleapis.com/Settings"),
        "monitoring.alertPolicies": Kind(
            "monitoring.v3", "AlertPolicy", "{name}", asset="monitoring.googleapis.com/AlertPolicy"
        ),
        "monitoring.notificationChannels": Kind(
            "monitoring.v3", "NotificationChannel", "{name}", asset="monitoring.googleapis.com/NotificationChannel"
        ),
        "sql.instances": Kind(
            "sqladmin.v1",
            "DatabaseInstance",
            "projects/{project}/instances/{name}",
            asset="sqladmin.googleapis.com/Instance",
            asset_name="//cloudsql.googleapis.com/projects/{project}/instances/{name}",
        ),
        "storage.buckets": Kind(
            "storage.v1",
            "Bucket",
            "b/{name}",
            asset="storage.googleapis.com/Bucket",
            asset_name="//storage.googleapis.com/{name}",
        ),
    }
)
