"""Settings of databases, datasets, keys and clusters: what Google answers, and what it means where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from providers.gcp.bigquery import BigQueryDataset
from providers.gcp.gke import GkeCluster
from providers.gcp.kms import KmsKey
from providers.gcp.sql import CloudSqlInstance
from scanner.facts import Fact, UnreadFact
from scanner.kinds import Encryption
from tests.providers.gcp.kinds.papers import GOOGLES_KEY, KEY, OWN_KEY, one, read, the

# --- databases ------------------------------------------------------------------------------------------------

_SQL = "/v1/projects/my-project/instances"


def server(
    version: str = "POSTGRES_16", *, settings: Any = None, addresses: Any = None, **members: Any
) -> dict[str, Any]:
    held = {"ipConfiguration": addresses or {}, **(settings or {})}
    entry = {"name": "i", "project": "my-project", "region": "europe-west1", "databaseVersion": version}
    return {**entry, "settings": held, **members}


def flags(**given: str) -> dict[str, Any]:
    return {"databaseFlags": [{"name": name.replace("__", "."), "value": value} for name, value in given.items()]}


UNTOLD = "not-yet-known"
_BACKUPS = {"enabled": True, "pointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize(
    ("fact", "entry", "value"),
    [
        (CloudSqlInstance.public_endpoint, server(), False),
        (CloudSqlInstance.public_endpoint, server(addresses={"ipv4Enabled": True}), True),
        (CloudSqlInstance.tls_only, server(), False),
        (CloudSqlInstance.tls_only, server(addresses={"requireSsl": True}), True),
        (CloudSqlInstance.tls_only, server(addresses={"sslMode": "ENCRYPTED_ONLY"}), True),
        (CloudSqlInstance.tls_only, server(addresses={"sslMode": "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"}), True),
        (
            CloudSqlInstance.tls_only,
            server(addresses={"sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED", "requireSsl": True}),
            False,
        ),
        # https://cloud.google.com/sql/docs/mysql/language-connectors
        (CloudSqlInstance.tls_only, server(settings={"connectorEnforcement": "REQUIRED"}), True),
        (CloudSqlInstance.tls_only, server(settings={"connectorEnforcement": "NOT_REQUIRED"}), False),
        (CloudSqlInstance.audited, server(), False),
        (CloudSqlInstance.audited, server(settings=flags(cloudsql__enable_pgaudit="on")), "not-yet-known"),
        (
            CloudSqlInstance.audited,
            server(settings=flags(cloudsql__enable_pgaudit="on", pgaudit__log="all")),
            True,
        ),
        (
            CloudSqlInstance.audited,
            server(settings=flags(cloudsql__enable_pgaudit="on", pgaudit__log="none")),
            False,
        ),
        (CloudSqlInstance.audited, server("MYSQL_8_0", settings=flags(cloudsql_mysql_audit="ON")), True),
        (CloudSqlInstance.audited, server("MYSQL_8_0"), False),
        (CloudSqlInstance.audited, server("SQLSERVER_2022_WEB"), False),
        (
            CloudSqlInstance.audited,
            server("SQLSERVER_2022_WEB", settings={"sqlServerAuditConfig": {"bucket": "gs://audit"}}),
            True,
        ),
        (CloudSqlInstance.directory_login, server(), False),
        (CloudSqlInstance.directory_login, server(settings=flags(cloudsql__iam_authentication="on")), True),
        (CloudSqlInstance.directory_login, server(settings=flags(cloudsql__iam_authentication="off")), False),
        (CloudSqlInstance.directory_login, server("MYSQL_8_0", settings=flags(cloudsql_iam_authentication="on")), True),
        (
            CloudSqlInstance.directory_login,
            server("SQLSERVER_2022_WEB", settings={"activeDirectoryConfig": {"domain": "ad.example.com"}}),
            True,
        ),
        (CloudSqlInstance.backed_up, server(), False),
        (CloudSqlInstance.backed_up, server(settings={"backupConfiguration": {"enabled": True}}), False),
        (CloudSqlInstance.backed_up, server(settings={"backupConfiguration": _BACKUPS}), True),
        # https://cloud.google.com/sql/docs/postgres/backup-recovery/backup-options
        (CloudSqlInstance.backed_up, server(settings={"backupConfiguration": {"backupTier": "ENHANCED"}}), UNTOLD),
        (CloudSqlInstance.backed_up, server(settings={"backupConfiguration": {"backupTier": "STANDARD"}}), False),
        (
            CloudSqlInstance.backed_up,
            server(settings={"backupConfiguration": {**_BACKUPS, "backupTier": "ENHANCED"}}),
            True,
        ),
        (
            CloudSqlInstance.backed_up,
            server("MYSQL_8_0", settings={"backupConfiguration": {"enabled": True, "binaryLogEnabled": True}}),
            True,
        ),
        (CloudSqlInstance.backed_up, server(masterInstanceName="my-project:elsewhere"), "not-collected"),
        (CloudSqlInstance.deletion_protected, server(), False),
        (CloudSqlInstance.deletion_protected, server(settings={"deletionProtectionEnabled": True}), True),
        (CloudSqlInstance.encryption, server(), GOOGLES_KEY),
        (CloudSqlInstance.encryption, server(diskEncryptionConfiguration={"kmsKeyName": KEY}), OWN_KEY),
    ],
)
def test_databases(fact: Fact[Any], entry: dict[str, Any], value: object) -> None:
    assert one(_SQL, "items", CloudSqlInstance, fact, entry) == value


@pytest.mark.parametrize("named", ["my-project:primary", "primary"])
def test_a_replica_is_backed_up_as_its_primary_is(named: str) -> None:
    primary = {**server(settings={"backupConfiguration": _BACKUPS}), "name": "primary"}
    replica = server(masterInstanceName=named, instanceType="READ_REPLICA_INSTANCE")
    found = read({_SQL: {"items": [primary, replica]}}, CloudSqlInstance, CloudSqlInstance.backed_up)
    assert {one.name: one.backed_up for one in found} == {"i": True, "primary": True}


def test_a_server_elsewhere_is_not_judged() -> None:
    elsewhere = {**server(instanceType="ON_PREMISES_INSTANCE"), "name": "elsewhere"}
    del elsewhere["settings"]
    replica = server(masterInstanceName="my-project:elsewhere")
    found = read({_SQL: {"items": [elsewhere, replica]}}, CloudSqlInstance, *CloudSqlInstance.facts.values())
    owned = {one.name: one for one in found if one.identity.provider_owned}
    assert [*owned] == ["elsewhere"]
    (own,) = (one for one in found if one.name == "i")
    with pytest.raises(UnreadFact, match="elsewhere"):
        _ = own.backed_up


@pytest.mark.parametrize(
    ("networks", "public", "anyone"),
    [
        ([], True, False),
        ([{"value": "0.0.0.0/0"}], True, True),
        ([{"value": "0.0.0.0/0"}], False, False),
        ([{"value": "0.0.0.0/1"}, {"value": "128.0.0.0/1"}], True, True),
        ([{"value": "203.0.113.0/24"}], True, False),
        ([{"value": "0.0.0.0/0", "expirationTime": "2026-01-01T00:00:00Z"}], True, False),
        ([{"value": "0.0.0.0/0", "expirationTime": "1970-01-01T00:00:00Z"}], True, True),
        ([{"value": "0.0.0.0/0", "expirationTime": "2027-01-01T00:00:00.5Z"}], True, True),
    ],
)
def test_who_can_connect_to_a_database(networks: list[dict[str, str]], public: bool, anyone: bool) -> None:
    entry = server(addresses={"ipv4Enabled": public, "authorizedNetworks": networks})
    found = the({_SQL: {"items": [entry]}}, CloudSqlInstance, CloudSqlInstance.access)
    assert bool([*found.access.by("anyone").to("connect")]) is anyone


@pytest.mark.parametrize(("enforcement", "anyone"), [("REQUIRED", False), ("NOT_REQUIRED", True), ("NEWER", True)])
def test_authorized_networks_count_no_more_where_connectors_are_required(enforcement: str, anyone: bool) -> None:
    # https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances#connectorenforcement
    addresses = {"ipv4Enabled": True, "authorizedNetworks": [{"value": "0.0.0.0/0"}]}
    entry = server(addresses=addresses, settings={"connectorEnforcement": enforcement})
    found = the({_SQL: {"items": [entry]}}, CloudSqlInstance, CloudSqlInstance.access)
    assert bool([*found.access.by("anyone").to("connect")]) is anyone


# --- datasets -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "encryption"),
    [({}, GOOGLES_KEY), ({"defaultEncryptionConfiguration": {"kmsKeyName": KEY}}, OWN_KEY)],
)
def test_keys_of_datasets(members: dict[str, Any], encryption: Encryption) -> None:
    entry = {"datasetReference": {"projectId": "my-project", "datasetId": "d"}, "location": "EU"}
    path = "/bigquery/v2/projects/my-project/datasets"
    more = {f"{path}/d": {**entry, "access": [], **members}}
    assert one(path, "datasets", BigQueryDataset, BigQueryDataset.encryption, entry, **more) == encryption


# --- keys -----------------------------------------------------------------------------------------------------

_RINGS = "/v1/projects/my-project/locations/eu/keyRings"


def of_key(fact: Fact[Any], **members: Any) -> Any:
    places = {
        "/v1/projects/my-project/locations": {
            "locations": [{"name": "projects/my-project/locations/eu", "locationId": "eu"}]
        },
        _RINGS: {"keyRings": [{"name": "projects/my-project/locations/eu/keyRings/r"}]},
    }
    entry = {"name": KEY, "purpose": "ENCRYPT_DECRYPT", **members}
    return one(f"{_RINGS}/r/cryptoKeys", "cryptoKeys", KmsKey, fact, entry, **places)


@pytest.mark.parametrize(
    ("fact", "members", "value"),
    [
        (KmsKey.enabled, {"primary": {"state": "ENABLED"}}, True),
        (KmsKey.enabled, {"primary": {"state": "DESTROY_SCHEDULED"}}, False),
        (KmsKey.enabled, {"primary": {"state": "DISABLED"}}, False),
        (KmsKey.enabled, {}, False),
        (KmsKey.enabled, {"purpose": "ASYMMETRIC_SIGN"}, "not-yet-known"),
        (KmsKey.rotates_every, {}, None),
        (KmsKey.rotates_every, {"rotationPeriod": "7776000s"}, 90.0),
        (KmsKey.rotates_every, {"purpose": "MAC"}, "not-yet-known"),
        (KmsKey.rotates_every, {"importOnly": True}, "not-yet-known"),
        (KmsKey.rotates_every, {"versionTemplate": {"protectionLevel": "EXTERNAL"}}, "not-yet-known"),
        (KmsKey.rotates_every, {"versionTemplate": {"protectionLevel": "HSM"}, "rotationPeriod": "86400s"}, 1.0),
        (KmsKey.recoverable_days, {"destroyScheduledDuration": "2592000s"}, 30.0),
        (KmsKey.recoverable_days, {"destroyScheduledDuration": "86400s"}, 1.0),
        (KmsKey.recoverable_days, {}, "not-yet-known"),
    ],
)
def test_keys(fact: Fact[Any], members: dict[str, Any], value: object) -> None:
    assert of_key(fact, **members) == value


# --- clusters -------------------------------------------------------------------------------------------------


def of_cluster(fact: Fact[Any], **members: Any) -> Any:
    link = "https://container.googleapis.com/v1/projects/my-project/zones/europe-west1-b/clusters/c"
    entry = {"name": "c", "location": "europe-west1-b", "selfLink": link, **members}
    return one("/v1/projects/my-project/locations/-/clusters", "clusters", GkeCluster, fact, entry)


def pools(*pools: dict[str, Any]) -> dict[str, Any]:
    return {"nodePools": [*pools]}


_SOME = {"enabled": True, "cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}]}
_ALL = {"enabled": True, "cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}]}
_POOL = {"workloadIdentityConfig": {"workloadPool": "my-project.svc.id.goog"}}


@pytest.mark.parametrize(
    ("fact", "members", "value"),
    [
        (GkeCluster.api_open, {}, True),
        (GkeCluster.api_open, {"masterAuthorizedNetworksConfig": {}}, True),
        (GkeCluster.api_open, {"masterAuthorizedNetworksConfig": {"enabled": True}}, False),
        (GkeCluster.api_open, {"masterAuthorizedNetworksConfig": _SOME}, False),
        (GkeCluster.api_open, {"masterAuthorizedNetworksConfig": _ALL}, True),
        (GkeCluster.api_open, {"privateClusterConfig": {"enablePrivateNodes": True}}, True),
        (GkeCluster.api_open, {"privateClusterConfig": {"enablePrivateEndpoint": True}}, False),
        (GkeCluster.api_open, {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}}, False),
        (
            GkeCluster.api_open,
            {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": True, "enablePublicEndpoint": False}}},
            False,
        ),
        (
            GkeCluster.api_open,
            {
                "controlPlaneEndpointsConfig": {
                    "ipEndpointsConfig": {"enablePublicEndpoint": True, "authorizedNetworksConfig": _SOME}
                }
            },
            False,
        ),
        (GkeCluster.nodes_private, {}, False),
        (GkeCluster.nodes_private, {"privateClusterConfig": {"enablePrivateNodes": True}}, True),
        (GkeCluster.nodes_private, {"networkConfig": {"defaultEnablePrivateNodes": True}}, True),
        (
            GkeCluster.nodes_private,
            {
                "networkConfig": {"defaultEnablePrivateNodes": True},
                **pools({}, {"networkConfig": {"enablePrivateNodes": False}}),
            },
            False,
        ),
        (GkeCluster.nodes_private, pools({"networkConfig": {"enablePrivateNodes": True}}), True),
        (GkeCluster.workload_identity, {}, False),
        (GkeCluster.workload_identity, {"autopilot": {"enabled": True}}, False),
        (GkeCluster.workload_identity, {"autopilot": {"enabled": True}, **_POOL}, True),
        (
            GkeCluster.workload_identity,
            {**_POOL, **pools({"config": {"workloadMetadataConfig": {"mode": "GKE_METADATA"}}})},
            True,
        ),
        (
            GkeCluster.workload_identity,
            {**_POOL, **pools({"config": {"workloadMetadataConfig": {"mode": "GCE_METADATA"}}}, {})},
            False,
        ),
        (GkeCluster.workload_identity, {**_POOL, **pools({"config": {}})}, "not-yet-known"),
        (GkeCluster.secrets_encrypted, {}, False),
        (GkeCluster.secrets_encrypted, {"databaseEncryption": {"state": "DECRYPTED"}}, False),
        (GkeCluster.secrets_encrypted, {"databaseEncryption": {"state": "ENCRYPTED", "keyName": KEY}}, True),
        (GkeCluster.attribute_access, {"legacyAbac": {}}, False),
        (GkeCluster.attribute_access, {"legacyAbac": {"enabled": True}}, True),
        (GkeCluster.autopilot, {"autopilot": {}}, False),
        (GkeCluster.upgrades_itself, pools({"management": {"autoUpgrade": True}}, {"management": {}}), False),
        (GkeCluster.upgrades_itself, pools({"management": {"autoUpgrade": True}}), True),
        (GkeCluster.upgrades_itself, {"autopilot": {"enabled": True}}, True),
    ],
)
def test_clusters(fact: Fact[Any], members: dict[str, Any], value: object) -> None:
    assert of_cluster(fact, **members) == value
