"""Refuse any one answer, and each verdict stays or turns unknown: nothing refused is taken for nothing there."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import providers.azure
from providers.azure.kinds import KINDS
from scanner.cli import doors
from scanner.evaluate import Evaluation, Tally
from scanner.facts import Answer
from scanner.responsibility.load import load_model
from tests.providers.azure.kinds.desk import GROUP, PERIMETERS, entry, listed, read

STORAGE, SQL, VAULT = "Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers", "Microsoft.KeyVault/vaults"
NETWORK, WATCHER = "Microsoft.Network/virtualNetworks", "Microsoft.Network/networkWatchers"
LOGS = "/providers/Microsoft.Insights/diagnosticSettings"


def office(*, safe: bool) -> Mapping[str, Answer]:
    """One of each, set well or badly."""
    return {**storage(safe=safe), **machines(safe=safe), **networks(safe=safe), **sql(safe=safe), **vaults(safe=safe)}


def logged(categories: str, *, safe: bool) -> Answer:
    on = [{"category": one, "enabled": True} for one in categories.split()] if safe else []
    return {"value": [{"name": "s", "properties": {"logs": on}}]}


def storage(*, safe: bool) -> Mapping[str, Answer]:
    item = entry(
        STORAGE,
        "books",
        creationTime="2020-01-01T00:00:00Z",
        supportsHttpsTrafficOnly=safe,
        allowBlobPublicAccess=not safe,
        networkAcls={"defaultAction": "Deny" if safe else "Allow"},
    ) | {"kind": "StorageV2"}
    blobs = f"{item['id']}/blobServices/default"
    papers = {"id": f"{blobs}/containers/papers", "name": "papers"}
    papers["properties"] = {"publicAccess": "Container", "hasImmutabilityPolicy": safe}  # type: ignore[assignment]
    return {
        **listed(STORAGE, item),
        blobs: {"properties": {"isVersioningEnabled": safe}},
        f"{item['id']}{PERIMETERS}": {"value": []},
        f"{blobs}/containers": {"value": [papers]},
        f"{blobs}{LOGS}": logged("StorageRead StorageWrite StorageDelete", safe=safe),
    }


def machines(*, safe: bool) -> Mapping[str, Answer]:
    vm, nic, pip = "Microsoft.Compute/virtualMachines", "Microsoft.Network/networkInterfaces", "pip"
    address = (
        {}
        if safe
        else {
            "publicIPAddress": {"id": f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/{pip}"},
            "subnet": {"id": f"{GROUP}/providers/{NETWORK}/net/subnets/front"},
        }
    )
    interfaces = {"networkInterfaces": [{"id": f"{GROUP}/providers/{nic}/nic"}]}
    disk = {"networkAccessPolicy": "DenyAll" if safe else "AllowAll"}
    return {
        **listed(vm, entry(vm, "vm", networkProfile=interfaces)),
        **listed(nic, entry(nic, "nic", enableIPForwarding=not safe, ipConfigurations=[{"properties": address}])),
        **listed("Microsoft.Network/publicIPAddresses", entry("Microsoft.Network/publicIPAddresses", pip)),
        **listed("Microsoft.Compute/disks", entry("Microsoft.Compute/disks", "disk", **disk)),
        **listed("Microsoft.Compute/snapshots", entry("Microsoft.Compute/snapshots", "copy", **disk)),
    }


def networks(*, safe: bool) -> Mapping[str, Answer]:
    front = {"id": f"{GROUP}/providers/{NETWORK}/net/subnets/front", "properties": {}}
    item, watcher = entry(NETWORK, "net", subnets=[front]), entry(WATCHER, "w")
    log = entry(WATCHER, "w/flowLogs/f", targetResourceId=item["id"], enabled=safe)
    rule = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Deny" if safe else "Allow",
        "protocol": "*",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    guard = "Microsoft.Network/networkSecurityGroups"
    rules = [{"name": "all", "properties": rule}]
    return {
        **listed(NETWORK, item),
        **listed(WATCHER, watcher),
        f"{watcher['id']}/flowLogs": {"value": [log]},
        **listed(guard, entry(guard, "guard", securityRules=rules, subnets=[{"id": "/s"}])),
    }


def sql(*, safe: bool) -> Mapping[str, Answer]:
    item = entry(SQL, "db", publicNetworkAccess="Disabled" if safe else "Enabled")
    ledger = entry(SQL, "db/databases/ledger") | {"kind": "v12.0,user"}
    ledger["id"] = f"{item['id']}/databases/ledger"
    wide = {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}
    lock = {"id": f"{GROUP}/providers/Microsoft.Authorization/locks/l", "name": "l"}
    lock["properties"] = {"level": "CanNotDelete" if safe else "NotSpecified"}  # type: ignore[assignment]
    auditing = {"state": "Enabled", "isAzureMonitorTargetEnabled": True}
    return {
        **listed(SQL, item),
        **listed("Microsoft.Authorization/locks", lock),
        f"{item['id']}/firewallRules": {"value": [{"properties": wide}]},
        f"{item['id']}/ipv6FirewallRules": {"value": []},
        f"{item['id']}/virtualNetworkRules": {"value": []},
        f"{item['id']}{PERIMETERS}": {"value": []},
        f"{item['id']}/auditingSettings/default": {"properties": auditing},
        f"{item['id']}/databases/master{LOGS}": logged("SQLSecurityAuditEvents", safe=safe),
        f"{item['id']}/encryptionProtector/current": {"properties": {"serverKeyType": "ServiceManaged"}},
        f"{item['id']}/administrators": {
            "value": [{"properties": {"azureADOnlyAuthentication": True}}] if safe else []
        },
        f"{item['id']}/databases": {"value": [ledger]},
        f"{ledger['id']}/transparentDataEncryption/current": {
            "properties": {"state": "Enabled" if safe else "Disabled"}
        },
    }


def vaults(*, safe: bool) -> Mapping[str, Answer]:
    item = entry(VAULT, "safe", enableSoftDelete=True, enablePurgeProtection=safe, enableRbacAuthorization=safe)
    key = entry(VAULT, "safe/keys/k", attributes={"enabled": True})
    action = {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}
    whole = {"properties": {"rotationPolicy": {"lifetimeActions": [action] if safe else []}}}
    return {
        **listed(VAULT, item),
        f"{item['id']}{LOGS}": logged("AuditEvent", safe=safe),
        f"{item['id']}{PERIMETERS}": {"value": []},
        f"{item['id']}/keys": {"value": [key]},
        str(key["id"]): whole,
    }


def verdicts(answers: Mapping[str, Answer]) -> dict[tuple[str, str], str]:
    model = load_model([Path(providers.azure.__file__).with_name("responsibility.yaml")])
    estate = read(answers)
    assert estate.defects == ()
    # Only of kinds whose facts are all read here: the subscription's lie with identities and monitoring.
    checks = [check for check in dict(doors.checks()).values() if any(check.applies_to(kind) for kind in KINDS[1:])]
    findings = Evaluation(estate, checks, model, "scan", Tally())
    return {(one.check, one.resource.uid): one.status for one in findings}


@functools.cache
def whole(safe: bool) -> Mapping[tuple[str, str], str]:
    return verdicts(office(safe=safe))


SUBSCRIPTION = GROUP.partition("/resourceGroups")[0].lower()


@pytest.mark.parametrize("safe", [True, False])
def test_the_whole_office_is_decided(safe: bool) -> None:
    statuses: list[Any] = [status for (_, uid), status in whole(safe).items() if uid != SUBSCRIPTION]
    assert len(statuses) > 30
    assert {"pass", "fail"} <= set(statuses)
    undecided = {check for (check, uid), status in whole(safe).items() if status == "unknown" and uid != SUBSCRIPTION}
    assert undecided == {"machine-password-login", "software-unpatched"}  # a machine without a profile


@pytest.mark.parametrize("safe", [True, False])
@pytest.mark.parametrize("path", office(safe=True))
def test_a_refused_answer_leaves_each_verdict_or_makes_it_unknown(path: str, safe: bool) -> None:
    answers = {other: answer for other, answer in office(safe=safe).items() if other != path}
    found = verdicts(answers)
    for key, status in whole(safe).items():
        assert found.get(key, "unknown") in (status, "unknown"), key


def test_nothing_is_decided_where_everything_is_refused() -> None:
    assert set(verdicts({}).values()) == {"unknown"}
