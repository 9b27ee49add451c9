"""Every body that Azure really sent of the types that are read becomes a resource, and each of its facts an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from providers.azure import kinds as azure_kinds
from providers.azure.compute import ManagedDisk, Snapshot, VirtualMachine
from providers.azure.diagnostics import diagnostic_settings
from providers.azure.flow_logs import FlowLog, NetworkWatcher
from providers.azure.keyvault import KeyVault
from providers.azure.locks import ManagementLock
from providers.azure.network import NetworkInterface, PublicAddress, SecurityGroup, VirtualNetwork
from providers.azure.sql import SqlDatabase, SqlServer
from providers.azure.storage import StorageAccount, StorageContainer
from scanner.facts import FromListing, Unread
from scanner.model import Resource
from scanner.snapshot import lines
from scanner.snapshot import read as saved
from tests.providers.azure.kinds.desk import Answers, entry, read, scope
from tests.providers.labels import RECORDED

AZURE = RECORDED / "azure"
needs_recordings = pytest.mark.skipif(not AZURE.is_dir(), reason="recorded answers are not beside this repository")

KINDS: dict[str, type[Resource]] = {
    "microsoft.storage.storageaccounts": StorageAccount,
    "microsoft.storage.storageaccounts.blobservices.containers": StorageContainer,
    "microsoft.compute.disks": ManagedDisk,
    "microsoft.compute.snapshots": Snapshot,
    "microsoft.compute.virtualmachines": VirtualMachine,
    "microsoft.network.networkinterfaces": NetworkInterface,
    "microsoft.network.publicipaddresses": PublicAddress,
    "microsoft.network.networksecuritygroups": SecurityGroup,
    "microsoft.network.virtualnetworks": VirtualNetwork,
    "microsoft.network.networkwatchers": NetworkWatcher,
    "microsoft.network.networkwatchers.flowlogs": FlowLog,
    "microsoft.sql.servers": SqlServer,
    "microsoft.sql.servers.databases": SqlDatabase,
    "microsoft.keyvault.vaults": KeyVault,
    "microsoft.authorization.locks": ManagementLock,
}
PARENTS: dict[type[Resource], dict[str, Any]] = {
    StorageContainer: {"creationTime": "2020-01-01T00:00:00Z", "supportsHttpsTrafficOnly": True},
    FlowLog: {},
    SqlDatabase: {},
}
PATHS: dict[type[Resource], str] = {
    StorageContainer: "/blobservices/default/containers",
    FlowLog: "/flowlogs",
    SqlDatabase: "/databases",
}


def recorded(operation: str) -> Iterator[dict[str, Any]]:
    """Each good record of an operation, whatever verb it was asked with."""
    for verb in ("list", "get", "put", "patch"):
        path = AZURE / f"{operation}.{verb}.json"
        if path.is_file():
            yield from (one for one in json.loads(path.read_text("utf-8"))["records"] if one["status"] < 300)


def entries(operation: str) -> Iterator[dict[str, Any]]:
    for record in recorded(operation):
        body = record["body"]
        if isinstance(body, dict):
            yield from body["value"] if isinstance(body.get("value"), list) else [body]


def complete(item: dict[str, Any]) -> bool:
    """Whether it is what a listing tells: the answer to a write may be less, and the trash is not listed."""
    return "id" in item and "properties" in item and not item["properties"].get("deleted")


def answers(kind: type[Resource], item: dict[str, Any]) -> Answers:
    """The entry in the answer to its own listing, below a parent where it has one."""
    subscription = f"/subscriptions/{item['id'].split('/')[2]}"
    listing = kind.listed
    assert listing is not None
    assert listing.call is not None
    if listing.parent is None:
        path = str(listing.call.params["path"]).replace("{scope.uid}", subscription)
        return {path: {"value": [item]}}
    above = item["id"].lower().partition(PATHS[kind] + "/")[0]
    parent = {**entry("", "x", **PARENTS[kind]), "id": above, "name": above.rpartition("/")[2], "kind": "StorageV2"}
    parents = listing.parent.listed
    assert parents is not None
    assert parents.call is not None
    path = str(parents.call.params["path"]).replace("{scope.uid}", subscription)
    return {path: {"value": [parent]}, f"{above}{PATHS[kind]}": {"value": [item]}}


@needs_recordings
@pytest.mark.parametrize("operation", KINDS)
def test_every_recorded_body_becomes_a_resource_with_all_its_facts(operation: str) -> None:
    kind = KINDS[operation]
    items = [item for item in entries(operation) if complete(item)]
    assert items
    for item in items:
        estate = read(answers(kind, item), kind, of=scope(item["id"].split("/")[2]))
        assert estate.defects == ()
        [resource] = estate.of(kind)
        assert resource.uid == item["id"].lower()
        assert resource.name == item["name"]
        told = [name for name, fact in kind.facts.items() if isinstance(fact.source, FromListing)]
        assert not [name for name in told if isinstance(resource.stored[name], Unread)]


@needs_recordings
def test_settings_below_a_resource_are_read_as_they_were_recorded() -> None:
    server = entry("Microsoft.Sql/servers", "db")
    below = server["id"]
    for operation, path, fact in (
        ("auditingsettings", "/auditingSettings/default", "auditing"),
        ("encryptionprotector", "/encryptionProtector/current", "encryption"),
        ("firewallrules", "/firewallRules", "firewall"),
        ("administrators", "/administrators", "administrators"),
    ):
        bodies = [one["body"] for one in recorded(f"microsoft.sql.servers.{operation}")]
        shape = "value" if operation in ("firewallrules", "administrators") else "properties"
        bodies = [one for one in bodies if shape in one]
        assert bodies
        for body in bodies:
            found = read(
                {
                    f"/subscriptions/{scope().account}/providers/Microsoft.Sql/servers": {"value": [server]},
                    below + path: body,
                },
                SqlServer,
            )
            assert found.defects == ()
            [resource] = found.of(SqlServer)
            assert not isinstance(resource.stored[fact], Unread)


@needs_recordings
def test_diagnostic_settings_are_read_as_they_were_recorded() -> None:
    bodies = [one["body"] for one in recorded("microsoft.insights.diagnosticsettings")]
    settings = [diagnostic_settings(body if "value" in body else {"value": [body]}) for body in bodies]
    assert settings
    assert any(one.categories for some in settings for one in some)


@needs_recordings
@pytest.mark.parametrize("operation", KINDS)
def test_what_is_kept_of_recorded_bodies_survives_a_snapshot(operation: str, tmp_path: Path) -> None:
    kind = KINDS[operation]
    for item in (one for one in entries(operation) if complete(one)):
        estate = read(answers(kind, item), kind, of=scope(item["id"].split("/")[2]))
        written = "".join(f"{line.rstrip()}\n" for line in lines([estate], "0"))
        file = tmp_path / "saved"
        file.write_text(written, "utf-8")
        [again] = saved(file, azure_kinds.KINDS)
        assert list(lines([again], "0")) == list(lines([estate], "0"))
