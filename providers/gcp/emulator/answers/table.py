"""Each method: who may call it, and who answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from providers.gcp.emulator.answers import (
    assets,
    datasets,
    entries,
    firewalls,
    lost,
    nodes,
    org_policies,
    policies,
    roles,
    storage,
)
from providers.gcp.emulator.answers.aggregated import aggregated
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.lists import Answerer, compute_envelope, got, listed, said

# https://cloud.google.com/storage/docs/access-control/iam-json
_SEES_ACCESS: Final = ("storage.buckets.getIamPolicy",)


class Row(msgspec.Struct, frozen=True):
    """A method here."""

    permission: str
    """Nothing where the answer shows only what the caller may see, or where everybody may ask."""
    answer: Answerer

    def needs(self, asked: Asked) -> tuple[str, ...]:
        """The permissions that this question takes."""
        if asked.id == "cloudasset.assets.list":
            return (assets.permission(asked),)
        if asked.id.startswith("storage.buckets.") and asked.query.get("projection") == "full":
            return (self.permission, *_SEES_ACCESS)
        if asked.id.endswith("AccessControls.list"):
            return ("storage.buckets.get", self.permission)
        # https://cloud.google.com/bigquery/docs/dataset-access-control
        if asked.id == "bigquery.datasets.get" and asked.query.get("datasetView") != "METADATA":
            return (self.permission, "bigquery.datasets.getIamPolicy")
        return (self.permission,) if self.permission else ()


def _compute(things: str, list_kind: str, largest: int = 500) -> Row:
    envelope = compute_envelope(list_kind)
    return Row(f"compute.{things}.list", listed(f"compute.{things}", "items", largest=largest, envelope=envelope))


def _of_nodes(kind: str) -> dict[str, Row]:
    """What projects, folders and organizations answer alike."""
    manager = f"cloudresourcemanager.{kind}"
    sinks = listed("logging.sinks", "sinks", largest=1000)
    buckets = listed("logging.buckets", "buckets", largest=1000, anywhere=True)
    contacts = listed("essentialcontacts.contacts", "contacts", largest=100)
    return {
        f"{manager}.get": Row(f"resourcemanager.{kind}.get", nodes.node),
        f"{manager}.getIamPolicy": Row(f"resourcemanager.{kind}.getIamPolicy", policies.node_policy),
        f"{manager}.search": Row("", nodes.search(kind)),
        f"{manager}.listOrgPolicies": Row("orgpolicy.policies.list", org_policies.old_policies),
        f"{manager}.getEffectiveOrgPolicy": Row("orgpolicy.policy.get", org_policies.old_policy_in_effect),
        f"orgpolicy.{kind}.policies.list": Row("orgpolicy.policies.list", org_policies.set_policies),
        f"orgpolicy.{kind}.policies.get": Row("orgpolicy.policy.get", org_policies.set_policy),
        f"orgpolicy.{kind}.policies.getEffectivePolicy": Row("orgpolicy.policy.get", org_policies.policy_in_effect),
        f"orgpolicy.{kind}.constraints.list": Row("orgpolicy.constraints.list", org_policies.constraints),
        f"logging.{kind}.sinks.list": Row("logging.sinks.list", sinks),
        f"logging.{kind}.sinks.get": Row("logging.sinks.get", got("logging.sinks")),
        f"logging.{kind}.locations.buckets.list": Row("logging.buckets.list", buckets),
        f"logging.{kind}.locations.buckets.get": Row("logging.buckets.get", got("logging.buckets")),
        f"logging.{kind}.getSettings": Row("logging.settings.get", roles.sole("logging.settings")),
        f"essentialcontacts.{kind}.contacts.list": Row("essentialcontacts.contacts.list", contacts),
    }


_KMS: Final = {
    "cloudkms.projects.locations.list": Row(
        "cloudkms.locations.list", listed("cloudkms.locations", "locations", largest=100)
    ),
    "cloudkms.projects.locations.keyRings.list": Row(
        "cloudkms.keyRings.list", listed("cloudkms.keyRings", "keyRings", largest=1000, usual=100, total=True)
    ),
    "cloudkms.projects.locations.keyRings.get": Row("cloudkms.keyRings.get", got("cloudkms.keyRings")),
    "cloudkms.projects.locations.keyRings.getIamPolicy": Row(
        "cloudkms.keyRings.getIamPolicy", policies.resource_policy("cloudkms.keyRings")
    ),
    "cloudkms.projects.locations.keyRings.cryptoKeys.list": Row(
        "cloudkms.cryptoKeys.list", listed("cloudkms.cryptoKeys", "cryptoKeys", largest=1000, usual=100, total=True)
    ),
    "cloudkms.projects.locations.keyRings.cryptoKeys.get": Row("cloudkms.cryptoKeys.get", got("cloudkms.cryptoKeys")),
    "cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy": Row(
        "cloudkms.cryptoKeys.getIamPolicy", policies.resource_policy("cloudkms.cryptoKeys")
    ),
}

_COMPUTE: Final = {
    "compute.firewalls.list": _compute("firewalls", "firewallList"),
    "compute.images.list": _compute("images", "imageList"),
    "compute.networks.list": _compute("networks", "networkList"),
    "compute.regions.list": _compute("regions", "regionList"),
    "compute.zones.list": _compute("zones", "zoneList"),
    "compute.routes.list": _compute("routes", "routeList"),
    "compute.snapshots.list": _compute("snapshots", "snapshotList"),
    "compute.disks.list": _compute("disks", "diskList"),
    "compute.regionDisks.list": _compute("disks", "diskList"),
    "compute.instances.list": _compute("instances", "instanceList"),
    "compute.subnetworks.list": _compute("subnetworks", "subnetworkList"),
    "compute.networkFirewallPolicies.list": Row("compute.firewallPolicies.list", firewalls.policies),
    "compute.networkFirewallPolicies.aggregatedList": Row(
        "compute.firewallPolicies.list",
        aggregated("firewallPolicies", "firewallPolicies", "networkFirewallPolicyAggregatedList", "global", "regions"),
    ),
    "compute.firewallPolicies.list": Row("compute.firewallPolicies.list", firewalls.policies),
    "compute.networks.getEffectiveFirewalls": Row("compute.networks.getEffectiveFirewalls", firewalls.of_network),
    "compute.instances.getEffectiveFirewalls": Row("compute.instances.getEffectiveFirewalls", firewalls.of_instance),
    "compute.projects.get": Row("compute.projects.get", got("compute.projects")),
    **{
        f"compute.{things}.get": Row(f"compute.{things}.get", got(f"compute.{things}"))
        for things in ("disks", "firewalls", "images", "instances", "networks", "snapshots")
    },
    **{
        f"compute.{things}.getIamPolicy": Row(
            f"compute.{things}.getIamPolicy", policies.resource_policy(f"compute.{things}")
        )
        for things in ("disks", "images", "instances", "snapshots", "subnetworks")
    },
    "compute.instances.aggregatedList": Row(
        "compute.instances.list", aggregated("instances", "instances", "instanceAggregatedList", "zones")
    ),
    "compute.disks.aggregatedList": Row(
        "compute.disks.list", aggregated("disks", "disks", "diskAggregatedList", "regions", "zones")
    ),
    "compute.subnetworks.aggregatedList": Row(
        "compute.subnetworks.list", aggregated("subnetworks", "subnetworks", "subnetworkAggregatedList", "regions")
    ),
}

_STORAGE: Final = {
    "storage.buckets.list": Row(
        "storage.buckets.list",
        listed("storage.buckets", "items", largest=1000, envelope=said(kind="storage#buckets"), shown=storage.bucket),
    ),
    "storage.buckets.get": Row("storage.buckets.get", got("storage.buckets", storage.bucket)),
    "storage.buckets.getIamPolicy": Row("storage.buckets.getIamPolicy", policies.bucket_policy),
    "storage.bucketAccessControls.list": Row(
        "storage.buckets.getIamPolicy", storage.access_controls("acl", "storage#bucketAccessControls")
    ),
    "storage.defaultObjectAccessControls.list": Row(
        "storage.buckets.getIamPolicy", storage.access_controls("defaultObjectAcl", "storage#objectAccessControls")
    ),
}

_SQL: Final = listed("sql.instances", "items", largest=1000, usual=500, envelope=said(kind="sql#instancesList"))
_CLUSTERS: Final = listed("container.clusters", "clusters", largest=10_000, envelope=lost.zones, anywhere=True)

_IDENTITY: Final = {
    "iam.projects.serviceAccounts.list": Row(
        "iam.serviceAccounts.list", listed("iam.serviceAccounts", "accounts", largest=100, usual=20)
    ),
    "iam.projects.serviceAccounts.get": Row("iam.serviceAccounts.get", got("iam.serviceAccounts")),
    "iam.projects.serviceAccounts.getIamPolicy": Row(
        "iam.serviceAccounts.getIamPolicy", policies.resource_policy("iam.serviceAccounts")
    ),
    "iam.projects.serviceAccounts.keys.list": Row(
        "iam.serviceAccountKeys.list",
        listed("iam.keys", "keys", largest=10_000, wanted=roles.of_key_type),
    ),
    "iam.roles.list": Row("", roles.predefined),
    "iam.roles.get": Row("", roles.predefined_role),
    "iam.projects.roles.list": Row("iam.roles.list", roles.custom),
    "iam.organizations.roles.list": Row("iam.roles.list", roles.custom),
    "iam.projects.roles.get": Row("iam.roles.get", got("iam.roles")),
    "iam.organizations.roles.get": Row("iam.roles.get", got("iam.roles")),
    "iam.policies.listPolicies": Row("iam.denypolicies.list", policies.deny_policies),
    "iam.policies.get": Row("iam.denypolicies.get", policies.deny_policy),
    "apikeys.projects.locations.keys.list": Row(
        "apikeys.keys.list", listed("apikeys.keys", "keys", largest=300, usual=50)
    ),
    "apikeys.projects.locations.keys.get": Row("apikeys.keys.get", got("apikeys.keys")),
}


METHODS: Final[Mapping[str, Row]] = MappingProxyType(
    {
        **_of_nodes("projects"),
        **_of_nodes("folders"),
        **_of_nodes("organizations"),
        "cloudresourcemanager.projects.list": Row("resourcemanager.projects.list", nodes.children("projects")),
        "cloudresourcemanager.folders.list": Row("resourcemanager.folders.list", nodes.children("folders")),
        **_KMS,
        **_COMPUTE,
        **_STORAGE,
        **_IDENTITY,
        "cloudresourcemanager.projects.getAncestry": Row("resourcemanager.projects.get", nodes.ancestry),
        "bigquery.datasets.list": Row(
            "bigquery.datasets.get",
            listed(
                "bigquery.datasets",
                "datasets",
                largest=1000,
                usual=50,
                envelope=said(kind="bigquery#datasetList"),
                shown=datasets.row,
            ),
        ),
        "bigquery.datasets.get": Row("bigquery.datasets.get", got("bigquery.datasets", datasets.dataset)),
        "cloudasset.assets.list": Row("cloudasset.assets.listResource", assets.listed_assets),
        "container.projects.locations.clusters.list": Row("container.clusters.list", _CLUSTERS),
        "container.projects.locations.clusters.get": Row("container.clusters.get", got("container.clusters")),
        "essentialcontacts.projects.contacts.compute": Row(
            "essentialcontacts.contacts.list", listed("essentialcontacts.contacts", "contacts", largest=100)
        ),
        "logging.entries.list": Row("logging.logEntries.list", entries.entries),
        "logging.projects.metrics.list": Row(
            "logging.logMetrics.list", listed("logging.metrics", "metrics", largest=1000)
        ),
        "logging.projects.metrics.get": Row("logging.logMetrics.get", got("logging.metrics")),
        "monitoring.projects.alertPolicies.list": Row(
            "monitoring.alertPolicies.list",
            listed("monitoring.alertPolicies", "alertPolicies", largest=1000, total=True),
        ),
        "monitoring.projects.alertPolicies.get": Row("monitoring.alertPolicies.get", got("monitoring.alertPolicies")),
        "monitoring.projects.notificationChannels.list": Row(
            "monitoring.notificationChannels.list",
            listed("monitoring.notificationChannels", "notificationChannels", largest=1000, total=True),
        ),
        "monitoring.projects.notificationChannels.get": Row(
            "monitoring.notificationChannels.get", got("monitoring.notificationChannels")
        ),
        "serviceusage.services.list": Row("serviceusage.services.list", roles.services),
        "serviceusage.services.get": Row("serviceusage.services.get", roles.service),
        "sql.instances.list": Row("cloudsql.instances.list", _SQL),
        "sql.instances.get": Row("cloudsql.instances.get", got("sql.instances")),
    }
)
"""By method id; what version 1 of the Resource Manager says otherwise is in `OLD`."""

OLD: Final[Mapping[str, Row]] = MappingProxyType(
    {
        "cloudresourcemanager.projects.list": Row("", nodes.projects_of_old),
        "cloudresourcemanager.projects.get": Row("resourcemanager.projects.get", nodes.project_of_old),
    }
)
