"""Networks and their flow logs, and which security groups guard anything."""

from __future__ import annotations

from typing import Any

import pytest

from providers.azure.network import VirtualNetwork
from scanner.facts import UnreadFact
from scanner.provider import AskFailed
from tests.providers.azure.kinds.desk import GROUP, Answers, entry, listed, only, read, refused

VNET = "Microsoft.Network/virtualNetworks"
WATCHER = "Microsoft.Network/networkWatchers"
NSG = "Microsoft.Network/networkSecurityGroups"
NETWORK_ID = f"{GROUP}/providers/{VNET}/net"
GUARD = f"{GROUP}/providers/{NSG}/guard"


def subnet(name: str, guard: str | None = None) -> dict[str, Any]:
    properties: dict[str, Any] = {"addressPrefix": "10.0.0.0/24"}
    if guard:
        properties["networkSecurityGroup"] = {"id": guard}
    return {"id": f"{NETWORK_ID}/subnets/{name}", "name": name, "properties": properties}


def flow_log(target: str, *, enabled: bool = True) -> dict[str, Any]:
    name = target.rpartition("/")[2]
    return entry(WATCHER, f"w/flowLogs/{name}", targetResourceId=target, enabled=enabled)


def logs(*entries: dict[str, Any]) -> Answers:
    watcher = entry(WATCHER, "w")
    return {**listed(WATCHER, watcher), f"{watcher['id']}/flowLogs": {"value": list(entries)}}


def network(subnets: list[dict[str, Any]], others: Answers) -> VirtualNetwork:
    item = entry(VNET, "net", subnets=subnets, addressSpace={"addressPrefixes": ["10.0.0.0/8"]})
    return only(read({**listed(VNET, item), **others}, VirtualNetwork), VirtualNetwork)


TWO = [subnet("a", GUARD), subnet("b")]


@pytest.mark.parametrize(
    ("found", "logged"),
    [
        ([], False),
        ([flow_log(NETWORK_ID.upper())], True),
        ([flow_log(NETWORK_ID, enabled=False)], False),
        ([flow_log(f"{NETWORK_ID}/subnets/a")], False),
        ([flow_log(f"{NETWORK_ID}/subnets/a"), flow_log(f"{NETWORK_ID}/subnets/b")], True),
        ([flow_log(GUARD), flow_log(f"{NETWORK_ID}/subnets/b")], True),
        ([flow_log(GUARD)], False),
        ([flow_log(f"{NETWORK_ID}2")], False),
    ],
)
def test_a_network_is_logged_whole_or_subnet_by_subnet(found: list[dict[str, Any]], logged: bool) -> None:
    assert network(TWO, logs(*found)).flow_logged is logged


def test_a_network_without_subnets_is_logged_only_whole() -> None:
    assert network([], logs()).flow_logged is False
    assert network([], logs(flow_log(NETWORK_ID))).flow_logged is True


def test_flow_logs_that_were_not_read_leave_it_unknown() -> None:
    watcher = entry(WATCHER, "w")
    whole: dict[str, Any | AskFailed] = {**listed(WATCHER, watcher), f"{watcher['id']}/flowLogs": refused()}
    for others in ({}, whole):
        with pytest.raises(UnreadFact):
            assert network(TWO, others).flow_logged
