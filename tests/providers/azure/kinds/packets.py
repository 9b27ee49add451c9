"""A second reading of security rules, packet by packet, that shares nothing with the first."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Packet:
    protocol: str
    source: str
    source_port: int
    destination: str
    """An address, or the id of an application security group that the machine is in."""
    port: int


def admitted(entries: Sequence[Mapping[str, Any]], packet: Packet) -> bool:
    """Whether a packet from the internet gets in: the first rule that matches decides, and at last nobody does."""
    for entry in sorted(entries, key=lambda one: one["properties"]["priority"]):
        rule = entry["properties"]
        if rule["direction"] == "Inbound" and _matches(rule, packet):
            return bool(rule["access"] == "Allow")
    return False


def _matches(rule: Mapping[str, Any], packet: Packet) -> bool:
    if rule["protocol"] not in ("*", packet.protocol):
        return False
    if not any(_holds_address(text, packet.source, "Internet") for text in _members(rule, "sourceAddressPrefix", "es")):
        return False
    if not _for_machine(rule, packet):
        return False
    ported = packet.protocol in ("Tcp", "Udp")
    ports, source_ports = _members(rule, "destinationPortRange"), _members(rule, "sourcePortRange")
    if not ported:
        return any(text in ("*", "0-65535") for text in ports)
    return any(_holds_port(text, packet.port) for text in ports) and any(
        _holds_port(text, packet.source_port) for text in source_ports
    )


def _for_machine(rule: Mapping[str, Any], packet: Packet) -> bool:
    groups = [one["id"] for one in rule.get("destinationApplicationSecurityGroups", ())]
    if packet.destination in groups:
        return True
    texts = _members(rule, "destinationAddressPrefix", "es")
    if packet.destination.startswith("/"):
        return any(text in ("*", "VirtualNetwork") or text == _everything(packet.source) for text in texts)
    return any(_holds_address(text, packet.destination, "VirtualNetwork") for text in texts)


def _everything(address: str) -> str:
    return "::/0" if ":" in address else "0.0.0.0/0"


def _members(rule: Mapping[str, Any], name: str, plural: str = "s") -> Iterable[str]:
    return [*rule.get(name + plural, ()), *([rule[name]] if rule.get(name) else [])]


def _holds_address(text: str, address: str, everything: str) -> bool:
    if text in ("*", everything):
        return True
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(text)
    except ValueError:
        return False


def _holds_port(text: str, port: int) -> bool:
    first, _, last = text.partition("-")
    return text == "*" or int(first) <= port <= int(last or first)
