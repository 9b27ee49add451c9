"""Every resource that Google really sent gives facts, under its own name, and none is dropped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.gcp.api_keys import ApiKey
from providers.gcp.bigquery import BigQueryDataset
from providers.gcp.compute import GceDisk, GceImage, GceInstance, GceSnapshot
from providers.gcp.custom_roles import GcpRole
from providers.gcp.documents import bindings
from providers.gcp.gke import GkeCluster
from providers.gcp.kms import KmsKey, KmsKeyRing
from providers.gcp.log_sinks import GcpSink
from providers.gcp.network import GcpFirewallRule, GcpNetwork, GcpSubnet
from providers.gcp.project import GcpProject
from providers.gcp.service_accounts import ServiceAccount
from providers.gcp.sql import CloudSqlInstance
from providers.gcp.storage import GcsBucket
from scanner.facts import FromFacts, FromListing, Unread, UnreadFact
from scanner.model import Resource
from tests.providers.gcp.kinds.papers import estate, read
from tests.providers.gcp.kinds.recorded import bodies, resources

_COMPUTE = "/compute/v1/projects/my-project"
_RING = "/v1/projects/my-project/locations/here/keyRings"
_KMS = "cloudkms.projects.locations.keyRings"
_PLACES: dict[str, Any] = {
    "/v1/projects/my-project/locations": {
        "locations": [{"name": "projects/my-project/locations/here", "locationId": "here"}]
    },
    _RING: {"keyRings": [{"name": "projects/my-project/locations/here/keyRings/ring"}]},
}
_GKE = "container.projects.locations.clusters"
_TYPES: tuple[tuple[type[Resource], str, str, tuple[str, ...]], ...] = (
    (
        GcsBucket,
        "/storage/v1/b",
        "items",
        tuple(f"storage.buckets.{verb}" for verb in ("list", "get", "insert", "patch")),
    ),
    (
        GceInstance,
        f"{_COMPUTE}/aggregated/instances",
        "items",
        ("compute.instances.aggregatedList", "compute.instances.list", "compute.instances.get"),
    ),
    (
        GceDisk,
        f"{_COMPUTE}/aggregated/disks",
        "items",
        ("compute.disks.aggregatedList", "compute.disks.list", "compute.disks.get", "compute.regionDisks.get"),
    ),
    (GceSnapshot, f"{_COMPUTE}/global/snapshots", "items", ("compute.snapshots.list", "compute.snapshots.get")),
    (GceImage, f"{_COMPUTE}/global/images", "items", ("compute.images.list", "compute.images.get")),
    (GcpFirewallRule, f"{_COMPUTE}/global/firewalls", "items", ("compute.firewalls.list", "compute.firewalls.get")),
    (GcpNetwork, f"{_COMPUTE}/global/networks", "items", ("compute.networks.list", "compute.networks.get")),
    (
        GcpSubnet,
        f"{_COMPUTE}/aggregated/subnetworks",
        "items",
        ("compute.subnetworks.aggregatedList", "compute.subnetworks.get"),
    ),
    (CloudSqlInstance, "/v1/projects/my-project/instances", "items", ("sql.instances.list", "sql.instances.get")),
    (
        BigQueryDataset,
        "/bigquery/v2/projects/my-project/datasets",
        "datasets",
        ("bigquery.datasets.list", "bigquery.datasets.get", "bigquery.datasets.insert", "bigquery.datasets.patch"),
    ),
    (KmsKeyRing, _RING, "keyRings", (f"{_KMS}.list", f"{_KMS}.get", f"{_KMS}.create")),
    (
        KmsKey,
        f"{_RING}/ring/cryptoKeys",
        "cryptoKeys",
        tuple(f"{_KMS}.cryptoKeys.{verb}" for verb in ("list", "get", "create", "patch")),
    ),
    (
        GkeCluster,
        "/v1/projects/my-project/locations/-/clusters",
        "clusters",
        (f"{_GKE}.list", f"{_GKE}.get"),
    ),
    (
        ServiceAccount,
        "/v1/projects/my-project/serviceAccounts",
        "accounts",
        tuple(f"iam.projects.serviceAccounts.{verb}" for verb in ("list", "get", "create")),
    ),
    (
        ApiKey,
        "/v2/projects/my-project/locations/global/keys",
        "keys",
        # Times were taken out of single keys before they were published.
        ("apikeys.projects.locations.keys.list",),
    ),
    (GcpRole, "/v1/projects/my-project/roles", "roles", ("iam.projects.roles.get",)),
    (
        GcpSink,
        "/v2/projects/my-project/sinks",
        "sinks",
        (
            "logging.projects.sinks.list",
            *(f"logging.{node}.sinks.get" for node in ("projects", "folders", "organizations")),
        ),
    ),
)


@pytest.mark.parametrize(
    ("kind", "path", "member", "method"),
    [(kind, path, member, method) for kind, path, member, methods in _TYPES for method in methods],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_recorded_resource_gives_all_its_facts(kind: type[Resource], path: str, member: str, method: str) -> None:
    # One after the other, as the same resource was recorded at several times.
    sent = {json.dumps(one, sort_keys=True): one for one in resources(method, member)}
    listed = [fact for fact in kind.facts.values() if isinstance(fact.source, FromListing)]
    derived = [
        fact
        for fact in kind.facts.values()
        if isinstance(fact.source, FromFacts)
        and not fact.reads.through
        and not fact.reads.every
        and all(isinstance(kind.facts[name].source, FromListing) for name in fact.reads.own)
    ]
    for entry in sent.values():
        if str(entry.get("selfLink")).endswith("/projects"):  # somebody took the rest away before it was published
            held = estate({**_PLACES, path: {member: [entry]}}, kind, *listed)
            assert len(held.gaps) == len(held.defects) == 1, "what has no name is not dropped"
            continue
        (found,) = read({**_PLACES, path: {member: [entry]}}, kind, *listed, *derived)
        named = entry.get("name") or entry["datasetReference"]["datasetId"]
        assert found.uid.endswith(str(named).rpartition("/")[2])
        assert found.name == str(named).rpartition("/")[2]
        assert found.region == "global" or found.region in json.dumps(entry).lower()
        for fact in listed:
            assert not isinstance(found.stored[fact.name], Unread)
        for fact in derived:
            told(found, fact.name)
    assert sent or not bodies(method)


def told(resource: Resource, name: str) -> object:
    """A fact; what Google does not tell is said to be so."""
    try:
        return getattr(resource, name)
    except UnreadFact as gap:
        assert all(one.why == "not-yet-known" and one.detail for one in gap.unread)
        return None


@pytest.mark.parametrize(
    "method",
    [
        "cloudresourcemanager.projects.getIamPolicy",
        "cloudresourcemanager.folders.getIamPolicy",
        "cloudresourcemanager.organizations.getIamPolicy",
        "compute.images.getIamPolicy",
        "storage.buckets.getIamPolicy",
        f"{_KMS}.getIamPolicy",
        f"{_KMS}.cryptoKeys.getIamPolicy",
    ],
)
def test_a_recorded_policy_keeps_every_member(method: str) -> None:
    for body in bodies(method):
        sent = {(one["role"], member) for one in body.get("bindings", ()) for member in one.get("members", ())}
        assert {(one.role, member) for one in bindings(body) for member in one.members} == sent


def test_recorded_access_lists_of_datasets_are_judged() -> None:
    for body in bodies("bigquery.datasets.get"):
        if "datasetReference" not in body:
            continue
        name = body["datasetReference"]["datasetId"]
        held = estate(
            {
                "/bigquery/v2/projects/my-project/datasets": {"datasets": [body]},
                f"/bigquery/v2/projects/my-project/datasets/{name}": body,
            },
            BigQueryDataset,
            BigQueryDataset.entries,
            BigQueryDataset.encryption,
        )
        assert held.defects == ()
        (found,) = held.of(BigQueryDataset)
        assert len(found.entries) == len(body["access"])


def test_recorded_metadata_of_projects_gives_the_switches_of_their_machines() -> None:
    link = "https://www.googleapis.com/compute/v1/projects/my-project/zones/here-1-a"
    machine = {"name": "m", "zone": link, "selfLink": f"{link}/instances/m"}
    for body in bodies("compute.projects.get"):
        pages = {_COMPUTE: body, f"{_COMPUTE}/aggregated/instances": {"items": [machine]}}
        (found,) = read(pages, GceInstance, GceInstance.project_switches, GceInstance.account_wide_login)
        sent = {one["key"]: one["value"] for one in body["commonInstanceMetadata"].get("items", ())}
        assert found.project_switches.items() <= sent.items()
        assert found.account_wide_login is (sent.get("enable-oslogin", "").lower() != "true")


def test_recorded_projects_and_organizations_tell_who_the_owner_is() -> None:
    for body in bodies("cloudresourcemanager.projects.get"):
        if "projectNumber" in body:  # an answer of the first version, which has another form
            continue
        (found,) = read({"/v3/projects/my-project": body}, GcpProject, GcpProject.number)
        assert found.number == body["name"].rpartition("/")[2]
    for body in bodies("cloudresourcemanager.organizations.get"):
        (project,) = read({"/v3/organizations/1": body}, GcpProject, GcpProject.above)
        assert project.above.owner.domains == (body["displayName"].lower(),)
