"""Which methods the reduced copy keeps: each by its id in the discovery document of its API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_POLICIES_OF_NODES: Final = tuple(
    f"orgpolicy.{node}.{method}"
    for node in ("projects", "folders", "organizations")
    for method in ("policies.list", "policies.get", "policies.getEffectivePolicy", "constraints.list")
)
_LOGGING_OF_NODES: Final = tuple(
    f"logging.{node}.{method}"
    for node in ("projects", "folders", "organizations")
    for method in ("sinks.list", "sinks.get", "locations.buckets.list", "locations.buckets.get", "getSettings")
)
_COMPUTE_LISTS: Final = tuple(
    f"compute.{things}.list"
    for things in (
        *(
            "disks",
            "firewallPolicies",
            "firewalls",
            "images",
            "instances",
            "networks",
            "regions",
            "routes",
            "snapshots",
        ),
        *("subnetworks", "zones", "networkFirewallPolicies", "regionDisks"),
    )
)
_COMPUTE_OBJECTS: Final = tuple(
    f"compute.{things}.get"
    for things in ("disks", "firewalls", "images", "instances", "networks", "projects", "snapshots")
)
_COMPUTE_POLICIES: Final = tuple(
    f"compute.{things}.getIamPolicy" for things in ("disks", "images", "instances", "snapshots", "subnetworks")
)

KEPT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "apikeys.v2": ("apikeys.projects.locations.keys.list", "apikeys.projects.locations.keys.get"),
        "bigquery.v2": ("bigquery.datasets.list", "bigquery.datasets.get"),
        "cloudasset.v1": ("cloudasset.assets.list",),
        "cloudkms.v1": (
            "cloudkms.projects.locations.list",
            "cloudkms.projects.locations.keyRings.list",
            "cloudkms.projects.locations.keyRings.get",
            "cloudkms.projects.locations.keyRings.getIamPolicy",
            "cloudkms.projects.locations.keyRings.cryptoKeys.list",
            "cloudkms.projects.locations.keyRings.cryptoKeys.get",
            "cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy",
        ),
        "cloudresourcemanager.v1": (
            "cloudresourcemanager.projects.list",
            "cloudresourcemanager.projects.get",
            "cloudresourcemanager.projects.getAncestry",
            "cloudresourcemanager.projects.getIamPolicy",
            *(
                f"cloudresourcemanager.{node}.{method}"
                for node in ("projects", "folders", "organizations")
                for method in ("listOrgPolicies", "getEffectiveOrgPolicy")
            ),
        ),
        "cloudresourcemanager.v3": (
            *(f"cloudresourcemanager.projects.{method}" for method in ("search", "list", "get", "getIamPolicy")),
            *(f"cloudresourcemanager.folders.{method}" for method in ("search", "list", "get", "getIamPolicy")),
            *(f"cloudresourcemanager.organizations.{method}" for method in ("search", "get", "getIamPolicy")),
        ),
        "compute.v1": (
            *_COMPUTE_LISTS,
            *_COMPUTE_OBJECTS,
            *_COMPUTE_POLICIES,
            "compute.instances.aggregatedList",
            "compute.disks.aggregatedList",
            "compute.subnetworks.aggregatedList",
            "compute.networkFirewallPolicies.aggregatedList",
            "compute.instances.getEffectiveFirewalls",
            "compute.networks.getEffectiveFirewalls",
        ),
        "container.v1": (
            "container.projects.locations.clusters.list",
            "container.projects.locations.clusters.get",
        ),
        "essentialcontacts.v1": (
            "essentialcontacts.projects.contacts.list",
            "essentialcontacts.folders.contacts.list",
            "essentialcontacts.organizations.contacts.list",
            "essentialcontacts.projects.contacts.compute",
        ),
        "iam.v1": (
            "iam.projects.serviceAccounts.list",
            "iam.projects.serviceAccounts.get",
            "iam.projects.serviceAccounts.getIamPolicy",
            "iam.projects.serviceAccounts.keys.list",
            "iam.roles.list",
            "iam.roles.get",
            "iam.projects.roles.list",
            "iam.projects.roles.get",
            "iam.organizations.roles.list",
            "iam.organizations.roles.get",
        ),
        "iam.v2": ("iam.policies.listPolicies", "iam.policies.get"),
        "iamcredentials.v1": ("iamcredentials.projects.serviceAccounts.generateAccessToken",),
        "logging.v2": (
            *_LOGGING_OF_NODES,
            "logging.projects.metrics.list",
            "logging.projects.metrics.get",
            "logging.entries.list",
        ),
        "monitoring.v3": (
            "monitoring.projects.alertPolicies.list",
            "monitoring.projects.alertPolicies.get",
            "monitoring.projects.notificationChannels.list",
            "monitoring.projects.notificationChannels.get",
        ),
        "orgpolicy.v2": _POLICIES_OF_NODES,
        "serviceusage.v1": ("serviceusage.services.list", "serviceusage.services.get"),
        "sqladmin.v1": ("sql.instances.list", "sql.instances.get"),
        "sqladmin.v1beta4": ("sql.instances.list", "sql.instances.get"),
        "storage.v1": (
            "storage.buckets.list",
            "storage.buckets.get",
            "storage.buckets.getIamPolicy",
            "storage.bucketAccessControls.list",
            "storage.defaultObjectAccessControls.list",
        ),
    }
)
