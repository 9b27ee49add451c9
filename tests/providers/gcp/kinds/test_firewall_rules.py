"""Openings of firewall rules, against a tiny evaluator that asks every rule about one packet."""

from __future__ import annotations

import ipaddress
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.gcp.firewall_openings import openings, policy_openings
from providers.gcp.firewall_policies import policies_of
from providers.gcp.firewall_rules import Rule, rule_of
from providers.gcp.network import GcpFirewallRule, GcpNetwork
from scanner.facts import UnreadFact
from tests.effort import effort
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


NAMELESS = "253"
"""A protocol that only rules of all protocols speak of: https://www.rfc-editor.org/rfc/rfc3692"""
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


def lets_some_in(item: dict[str, Any], others: list[dict[str, Any]], protocol: str, port: int) -> bool:
    """The same, where an opening tells all protocols but three as one: a refused one leaves the others open."""
    alike = (protocol, NAMELESS) if protocol == "esp" else (protocol,)
    return any(lets_in(item, others, each, port) for each in alike)


def reached(rule: Rule, others: list[Rule], protocol: str, port: int) -> bool:
    found = openings(rule, others)
    if protocol in ("tcp", "udp"):
        return any(one.reaches(port, "tcp" if protocol == "tcp" else "udp") for one in found)
    name = "icmp" if protocol == "icmp" else "other"
    return any(one.protocol in (name, "any") for one in found)


@settings(max_examples=effort(300), deadline=None)
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
            told = lets_some_in(item, wide, protocol, port)
            assert reached(rule, rules, protocol, port) == told, (item, protocol, port)


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


_NAMES = ("net", "other", "elsewhere")
NETWORKS: dict[str, Any] = {
    "/compute/v1/projects/my-project/global/networks": {
        "items": [{"name": name, "selfLink": f"{_NETWORK}{name}"} for name in _NAMES]
    },
    **{f"/compute/v1/projects/my-project/global/networks/{name}/getEffectiveFirewalls": {} for name in _NAMES},
}


def opened(*entries: dict[str, Any], name: str) -> list[tuple[str, int, int, str]]:
    pages = {"/compute/v1/projects/my-project/global/firewalls": {"items": list(entries)}, **NETWORKS}
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


def policy_rule(action: str, priority: int, *ports: str, **members: Any) -> dict[str, Any]:
    match = {"srcIpRanges": ["0.0.0.0/0"], **members.pop("match", {})}
    layer = {"ipProtocol": "tcp", "ports": list(ports)} if ports else {"ipProtocol": "all"}
    match = {"layer4Configs": [layer], **{name: value for name, value in match.items() if value}}
    return {"action": action, "priority": priority, "direction": "INGRESS", "match": match, **members}


def under(*policies: tuple[str, list[dict[str, Any]]], rules: Any = (SSH,), **network: Any) -> Any:
    """What the rules of a network, and the policies in effect on it, leave open; or why that is not known."""
    told = [
        {"name": str(number), "shortName": f"p{number}", "type": sort, "rules": inner}
        for number, (sort, inner) in enumerate(policies)
    ]
    root = "/compute/v1/projects/my-project/global"
    pages: dict[str, Any] = {
        f"{root}/firewalls": {"items": list(rules)},
        f"{root}/networks": {"items": [{"name": "net", "selfLink": f"{_NETWORK}net", **network}]},
        f"{root}/networks/net/getEffectiveFirewalls": {"firewallPolicys": told} if told else {},
    }

    def ports(kind: Any) -> Any:
        try:
            return [
                (one.rule, one.first, one.last) for each in read(pages, kind, kind.openings) for one in each.openings
            ]
        except UnreadFact as gap:
            return gap.unread[0].why

    return ports(GcpFirewallRule), ports(GcpNetwork)


OPEN = [("ssh", 22, 22)]
HIERARCHY, NETWORK = "HIERARCHY", "NETWORK"
LATER = policy_rule("goto_next", 2147483647)
BY_GROUP = {"match": {"srcIpRanges": [], "srcAddressGroups": ["organizations/1/locations/global/addressGroups/g"]}}


def test_a_policy_above_refuses_what_a_rule_lets_in() -> None:
    assert under() == (OPEN, [])
    assert under((HIERARCHY, [policy_rule("deny", 1, "22"), LATER])) == ([], [])
    assert under((HIERARCHY, [policy_rule("deny", 1)])) == ([], [])
    assert under((HIERARCHY, [LATER]), (HIERARCHY, [policy_rule("deny", 1, "20-30")])) == ([], [])
    for nothing in (
        policy_rule("deny", 1, "23"),
        policy_rule("deny", 1, "22", disabled=True),
        policy_rule("deny", 1, "22", direction="EGRESS"),
        policy_rule("deny", 1, "22", match={"srcIpRanges": ["203.0.113.0/24"]}),
        policy_rule("deny", 1, "22", targetServiceAccounts=["a@b.iam.gserviceaccount.com"]),
        policy_rule("deny", 1, "22", match={"srcIpRanges": [], "srcRegionCodes": ["KP"]}),
        policy_rule("deny", 1, "22", match={"srcNetworkType": "NON_INTERNET"}),
    ):
        assert under((HIERARCHY, [nothing])) == (OPEN, [])


def test_the_first_rule_of_a_policy_that_fits_decides() -> None:
    refusal = policy_rule("deny", 2, "22")
    assert under((HIERARCHY, [refusal, policy_rule("goto_next", 1, "22")])) == (OPEN, [])
    assert under((HIERARCHY, [refusal, policy_rule("goto_next", 3, "22")])) == ([], [])
    assert under((HIERARCHY, [policy_rule("goto_next", 1, "22")]), (HIERARCHY, [refusal])) == ([], [])
    assert under((HIERARCHY, [policy_rule("allow", 1, "22"), refusal])) == (OPEN, [("1 of policy p0", 22, 22)])
    assert under((HIERARCHY, [policy_rule("allow", 3, "22"), refusal])) == ([], [])


def test_a_policy_opens_what_no_rule_does() -> None:
    opens = policy_rule("allow", 5, "3389", ruleName="desktops")
    told = [("desktops of policy p0", 3389, 3389)]
    assert under((HIERARCHY, [opens]), rules=()) == ([], told)
    assert under((HIERARCHY, [{**opens, "action": "apply_security_profile_group"}]), rules=()) == ([], told)
    assert under((HIERARCHY, [opens | {"targetSecureTags": [{"name": "tagValues/1"}]}]), rules=()) == ([], told)
    assert under((NETWORK, [opens]), rules=()) == ([], told)
    assert under(("SYSTEM", [opens]), rules=()) == ([], [])
    for shut in (
        {"srcIpRanges": ["10.0.0.0/8"]},
        {"srcNetworkContext": "INTRA_VPC"},
        {"srcIpRanges": [], "srcFqdns": ["a.example"]},
    ):
        assert under((HIERARCHY, [policy_rule("allow", 5, "3389", match=shut)]), rules=()) == ([], [])
    anything = policy_rule("allow", 5, "22", match={"srcIpRanges": [], "srcNetworkType": "INTERNET"})
    both = [("5 of policy p0", 22, 22)] * 2  # from IPv4 and IPv6
    assert under((HIERARCHY, [anything]), rules=())[1] == both


def test_policies_of_the_network_come_after_its_rules_or_before() -> None:
    refusal, opens = policy_rule("deny", 1, "22"), policy_rule("allow", 1, "3389")
    no = entry("no", denied=[{"IPProtocol": "tcp"}], sourceRanges=["0.0.0.0/0"], priority=65534)
    first = {"networkFirewallPolicyEnforcementOrder": "BEFORE_CLASSIC_FIREWALL"}
    assert under((NETWORK, [refusal])) == (OPEN, [])
    assert under((NETWORK, [refusal]), **first) == ([], [])
    assert under((NETWORK, [opens]), rules=(no,)) == ([], [])
    assert under((NETWORK, [opens]), rules=(no,), **first) == ([], [("1 of policy p0", 3389, 3389)])
    assert under((NETWORK, [opens]), rules=({**no, "targetTags": ["web"]},))[1] == [("1 of policy p0", 3389, 3389)]
    assert under((NETWORK, [opens]), rules=({**no, "network": f"{_NETWORK}other"},))[1] == [
        ("1 of policy p0", 3389, 3389)
    ]


def test_policies_of_a_region_open_and_are_tried_last() -> None:
    root = "/compute/v1/projects/my-project/global"
    policy = {
        "name": "desktops",
        "selfLink": f"{_NETWORK.replace('global/networks/', 'regions/eu/firewallPolicies/desktops')}",
        "region": "https://www.googleapis.com/compute/v1/projects/my-project/regions/eu",
        "associations": [{"name": "net", "attachmentTarget": f"{_NETWORK}net"}],
        "rules": [policy_rule("allow", 1, "3389", ruleName="one")],
    }

    def opened_by(*above: dict[str, Any], **members: Any) -> list[tuple[str, int]]:
        told = {"firewallPolicys": [{"name": "p", "type": NETWORK, "rules": list(above)}]} if above else {}
        pages: dict[str, Any] = {
            f"{root}/networks": {"items": [{"name": "net", "selfLink": f"{_NETWORK}net"}]},
            f"{root}/networks/net/getEffectiveFirewalls": told,
            "/compute/v1/projects/my-project/aggregated/firewallPolicies": {"items": [policy | members]},
        }
        return [(one.rule, one.first) for one in read(pages, GcpNetwork, GcpNetwork.openings)[0].openings]

    assert opened_by() == [("one of policy desktops in eu", 3389)]
    assert opened_by(policy_rule("deny", 1)) == []
    assert opened_by(associations=[{"name": "n", "attachmentTarget": f"{_NETWORK}other"}]) == []
    assert opened_by(associations=[]) == []
    # One of the whole network is in effect, and told as such, or it is not.
    assert opened_by(region="") == []


def test_groups_of_addresses_leave_open_only_what_depends_on_them() -> None:
    refusal, opens = policy_rule("deny", 1, "22", **BY_GROUP), policy_rule("allow", 1, "3389", **BY_GROUP)
    assert under((HIERARCHY, [refusal])) == ("not-yet-known", [])
    assert under((HIERARCHY, [refusal]), rules=()) == ([], [])
    assert under((HIERARCHY, [opens])) == (OPEN, "not-yet-known")
    everybody = {"match": {"srcIpRanges": ["0.0.0.0/0", "::/0"]}}
    assert under((HIERARCHY, [policy_rule("deny", 0, **everybody), opens])) == ([], [])
    country = policy_rule("allow", 1, "3389", match={"srcIpRanges": [], "srcRegionCodes": ["DE"]})
    assert under((HIERARCHY, [country]), rules=()) == ([], "not-yet-known")


def test_a_rule_that_opens_something_is_not_judged_without_the_policies() -> None:
    pages = {
        "/compute/v1/projects/my-project/global/firewalls": {
            "items": [SSH, entry("off", allowed=[{"IPProtocol": "all"}], disabled=True)]
        }
    }
    pages |= {
        "/compute/v1/projects/my-project/global/networks": NETWORKS["/compute/v1/projects/my-project/global/networks"]
    }
    for denied in ("compute.networks.getEffectiveFirewalls", "compute.networks.list"):
        found = {one.name: one for one in read(pages, GcpFirewallRule, GcpFirewallRule.openings, denied=[denied])}
        assert found["off"].openings == ()
        with pytest.raises(UnreadFact) as gap:
            print(found["ssh"].openings)
        assert gap.value.unread[0].needs == (denied,)


_POLICY_RULES = st.builds(
    lambda action, priority, ports, source, targeted: policy_rule(
        action,
        priority,
        *ports,
        match={"srcIpRanges": [source]},
        **({"targetServiceAccounts": ["a@b.iam.gserviceaccount.com"]} if targeted else {}),
    ),
    st.sampled_from(["allow", "deny", "goto_next"]),
    st.integers(1, 4),
    st.sampled_from([(), ("22",), ("80", "443"), ("20-100",)]),
    st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8"]),
    st.booleans(),
)
_POLICIES = st.lists(
    st.tuples(st.just(HIERARCHY), st.lists(_POLICY_RULES, max_size=3, unique_by=lambda rule: rule["priority"])),
    max_size=2,
)


def decided(policies: list[tuple[str, list[dict[str, Any]]]], address: str, port: int, *, target: bool) -> bool | None:
    """Whether policies let a packet in to one machine; nothing where they leave that to what comes next."""
    for _, rules in policies:
        for rule in sorted(rules, key=lambda rule: int(rule["priority"])):
            if "targetServiceAccounts" in rule and not target:
                continue
            layer = rule["match"]["layer4Configs"][0]
            spans = [text.split("-") for text in layer.get("ports", ["0-65535"])]
            near = any(
                ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in rule["match"]["srcIpRanges"]
            )
            if near and any(int(span[0]) <= port <= int(span[-1]) for span in spans):
                if rule["action"] == "goto_next":
                    break
                return bool(rule["action"] == "allow")
    return None


@settings(max_examples=effort(300), deadline=None)
@given(_POLICIES)
def test_policies_and_rules_together_are_what_a_packet_finds(policies: list[tuple[str, list[dict[str, Any]]]]) -> None:
    """Nothing that gets in is missed; what is told to be open by a policy for all machines does get in."""
    told = policies_of({"firewallPolicys": [{"name": "p", "type": sort, "rules": rules} for sort, rules in policies]})
    rule = rule_of(entry("all", allowed=[{"IPProtocol": "tcp"}], sourceRanges=["0.0.0.0/0"]))
    by_rule, by_policy = openings(rule, [], told), policy_openings(told, list)
    for port in (22, 80, 443, 60000):
        packets = itertools.product(("1.2.3.4", "200.1.2.3"), (False, True))
        answers = [decided(policies, address, port, target=target) for address, target in packets]
        if True in answers:
            assert any(one.reaches(port) for one in by_policy)
        if None in answers:
            assert any(one.reaches(port) for one in by_rule)
        if not any("targetServiceAccounts" in rule for _, rules in policies for rule in rules):
            assert any(one.reaches(port) for one in by_policy) == (True in answers)
            # What a policy lets in before another refuses it is told of that policy, and may be told of the rule.
            if {*answers} == {False}:
                assert not any(one.reaches(port) for one in by_rule)
