"""What a security group leaves open is what packets from all over the internet find open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.azure.network import SecurityGroup
from providers.azure.nsg import inbound_rules, openings
from scanner.facts import UnreadFact
from scanner.kinds import Opening
from tests.effort import effort
from tests.providers.azure.kinds.desk import entry, listed, only, read
from tests.providers.azure.kinds.packets import Packet, admitted

GROUP_TYPE = "Microsoft.Network/networkSecurityGroups"
WIDE = ("*", "Internet", "0.0.0.0/0", "::/0")
NARROW = (
    "203.0.113.0/24",
    "198.51.100.7",
    "10.0.0.0/8",
    "VirtualNetwork",
    "AzureLoadBalancer",
    "Storage",
    "2001:db8::/64",
)
MACHINES = ("*", "VirtualNetwork", "10.0.0.4", "10.0.1.0/24", "0.0.0.0/0", "fd00::/64", "Internet", "Sql")
GROUPS = ("/asg/web", "/asg/data")
PORTS = ("*", "22", "3389", "20-25", "0-65535", "1024-65535", "1-1")
PROTOCOLS = ("*", "Tcp", "Udp", "Icmp", "Esp")
ALL_OVER = {
    4: [f"{first}.77.1.9" for first in range(12, 224, 6) if first not in (172, 192)],
    6: [f"2{first:x}0:5:{first:x}::9" for first in range(0x10, 0xF0, 9)],
}
"""Addresses that no narrow source takes in."""
PROBED = {"Tcp": "tcp", "Udp": "udp", "Icmp": "icmp", "Esp": "other"}
PLACES = {4: ("10.0.0.4", "10.0.1.8", "10.9.9.9", *GROUPS), 6: ("fd00::4", "fd01::1", *GROUPS)}


def rule(priority: int, access: str = "Allow", **members: Any) -> dict[str, Any]:
    properties = {
        "priority": priority,
        "access": access,
        "direction": "Inbound",
        "protocol": "Tcp",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    return {"name": f"rule-{priority}", "properties": {**properties, **members}}


def left_open(*rules: dict[str, Any]) -> tuple[Opening, ...]:
    return openings(inbound_rules({"properties": {"securityRules": list(rules)}}))


@st.composite
def rule_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    priorities = draw(st.lists(st.integers(100, 120), max_size=6, unique=True))
    return [_drawn(draw, priority) for priority in priorities]


def _drawn(draw: st.DrawFn, priority: int) -> dict[str, Any]:
    protocol = draw(st.sampled_from(PROTOCOLS))
    ports = st.sampled_from(PORTS if protocol in ("*", "Tcp", "Udp") else ("*",))
    groups = st.sampled_from(GROUPS).map(
        lambda group: {"destinationAddressPrefix": "", "destinationApplicationSecurityGroups": [{"id": group}]}
    )
    machines = st.sampled_from(MACHINES).map(lambda text: {"destinationAddressPrefix": text})
    machine: dict[str, Any] = draw(st.one_of(machines, groups))
    return rule(
        priority,
        draw(st.sampled_from(("Allow", "Deny"))),
        direction=draw(st.sampled_from(("Inbound", "Inbound", "Inbound", "Outbound"))),
        protocol=protocol,
        sourceAddressPrefix="",
        sourceAddressPrefixes=draw(st.lists(st.sampled_from((*WIDE, *NARROW)), min_size=1, max_size=3)),
        sourcePortRange=draw(st.sampled_from(("*", "*", "1024-65535", "53"))) if protocol in ("Tcp", "Udp") else "*",
        destinationPortRange="",
        destinationPortRanges=draw(st.lists(ports, min_size=1, max_size=2)),
        **machine,
    )


def open_to_packets(rules: list[dict[str, Any]], protocol: str, port: int) -> bool:
    """Whether there is a machine that packets from all over one internet get to; who sends chooses the source port."""
    return any(
        all(
            any(admitted(rules, Packet(protocol, source, source_port, place, port)) for source_port in (53, 700, 40000))
            for source in ALL_OVER[version]
        )
        for version, places in PLACES.items()
        for place in places
    )


@settings(max_examples=effort(150), deadline=None)
@given(rule_lists(), st.sampled_from(tuple(PROBED)), st.sampled_from((0, 1, 2, 20, 22, 26, 1023, 1024, 3389, 65535)))
def test_openings_are_what_packets_find_open(rules: list[dict[str, Any]], protocol: str, port: int) -> None:
    found = left_open(*rules)
    transport = PROBED[protocol]
    if transport in ("tcp", "udp"):
        told = any(one.reaches(port, "tcp" if transport == "tcp" else "udp") for one in found)
    elif any(one.protocol == "any" for one in found):
        return  # openings of all protocols are told by ports, which this protocol has not
    else:
        told = any(one.protocol == transport for one in found)
    assert told is open_to_packets(rules, protocol, port)


def test_all_protocols_and_ports_are_one_opening() -> None:
    assert left_open(rule(100, protocol="*")) == (Opening("rule-100", "any", 0, 65535, "*"),)
    assert left_open(rule(100, protocol="*"))[0].all_ports


def test_a_refusal_that_ranks_higher_is_taken_off() -> None:
    refusal = rule(100, "Deny", destinationPortRange="3389")
    assert left_open(refusal, rule(200)) == (
        Opening("rule-200", "tcp", 0, 3388, "*"),
        Opening("rule-200", "tcp", 3390, 65535, "*"),
    )
    assert left_open(rule(50), refusal) == (Opening("rule-50", "tcp", 0, 65535, "*"),)


def test_a_refusal_of_one_protocol_leaves_the_others() -> None:
    found = left_open(rule(100, "Deny", protocol="Tcp"), rule(200, protocol="*"))
    assert {one.protocol for one in found} == {"udp", "icmp", "other"}
    assert not any(one.reaches(22) for one in found)


def test_a_refusal_of_a_part_of_the_internet_does_not_close_it() -> None:
    assert left_open(rule(100, "Deny", sourceAddressPrefix="198.51.100.0/24"), rule(200, destinationPortRange="22"))
    assert left_open(rule(100, "Deny", sourceAddressPrefix="AzureCloud"), rule(200, destinationPortRange="22"))
    assert left_open(rule(100, "Deny", sourcePortRange="53"), rule(200, destinationPortRange="22"))
    assert left_open(rule(100, "Deny", destinationAddressPrefix="10.0.0.4"), rule(200, destinationPortRange="22"))


def test_two_halves_of_the_internet_are_the_internet() -> None:
    halves: dict[str, Any] = {"sourceAddressPrefix": "", "sourceAddressPrefixes": ["0.0.0.0/1", "128.0.0.0/1"]}
    assert [one.first for one in left_open(rule(100, destinationPortRange="22", **halves))] == [22]
    shut = rule(90, "Deny", **halves)
    assert left_open(shut, rule(100, sourceAddressPrefix="0.0.0.0/0")) == ()


def test_the_open_ipv6_internet_is_open() -> None:
    [found] = left_open(rule(100, sourceAddressPrefix="::/0", destinationPortRange="22"))
    assert found == Opening("rule-100", "tcp", 22, 22, "::/0")
    assert left_open(rule(90, "Deny", sourceAddressPrefix="0.0.0.0/0"), rule(100, destinationPortRange="22"))


@pytest.mark.parametrize("source", ["VirtualNetwork", "AzureLoadBalancer", "Storage", "10.0.0.0/8", "203.0.113.0/24"])
def test_networks_that_are_not_the_internet_open_nothing(source: str) -> None:
    assert left_open(rule(100, sourceAddressPrefix=source)) == ()


def test_sources_known_by_their_group_open_nothing() -> None:
    assert left_open(rule(100, sourceAddressPrefix="", sourceApplicationSecurityGroups=[{"id": "/asg/web"}])) == ()


def test_outbound_rules_and_refusals_open_nothing() -> None:
    assert left_open(rule(100, direction="Outbound"), rule(110, "Deny")) == ()


@pytest.mark.parametrize("members", [{"access": "Perhaps"}, {"direction": "Sideways"}, {"destinationPortRange": "ssh"}])
def test_words_that_nobody_documents_are_not_guessed_at(members: dict[str, str]) -> None:
    item = rule(100)
    item["properties"] |= members
    with pytest.raises(ValueError, match=r"."):
        left_open(item)


def scattered(count: int) -> list[dict[str, Any]]:
    """Refusals that differ on every side, and then a rule that lets everything in."""
    refusals = [
        rule(
            number,
            "Deny",
            sourceAddressPrefix=f"{number % 199 + 12}.{number % 251}.0.0/16",
            destinationAddressPrefix=f"10.{number * 7 % 256}.0.0/16",
            destinationPortRange=f"{number * 31 % 50000}-{number * 31 % 50000 + number * 17 % 9000}",
        )
        for number in range(count)
    ]
    return [*refusals, rule(4096, protocol="*")]


def test_a_group_that_takes_too_much_work_is_not_known() -> None:
    item = entry(GROUP_TYPE, "guard", securityRules=scattered(999))
    found = only(read(listed(GROUP_TYPE, item), SecurityGroup), SecurityGroup)
    with pytest.raises(UnreadFact) as gap:
        assert found.openings
    assert gap.value.unread[0].why == "not-yet-known"
    few = only(
        read(listed(GROUP_TYPE, entry(GROUP_TYPE, "few", securityRules=scattered(40))), SecurityGroup), SecurityGroup
    )
    assert few.openings


def test_long_lists_of_refused_addresses_cost_little() -> None:
    """Five hundred rules, as many as there are in groups with a list of refused networks."""
    refusals = [
        rule(number, "Deny", protocol="*", sourceAddressPrefix=f"{number % 199 + 12}.{number % 251}.0.0/16")
        for number in range(250)
    ]
    allowed = [rule(1000 + number, destinationPortRange=str(number)) for number in range(250)]
    assert len(left_open(*refusals, *allowed)) == 250
