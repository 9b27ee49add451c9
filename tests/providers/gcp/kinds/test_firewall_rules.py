"""Openings of firewall rules, against a tiny evaluator that asks every rule about one packet."""

from __future__ import annotations

import ipaddress
import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from providers.gcp.firewall_rules import Rule, openings, rule_of
from providers.gcp.network import GcpFirewallRule
from tests.providers.gcp.kinds.papers import read

_NETWORK = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/"
_PORTS = (22, 80, 443, 3389, 60000)
_ADDRESSES = ("1.2.3.4", "200.1.2.3", "2a00::1")
_PROTOCOLS = ("tcp", "udp", "icmp", "esp")


def entry(name: str, **members: Any) -> dict[str, Any]:
    return {
        "name": name,
        "network": f"{_NETWORK}{members.pop('on', 'net')}",
        "selfLink": f"https://www.googleapis.com/compute/v1/projects/my-project/global/firewalls/{name}",
        **members,
    }


_TRAFFIC = st.builds(
    lambda protocol, ports: {"IPProtocol": protocol, **({"ports": ports} if ports else {})},
    st.sampled_from(["tcp", "udp", "6", "17"]),
    st.lists(st.sampled_from(["22", "80", "443", "20-100", "0-65535", "1-65535", "3389-60000"]), max_size=2),
) | st.sampled_from([{"IPProtocol": "all"}, {"IPProtocol": "icmp"}, {"IPProtocol": "esp"}])
_ENTRIES = st.builds(
    lambda verb, traffic, **members: {verb: traffic, **{k: v for k, v in members.items() if v is not None}},
    st.sampled_from(["allowed", "denied"]),
    st.lists(_TRAFFIC, min_size=1, max_size=2),
    priority=st.sampled_from([None, 0, 900, 1000, 1100]),
    direction=st.sampled_from([None, "INGRESS", "INGRESS", "EGRESS"]),
    disabled=st.sampled_from([None, False, False, True]),
    on=st.sampled_from(["net", "net", "other"]),
    sourceRanges=st.none()
    | st.lists(
        st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "::/0", "1.2.3.4/32"]),
        min_size=1,
        max_size=2,
        unique=True,
    ),
    sourceTags=st.sampled_from([None, None, ["inner"]]),
    targetTags=st.none() | st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2, unique=True),
)


def matches(item: dict[str, Any], address: str, protocol: str, port: int, tags: set[str]) -> bool:
    """Whether one rule is about a packet from the internet to a machine with tags."""
    if item.get("disabled") or item.get("direction", "INGRESS") != "INGRESS":
        return False
    if item.get("targetTags") and not tags & set(item["targetTags"]):
        return False
    ranges = item.get("sourceRanges") or ([] if item.get("sourceTags") else ["0.0.0.0/0"])
    if not any(ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in ranges):
        return False
    numbers = {"6": "tcp", "17": "udp"}
    for one in item.get("allowed", item.get("denied", [])):
        if numbers.get(one["IPProtocol"], one["IPProtocol"]) in ("all", protocol):
            spans = [text.split("-") for text in one.get("ports", ["0-65535"])]
            if any(int(span[0]) <= port <= int(span[-1]) for span in spans):
                return True
    return False


def lets_in(item: dict[str, Any], others: list[dict[str, Any]], protocol: str, port: int) -> bool:
    """Whether a stranger somewhere gets to some machine by this rule, as no rule before it refuses."""
    for address, tags in itertools.product(_ADDRESSES, ({*()}, {"a"}, {"b"}, {"a", "b"})):
        if "allowed" in item and matches(item, address, protocol, port, tags):
            refused = any(
                "denied" in other
                and other["network"] == item["network"]
                and other.get("priority", 1000) <= item.get("priority", 1000)
                and matches(other, address, protocol, port, tags)
                for other in others
            )
            narrow = not any(
                ipaddress.ip_address(address) in ipaddress.ip_network(one) and not one.endswith("/32")
                for one in item.get("sourceRanges") or ["0.0.0.0/0"]
            )
            if not refused and not narrow:
                return True
    return False


def reached(rule: Rule, others: list[Rule], protocol: str, port: int) -> bool:
    found = openings(rule, others)
    if protocol in ("tcp", "udp"):
        return any(one.reaches(port, "tcp" if protocol == "tcp" else "udp") for one in found)
    name = "icmp" if protocol == "icmp" else "other"
    return any(one.protocol in (name, "any") for one in found)


@settings(max_examples=300, deadline=None)
@given(st.lists(_ENTRIES, min_size=1, max_size=5))
def test_openings_are_what_a_packet_finds(drawn: list[dict[str, Any]]) -> None:
    # A refusal of single addresses never closes anything to the whole internet, so that the evaluator leaves it out.
    items = [entry(f"r{number}", **one) for number, one in enumerate(drawn)]
    wide = [
        {**one, "sourceRanges": [r for r in one["sourceRanges"] if not r.endswith("/32")] or ["10.0.0.0/8"]}
        if "denied" in one and "sourceRanges" in one
        else one
        for one in items
    ]
    rules = [rule_of(one) for one in items]
    for item, rule in zip(items, rules, strict=True):
        for protocol, port in itertools.product(_PROTOCOLS, _PORTS):
            assert reached(rule, rules, protocol, port) == lets_in(item, wide, protocol, port), (item, protocol, port)


@settings(max_examples=100, deadline=None)
@given(st.lists(_ENTRIES, min_size=1, max_size=5), st.randoms())
def test_the_order_of_rules_means_nothing(drawn: list[dict[str, Any]], random: Any) -> None:
    rules = [rule_of(entry(f"r{number}", **one)) for number, one in enumerate(drawn)]
    mixed = list(rules)
    random.shuffle(mixed)
    assert [openings(rule, rules) for rule in rules] == [openings(rule, mixed) for rule in rules]


@settings(max_examples=100, deadline=None)
@given(st.lists(_ENTRIES, min_size=1, max_size=5), _ENTRIES)
def test_one_more_refusal_opens_nothing(drawn: list[dict[str, Any]], more: dict[str, Any]) -> None:
    rules = [rule_of(entry(f"r{number}", **one)) for number, one in enumerate(drawn)]
    refusal = rule_of(entry("more", **{**more, "denied": more.get("allowed", more.get("denied"))}))
    for rule, protocol, port in itertools.product(rules, _PROTOCOLS, _PORTS):
        if reached(rule, [*rules, refusal], protocol, port):
            assert reached(rule, rules, protocol, port)


def opened(*entries: dict[str, Any], name: str) -> list[tuple[str, int, int, str]]:
    pages = {"/compute/v1/projects/my-project/global/firewalls": {"items": list(entries)}}
    (rule,) = [one for one in read(pages, GcpFirewallRule, GcpFirewallRule.openings) if one.name == name]
    return [(one.protocol, one.first, one.last, one.source) for one in rule.openings]


SSH = entry("ssh", allowed=[{"IPProtocol": "tcp", "ports": ["22"]}], sourceRanges=["0.0.0.0/0"], targetTags=["web"])


def test_defaults_are_googles() -> None:
    assert opened(SSH, name="ssh") == [("tcp", 22, 22, "0.0.0.0/0")]
    bare = entry("bare", allowed=[{"IPProtocol": "all"}])
    assert opened(bare, name="bare") == [("any", 0, 65535, "0.0.0.0/0")]
    six = entry("six", allowed=[{"IPProtocol": "58"}, {"IPProtocol": "tcp"}], sourceRanges=["::/0"])
    assert opened(six, name="six") == [("icmp", 0, 65535, "::/0"), ("tcp", 0, 65535, "::/0")]


def test_what_comes_from_machines_or_narrow_ranges_is_not_open() -> None:
    assert opened({**SSH, "sourceRanges": []} | {"sourceTags": ["bastion"]}, name="ssh") == []
    assert opened({**SSH, "sourceRanges": ["10.0.0.0/8", "203.0.113.0/24", "fc00::/7"]}, name="ssh") == []
    assert opened({**SSH, "sourceRanges": ["203.0.113.0/24", "0.0.0.0/0"]}, name="ssh") != []
    halves = {**SSH, "sourceRanges": ["0.0.0.0/1", "128.0.0.0/1"]}
    assert opened(halves, name="ssh") == [("tcp", 22, 22, "0.0.0.0/1")]


def test_a_refusal_counts_only_before_and_for_all_the_same_machines() -> None:
    refusal = entry("no", denied=[{"IPProtocol": "all"}], sourceRanges=["0.0.0.0/0"], priority=900)
    assert opened(SSH, refusal, name="ssh") == []
    assert opened(SSH, {**refusal, "priority": 1000}, name="ssh") == []
    assert opened(SSH, {**refusal, "priority": 1001}, name="ssh") != []
    assert opened(SSH, {**refusal, "disabled": True}, name="ssh") != []
    assert opened(SSH, {**refusal, "direction": "EGRESS"}, name="ssh") != []
    assert opened(SSH, {**refusal, "network": f"{_NETWORK}elsewhere"}, name="ssh") != []
    assert opened(SSH, {**refusal, "targetTags": ["web", "db"]}, name="ssh") == []
    assert opened(SSH, {**refusal, "targetTags": ["db"]}, name="ssh") != []
    assert opened(SSH, {**refusal, "destinationRanges": ["10.0.0.1/32"]}, name="ssh") != []
    assert opened(SSH, {**refusal, "sourceRanges": ["203.0.113.0/24"]}, name="ssh") != []
    assert opened(SSH, {**refusal, "denied": [{"IPProtocol": "tcp", "ports": ["80"]}]}, name="ssh") != []
    everything = entry("all", allowed=[{"IPProtocol": "all"}])
    some = {**refusal, "denied": [{"IPProtocol": "tcp", "ports": ["22"]}]}
    assert ("tcp", 0, 21, "0.0.0.0/0") in opened(everything, some, name="all")
    assert ("tcp", 23, 65535, "0.0.0.0/0") in opened(everything, some, name="all")
    assert ("udp", 0, 65535, "0.0.0.0/0") in opened(everything, some, name="all")


def test_rules_of_clusters_are_googles() -> None:
    made = entry("gke-c-1234-vms", allowed=[{"IPProtocol": "all"}], targetTags=["gke-c-1234-node"])
    pages = {"/compute/v1/projects/my-project/global/firewalls": {"items": [made, SSH]}}
    owned = {one.name: one.identity.provider_owned for one in read(pages, GcpFirewallRule, GcpFirewallRule.rule)}
    assert owned == {"gke-c-1234-vms": True, "ssh": False}
    pages = {"/compute/v1/projects/my-project/global/firewalls": {"items": [{**made, "targetTags": ["web"]}]}}
    assert not read(pages, GcpFirewallRule, GcpFirewallRule.rule)[0].identity.provider_owned
