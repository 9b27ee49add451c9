"""Settings of buckets, machines, disks and networks: what Google answers, and what it means where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from providers.gcp.compute import GceDisk, GceImage, GceInstance, GceSnapshot
from providers.gcp.network import GcpNetwork, GcpSubnet
from providers.gcp.storage import GcsBucket
from scanner.facts import Fact, UnreadFact
from scanner.kinds import Encryption
from scanner.model import Resource
from tests.providers.gcp.kinds.papers import GOOGLES_KEY, KEY, OWN_KEY, PAGES, estate, one, read, the

_COMPUTE = "/compute/v1/projects/my-project"
_LINK = f"https://www.googleapis.com{_COMPUTE}"
# --- buckets --------------------------------------------------------------------------------------------------


def of_bucket(fact: Fact[Any], **members: Any) -> Any:
    entry = {"name": "b", "location": "EU", "projectNumber": "1", **members}
    return one("/storage/v1/b", "items", GcsBucket, fact, entry)


@pytest.mark.parametrize(
    ("fact", "members", "value"),
    [
        (GcsBucket.encryption, {}, GOOGLES_KEY),
        (GcsBucket.encryption, {"encryption": {"defaultKmsKeyName": KEY}}, OWN_KEY),
        (GcsBucket.versioned, {}, False),
        (GcsBucket.versioned, {"versioning": {"enabled": False}}, False),
        (GcsBucket.versioned, {"versioning": {"enabled": True}}, True),
        (GcsBucket.retention_locked, {}, False),
        (GcsBucket.retention_locked, {"retentionPolicy": {"retentionPeriod": "86400"}}, False),
        (GcsBucket.retention_locked, {"retentionPolicy": {"retentionPeriod": "86400", "isLocked": True}}, True),
        (GcsBucket.access_logged, {}, False),
        (GcsBucket.access_logged, {"logging": {"logBucket": "logs", "logObjectPrefix": "b"}}, True),
        (GcsBucket.deletion_undone, {}, False),
        (GcsBucket.deletion_undone, {"softDeletePolicy": {"retentionDurationSeconds": "0"}}, False),
        (GcsBucket.deletion_undone, {"softDeletePolicy": {"retentionDurationSeconds": "604800"}}, True),
        (GcsBucket.deletion_undone, {"versioning": {"enabled": True}}, True),
        (GcsBucket.acls_disabled, {}, False),
        (GcsBucket.acls_disabled, {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}, True),
        (GcsBucket.acls_disabled, {"iamConfiguration": {"bucketPolicyOnly": {"enabled": True}}}, True),
        (GcsBucket.public_access_prevented, {}, False),
        (GcsBucket.public_access_prevented, {"iamConfiguration": {"publicAccessPrevention": "enforced"}}, True),
        (GcsBucket.public_access_prevented, {"iamConfiguration": {"publicAccessPrevention": "unspecified"}}, False),
    ],
)
def test_buckets(fact: Fact[Any], members: dict[str, Any], value: object) -> None:
    assert of_bucket(fact, **members) == value


def test_where_a_bucket_lies_and_what_it_is_called() -> None:
    (found,) = read({"/storage/v1/b": {"items": [{"name": "b", "location": "EUROPE-WEST1"}]}}, GcsBucket)
    assert (found.uid, found.region) == ("//storage.googleapis.com/b", "europe-west1")


# --- machines -------------------------------------------------------------------------------------------------


def machine(**members: Any) -> dict[str, Any]:
    link = f"{_LINK}/zones/europe-west1-b"
    return {"name": "m", "zone": link, "selfLink": f"{link}/instances/m", **members}


def project(**metadata: str) -> PAGES:
    items = [{"key": key.replace("_", "-"), "value": value} for key, value in metadata.items()]
    return {_COMPUTE: {"name": "my-project", "commonInstanceMetadata": {"items": items} if items else {}}}


def of_machine(fact: Fact[Any], pages: PAGES, **members: Any) -> Any:
    return one(f"{_COMPUTE}/aggregated/instances", "items", GceInstance, fact, machine(**members), **pages)


def switches(**given: str) -> dict[str, Any]:
    return {"items": [{"key": key.replace("_", "-"), "value": value} for key, value in given.items()]}


_SHIELDED = {"enableSecureBoot": True, "enableVtpm": True, "enableIntegrityMonitoring": True}
_NO_IDENTITY: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("fact", "members", "value"),
    [
        (GceInstance.public_addresses, {"networkInterfaces": [{"networkIP": "10.0.0.2"}]}, ()),
        (
            GceInstance.public_addresses,
            {"networkInterfaces": [{"accessConfigs": [{"natIP": "198.51.100.7"}]}]},
            ("198.51.100.7",),
        ),
        (
            GceInstance.public_addresses,
            {"networkInterfaces": [{"accessConfigs": [{"name": "External NAT"}]}]},
            ("an address that it gets when it starts",),
        ),
        (
            GceInstance.public_addresses,
            {"networkInterfaces": [{}, {"ipv6AccessConfigs": [{"externalIpv6": "2001:db8::1"}]}]},
            ("2001:db8::1",),
        ),
        (GceInstance.boot_verified, {}, False),
        (GceInstance.boot_verified, {"shieldedInstanceConfig": _SHIELDED}, True),
        (GceInstance.boot_verified, {"shieldedInstanceConfig": {**_SHIELDED, "enableSecureBoot": False}}, False),
        (GceInstance.boot_verified, {"shieldedInstanceConfig": {"enableSecureBoot": True}}, False),
        (GceInstance.forwards_packets, {}, False),
        (GceInstance.forwards_packets, {"canIpForward": True}, True),
        (GceInstance.ready_made_identity, _NO_IDENTITY, False),
        (
            GceInstance.ready_made_identity,
            {"serviceAccounts": [{"email": "1-compute@developer.gserviceaccount.com", "scopes": []}]},
            True,
        ),
        (
            GceInstance.ready_made_identity,
            {"serviceAccounts": [{"email": "app@my-project.iam.gserviceaccount.com"}]},
            False,
        ),
    ],
)
def test_machines(fact: Fact[Any], members: dict[str, Any], value: object) -> None:
    assert of_machine(fact, {}, **members) == value


def test_a_machine_whose_interfaces_are_not_told_is_not_without_an_address() -> None:
    assert of_machine(GceInstance.public_addresses, {}) == "not-yet-known"


@pytest.mark.parametrize("yes", ["TRUE", "true", "True", "1", "y", "YES"])
def test_switches_of_the_guest_are_the_machines_own_or_else_the_projects(yes: str) -> None:
    serial = GceInstance.serial_console
    assert of_machine(serial, project()) is False
    assert of_machine(serial, project(serial_port_enable=yes)) is True
    assert of_machine(serial, project(serial_port_enable=yes), metadata=switches(serial_port_enable="0")) is False
    assert of_machine(serial, project(serial_port_enable="FALSE"), metadata=switches(serial_port_enable=yes)) is True
    login = GceInstance.account_wide_login
    assert of_machine(login, project()) is True
    assert of_machine(login, project(block_project_ssh_keys=yes)) is True
    assert of_machine(login, project(), metadata=switches(block_project_ssh_keys=yes)) is False
    assert of_machine(login, project(enable_oslogin=yes)) is False
    assert of_machine(login, project(enable_oslogin=yes), metadata=switches(enable_oslogin="false")) is True


def test_a_switch_of_its_own_decides_where_the_project_was_not_read() -> None:
    pages = {f"{_COMPUTE}/aggregated/instances": {"items": [machine(metadata=switches(serial_port_enable="true"))]}}
    denied = ["compute.projects.get"]
    assert the(pages, GceInstance, GceInstance.serial_console, denied=denied).serial_console
    with pytest.raises(UnreadFact):
        _ = the(pages, GceInstance, GceInstance.account_wide_login, denied=denied).account_wide_login


def test_other_metadata_is_not_kept() -> None:
    given = switches(startup_script="secret", serial_port_enable="1")
    assert of_machine(GceInstance.own_switches, {}, metadata=given) == {"serial-port-enable": "1"}


@pytest.mark.parametrize(
    ("members", "owned"),
    [
        ({"name": "m"}, False),
        ({"name": "m", "labels": {"goog-gke-node": ""}}, True),
        ({"name": "gke-c-pool-1", "metadata": switches(cluster_name="c", kube_env="x")}, True),
        ({"name": "gke-c-pool-1"}, False),
        ({"name": "m", "metadata": switches(cluster_name="c", kube_env="x")}, False),
    ],
)
def test_nodes_of_clusters_are_googles(members: dict[str, Any], owned: bool) -> None:
    pages = {f"{_COMPUTE}/aggregated/instances": {"items": [machine(**members)]}}
    (found,) = read(pages, GceInstance)
    assert found.identity.provider_owned is owned
    assert (found.uid, found.region) == (
        "//compute.googleapis.com/projects/my-project/zones/europe-west1-b/instances/m",
        "europe-west1",
    )


# --- disks, snapshots and images ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "things", "member"),
    [
        (GceDisk, "aggregated/disks", "diskEncryptionKey"),
        (GceSnapshot, "global/snapshots", "snapshotEncryptionKey"),
        (GceImage, "global/images", "imageEncryptionKey"),
    ],
)
def test_keys_of_disks_and_their_copies(kind: type[Resource], things: str, member: str) -> None:
    def key(**members: Any) -> Any:
        link = f"{_LINK}/regions/europe-west1"
        entry = {"name": "d", "region": link, "selfLink": f"{link}/things/d", **members}
        return one(f"{_COMPUTE}/{things}", "items", kind, kind.facts["encryption"], entry)

    assert key() == GOOGLES_KEY
    assert key(**{member: {"kmsKeyName": f"{KEY}/cryptoKeyVersions/3"}}) == OWN_KEY
    assert key(**{member: {"sha256": "abc="}}) == Encryption("customer-managed", "customer-supplied")


# --- networks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "made"), [("default", True), ("mine", False)])
def test_the_ready_made_network(name: str, made: bool) -> None:
    entry = {"name": name, "selfLink": f"{_LINK}/global/networks/{name}"}
    assert one(f"{_COMPUTE}/global/networks", "items", GcpNetwork, GcpNetwork.predefined, entry) is made


@pytest.mark.parametrize(
    ("members", "logged"),
    [
        ({}, False),
        ({"logConfig": {"enable": True}}, True),
        ({"logConfig": {"enable": False}}, False),
        ({"enableFlowLogs": True}, True),
        ({"enableFlowLogs": True, "logConfig": {"enable": True}}, True),
        ({"enableFlowLogs": False}, False),
    ],
)
def test_flow_logs(members: dict[str, Any], logged: bool) -> None:
    link = f"{_LINK}/regions/europe-west1"
    entry = {"name": "s", "region": link, "selfLink": f"{link}/subnetworks/s", **members}
    assert one(f"{_COMPUTE}/aggregated/subnetworks", "items", GcpSubnet, GcpSubnet.flow_logged, entry) is logged
    proxies = {**entry, "purpose": "REGIONAL_MANAGED_PROXY"}
    (found,) = read({f"{_COMPUTE}/aggregated/subnetworks": {"items": [proxies]}}, GcpSubnet)
    assert found.identity.provider_owned


@pytest.mark.parametrize("member", ["networkInterface", "serviceAccount"])
def test_an_object_whose_members_are_spelled_otherwise_is_not_taken_for_a_bare_one(member: str) -> None:
    path = f"{_COMPUTE}/aggregated/instances"
    held = estate({path: {"items": [machine(**{member: []})]}}, GceInstance, GceInstance.public_addresses)
    assert not held.resources[GceInstance]
    assert [gap.unread.why for gap in held.gaps] == ["failed"]
    assert len(held.defects) == 1
