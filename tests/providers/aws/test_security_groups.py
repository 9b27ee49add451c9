"""What security groups leave open, against addresses and ports that are tried one by one."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.network.ingress.firewall_open_ssh import open_ssh
from providers.aws.security_groups import PrefixList, SecurityGroup, openings_of
from scanner.facts import FromListing, Unread
from scanner.model import ListingGap
from tests.checks.judging import judge

RANGES = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/2", "64.0.0.0/2", "10.0.0.0/8", "203.0.113.7/32"]
RANGES_6 = ["::/0", "::/1", "8000::/1", "fd00::/8"]
# One address for each piece that the ranges cut the internet into, in no smaller one.
PIECES: Final = ("1.1.1.1", "65.0.0.1", "129.0.0.1")
PIECES_6: Final = ("2600::1", "9000::1")
PROTOCOLS = ["-1", "tcp", "6", "udp", "17", "icmp", "58", "47"]
EDGES = [0, 1, 22, 23, 443, 3389, 65535]


@st.composite
def permissions(draw: st.DrawFn) -> dict[str, Any]:
    protocol = draw(st.sampled_from(PROTOCOLS))
    first, last = sorted((draw(st.sampled_from(EDGES)), draw(st.sampled_from(EDGES))))
    ports = {"FromPort": first, "ToPort": last} if protocol in ("tcp", "6", "udp", "17") else {}
    ranges = draw(st.lists(st.sampled_from(RANGES), max_size=3))
    ranges_6 = draw(st.lists(st.sampled_from(RANGES_6), max_size=2))
    return {
        "IpProtocol": protocol,
        **ports,
        "IpRanges": [{"CidrIp": each} for each in ranges],
        "Ipv6Ranges": [{"CidrIpv6": each} for each in ranges_6],
    }


def taken(fact: str, item: dict[str, Any]) -> Any:
    source = SecurityGroup.facts[fact].source
    assert isinstance(source, FromListing)
    assert callable(source.take)
    return source.take(item)


def gets_in(items: list[dict[str, Any]], address: str, port: int, protocol: str) -> bool:
    """Whether some rule lets a packet in, by the definition."""
    numbers = {"tcp": ("tcp", "6", "-1"), "udp": ("udp", "17", "-1")}[protocol]
    return any(
        item["IpProtocol"] in numbers
        and item.get("FromPort", 0) <= port <= item.get("ToPort", 65535)
        and any(
            ip_address(address) in ip_network(range_)
            for range_ in (
                *(each["CidrIp"] for each in item["IpRanges"]),
                *(each["CidrIpv6"] for each in item["Ipv6Ranges"]),
            )
        )
        for item in items
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(permissions(), max_size=4))
def test_open_is_what_every_address_gets_into(items: list[dict[str, Any]]) -> None:
    openings = openings_of(taken("rules", {"IpPermissions": items}))
    for pieces, source in ((PIECES, "0.0.0.0/0"), (PIECES_6, "::/0")):
        for port in (*EDGES, 2, 24, 8080):
            for protocol in ("tcp", "udp"):
                open_to_all = all(gets_in(items, address, port, protocol) for address in pieces)
                said = any(one.source == source and one.reaches(port, protocol) for one in openings)
                assert said is open_to_all, (port, protocol, source)


def test_neighbours_of_one_rule_are_one_opening() -> None:
    items = [
        {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    ]
    (opening,) = openings_of(taken("rules", {"IpPermissions": items}))
    assert (opening.rule, opening.first, opening.last, opening.all_ports) == ("tcp all", 0, 65535, True)


def by_list(*lists: str, protocol: str = "tcp") -> dict[str, Any]:
    ports = {"FromPort": 22, "ToPort": 22} if protocol == "tcp" else {}
    return {"IpProtocol": protocol, **ports, "PrefixListIds": [{"PrefixListId": each} for each in lists]}


ANYWHERE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
HALF = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/1"}]}
DENIED = Unread.denied("ec2:GetManagedPrefixListEntries")
LISTS = (
    PrefixList.given("office", ranges=("203.0.113.0/24",)),
    PrefixList.given("other-half", ranges=("128.0.0.0/1",)),
    PrefixList.given("hidden", ranges=DENIED),
    PrefixList.given("of-aws", provider_owned=True, ranges=DENIED),
)


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ([], "pass"),
        ([ANYWHERE], "fail"),
        ([HALF], "pass"),
        ([{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}], "pass"),
        ([by_list("office")], "pass"),
        ([by_list("of-aws", protocol="-1")], "pass"),
        ([by_list("office", "of-aws")], "pass"),
        ([HALF, by_list("other-half")], "fail"),
        ([by_list("hidden")], "unknown"),
        ([by_list("deleted")], "unknown"),
        ([by_list("hidden"), by_list("office")], "unknown"),
    ],
)
def test_lists_count_as_what_is_on_them(permissions: list[dict[str, Any]], status: str) -> None:
    group = SecurityGroup.given(rules=taken("rules", {"IpPermissions": permissions}))
    assert judge(open_ssh, group.among(*LISTS)).status == status


def test_a_list_matters_only_where_it_is_named() -> None:
    """Neither lists that cannot be read nor a listing that is refused stand in the way of other groups."""
    group = SecurityGroup.given(rules=taken("rules", {"IpPermissions": [ANYWHERE]}))
    gap = ListingGap(PrefixList, "here", Unread.denied("ec2:DescribeManagedPrefixLists"))
    assert judge(open_ssh, group.among(*LISTS, gaps=[gap])).status == "fail"
    named = SecurityGroup.given(rules=taken("rules", {"IpPermissions": [by_list("deleted")]}))
    assert judge(open_ssh, named.among(*LISTS, gaps=[gap])).needs == ("ec2:DescribeManagedPrefixLists",)
