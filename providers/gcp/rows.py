"""The methods that are called, row by row.

Permissions are those of each method's reference page, and of https://cloud.google.com/iam/docs/permissions-reference
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from providers.gcp.account_rows import GOVERNANCE_ROWS, IDENTITY_ROWS, LOGGING_ROWS
from providers.gcp.method import Method

# Without version 3 Google leaves conditions out and spells the role otherwise, so that a grant looks unconditional:
# https://cloud.google.com/iam/docs/policies#specifying-version-get
_WITH_CONDITIONS: Final[Mapping[str, Mapping[str, int]]] = {"options": {"requestedPolicyVersion": 3}}
_COMPUTE_CONDITIONS: Final[Mapping[str, str | int]] = {"optionsRequestedPolicyVersion": 3}
_KMS_CONDITIONS: Final[Mapping[str, str | int]] = {"options.requestedPolicyVersion": 3}
_DENIES: Final = "/v2/policies/cloudresourcemanager.googleapis.com%2F"
_COMPUTE: Final = "/compute/v1/projects/{scope.account}"

# Answers of `cloudresourcemanager` methods are those of version 3, but for getAncestry, which only version 1 has.
_HIERARCHY: Final = (
    Method("cloudresourcemanager.projects.get", "/v3/projects/{scope.account}", "resourcemanager.projects.get"),
    Method(
        "cloudresourcemanager.projects.getAncestry",
        "/v1/projects/{scope.account}:getAncestry",
        "resourcemanager.projects.get",
        verb="POST",
    ),
    Method(
        "cloudresourcemanager.projects.getIamPolicy",
        "/v3/projects/{scope.account}:getIamPolicy",
        "resourcemanager.projects.getIamPolicy",
        verb="POST",
        body=_WITH_CONDITIONS,
        asset="cloudresourcemanager.googleapis.com/Project",
        asset_content="IAM_POLICY",
    ),
    # The session answers it of all folders of the organization, too, from what it found to scan.
    Method(
        "cloudresourcemanager.projects.list",
        "/v3/projects",
        "resourcemanager.projects.list",
        items="projects",
        query={"parent": "organizations/{it.id}"},
    ),
    Method("cloudresourcemanager.folders.get", "/v3/folders/{it.id}", "resourcemanager.folders.get"),
    Method(
        "cloudresourcemanager.folders.getIamPolicy",
        "/v3/folders/{it.id}:getIamPolicy",
        "resourcemanager.folders.getIamPolicy",
        verb="POST",
        body=_WITH_CONDITIONS,
        asset="cloudresourcemanager.googleapis.com/Folder",
        asset_content="IAM_POLICY",
    ),
    Method("cloudresourcemanager.organizations.get", "/v3/organizations/{it.id}", "resourcemanager.organizations.get"),
    Method(
        "cloudresourcemanager.organizations.getIamPolicy",
        "/v3/organizations/{it.id}:getIamPolicy",
        "resourcemanager.organizations.getIamPolicy",
        verb="POST",
        body=_WITH_CONDITIONS,
        asset="cloudresourcemanager.googleapis.com/Organization",
        asset_content="IAM_POLICY",
    ),
    # One row for all levels: what is denied on a node is listed by the node's name, written as one part of the path.
    # https://cloud.google.com/iam/docs/reference/rest/v2/policies/listPolicies
    Method(
        "iam.policies.listPolicies",
        _DENIES + "<node>/denypolicies",
        "iam.denypolicies.list",
        items="policies",
        query={"pageSize": 1000},
    ),
    # The list tells names alone. https://cloud.google.com/iam/docs/reference/rest/v2/policies/get
    Method("iam.policies.get", "/v2/{it.name}", "iam.denypolicies.get"),
    Method(
        "iam.projects.roles.list",
        "/v1/projects/{scope.account}/roles",
        "iam.roles.list",
        items="roles",
        query={"view": "FULL", "pageSize": 1000},
    ),
    Method(
        "iam.organizations.roles.list",
        "/v1/organizations/{it.id}/roles",
        "iam.roles.list",
        items="roles",
        query={"view": "FULL", "pageSize": 1000},
    ),
)
_STORAGE: Final = (
    Method(
        "storage.buckets.list",
        "/storage/v1/b",
        "storage.buckets.list",
        items="items",
        query={"project": "{scope.account}", "maxResults": 1000},
        asset="storage.googleapis.com/Bucket",
    ),
    # Access lists come with projection=full alone, and only to whoever may read the policy:
    # https://cloud.google.com/storage/docs/access-control/iam-json
    Method(
        "storage.buckets.get",
        "/storage/v1/b/{it.name}",
        ("storage.buckets.get", "storage.buckets.getIamPolicy"),
        query={"projection": "full"},
    ),
    Method(
        "storage.buckets.getIamPolicy",
        "/storage/v1/b/{it.name}/iam",
        "storage.buckets.getIamPolicy",
        query=_COMPUTE_CONDITIONS,
        asset="storage.googleapis.com/Bucket",
        asset_content="IAM_POLICY",
    ),
)
_MACHINES: Final = (
    Method("compute.projects.get", _COMPUTE, "compute.projects.get"),
    Method(
        "compute.instances.aggregatedList",
        f"{_COMPUTE}/aggregated/instances",
        "compute.instances.list",
        items="items",
        query={"maxResults": 500},
        aggregated=True,
        asset="compute.googleapis.com/Instance",
    ),
    Method(
        "compute.disks.aggregatedList",
        f"{_COMPUTE}/aggregated/disks",
        "compute.disks.list",
        items="items",
        query={"maxResults": 500},
        aggregated=True,
        asset="compute.googleapis.com/Disk",
    ),
    *(
        row
        for things, asset in (("snapshots", "Snapshot"), ("images", "Image"))
        for row in (
            Method(
                f"compute.{things}.list",
                f"{_COMPUTE}/global/{things}",
                f"compute.{things}.list",
                items="items",
                query={"maxResults": 500},
                asset=f"compute.googleapis.com/{asset}",
            ),
            Method(
                f"compute.{things}.getIamPolicy",
                f"{_COMPUTE}/global/{things}/{{it.name}}/getIamPolicy",
                f"compute.{things}.getIamPolicy",
                query=_COMPUTE_CONDITIONS,
                asset=f"compute.googleapis.com/{asset}",
                asset_content="IAM_POLICY",
            ),
        )
    ),
    *(
        Method(
            f"compute.{things}.list",
            f"{_COMPUTE}/global/{things}",
            f"compute.{things}.list",
            items="items",
            query={"maxResults": 500},
            asset=f"compute.googleapis.com/{asset}",
        )
        for things, asset in (("firewalls", "Firewall"), ("networks", "Network"))
    ),
    # Of the whole network and of single regions; what is in effect on a network leaves the latter out.
    Method(
        "compute.networkFirewallPolicies.aggregatedList",
        f"{_COMPUTE}/aggregated/firewallPolicies",
        "compute.firewallPolicies.list",
        items="items",
        query={"maxResults": 500},
        aggregated=True,
        things="firewallPolicies",
    ),
    Method(
        "compute.networks.getEffectiveFirewalls",
        f"{_COMPUTE}/global/networks/{{it.name}}/getEffectiveFirewalls",
        "compute.networks.getEffectiveFirewalls",
    ),
    Method(
        "compute.subnetworks.aggregatedList",
        f"{_COMPUTE}/aggregated/subnetworks",
        "compute.subnetworks.list",
        items="items",
        query={"maxResults": 500},
        aggregated=True,
        asset="compute.googleapis.com/Subnetwork",
    ),
)
_DATA: Final = (
    Method(
        "sql.instances.list",
        "/v1/projects/{scope.account}/instances",
        "cloudsql.instances.list",
        items="items",
        query={"maxResults": 1000},
        host="sqladmin.googleapis.com",
    ),
    # https://cloud.google.com/bigquery/docs/listing-datasets#required_permissions
    Method(
        "bigquery.datasets.list",
        "/bigquery/v2/projects/{scope.account}/datasets",
        "bigquery.datasets.get",
        items="datasets",
        query={"maxResults": 1000},
        asset="bigquery.googleapis.com/Dataset",
    ),
    # Conditions come with version 3 alone: https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/get
    Method(
        "bigquery.datasets.get",
        "/bigquery/v2/projects/{scope.account}/datasets/{it.name}",
        ("bigquery.datasets.get", "bigquery.datasets.getIamPolicy"),
        query={"accessPolicyVersion": 3},
    ),
    Method(
        "cloudkms.projects.locations.list",
        "/v1/projects/{scope.account}/locations",
        "cloudkms.locations.list",
        items="locations",
        query={"pageSize": 1000},
    ),
    Method(
        "cloudkms.projects.locations.keyRings.list",
        "/v1/projects/{scope.account}/locations/{it.name}/keyRings",
        "cloudkms.keyRings.list",
        items="keyRings",
        query={"pageSize": 1000},
        asset="cloudkms.googleapis.com/KeyRing",
    ),
    Method(
        "cloudkms.projects.locations.keyRings.getIamPolicy",
        "/v1/{it.path}:getIamPolicy",
        "cloudkms.keyRings.getIamPolicy",
        query=_KMS_CONDITIONS,
        asset="cloudkms.googleapis.com/KeyRing",
        asset_content="IAM_POLICY",
    ),
    Method(
        "cloudkms.projects.locations.keyRings.cryptoKeys.list",
        "/v1/{it.path}/cryptoKeys",
        "cloudkms.cryptoKeys.list",
        items="cryptoKeys",
        query={"pageSize": 1000},
        asset="cloudkms.googleapis.com/CryptoKey",
    ),
    Method(
        "cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy",
        "/v1/{it.path}:getIamPolicy",
        "cloudkms.cryptoKeys.getIamPolicy",
        query=_KMS_CONDITIONS,
        asset="cloudkms.googleapis.com/CryptoKey",
        asset_content="IAM_POLICY",
    ),
    # `-` stands for all zones and regions:
    # https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/list
    Method(
        "container.projects.locations.clusters.list",
        "/v1/projects/{scope.account}/locations/-/clusters",
        "container.clusters.list",
        items="clusters",
        asset="container.googleapis.com/Cluster",
    ),
    Method(
        "orgpolicy.projects.policies.getEffectivePolicy",
        "/v2/projects/{scope.account}/policies/<constraint>:getEffectivePolicy",
        "orgpolicy.policy.get",
    ),
)

METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        row.id: row
        for row in (
            *_HIERARCHY,
            *_STORAGE,
            *_MACHINES,
            *_DATA,
            *IDENTITY_ROWS,
            *LOGGING_ROWS,
            *GOVERNANCE_ROWS,
        )
    }
)
