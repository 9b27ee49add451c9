"""EC2's security groups: what their rules leave open to the internet.

Rules only allow, and everything that one of them allows gets in.
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from ipaddress import collapse_addresses, ip_network
from itertools import pairwise
from typing import Any, Final

import msgspec

from providers.aws.event_history import history_of
from scanner.facts import Answer, Call, Fact, Unread, UnreadFact, derived, every
from scanner.kinds import Firewall, Opening
from scanner.kinds.network import Protocol
from scanner.model import Listing, Resource

SECURITY_GROUPS = Call(
    "ec2",
    "DescribeSecurityGroups",
    {"MaxResults": 1000},
    needs="ec2:DescribeSecurityGroups",
    items="SecurityGroups",
    regional=True,
)
PREFIX_LISTS = Call(
    "ec2",
    "DescribeManagedPrefixLists",
    {"MaxResults": 100},
    needs="ec2:DescribeManagedPrefixLists",
    items="PrefixLists",
    regional=True,
)
ENTRIES = Call(
    "ec2",
    "GetManagedPrefixListEntries",
    {"PrefixListId": "{it.id}", "MaxResults": 100},
    needs="ec2:GetManagedPrefixListEntries",
    items="Entries",
    gone=("InvalidPrefixListID.NotFound",),
)

_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
_LAST: Final = 65535
# Numbers stand for protocols that have no name; -1 is all of them, on all ports.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
_PROTOCOLS: Final[Mapping[str, Protocol]] = {
    "-1": "any",
    "tcp": "tcp",
    "6": "tcp",
    "udp": "udp",
    "17": "udp",
    "icmp": "icmp",
    "1": "icmp",
    "icmpv6": "icmp",
    "58": "icmp",
}


class Rule(msgspec.Struct, frozen=True):
    """Inbound rules of a group that share a protocol and ports."""

    protocol: Protocol
    first: int
    last: int
    ranges: tuple[str, ...]
    lists: tuple[str, ...]
    """Prefix lists, by id."""


def tags_of(item: Answer) -> dict[str, str]:
    """The tags of an entry, by name; an entry without any leaves the member out."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def _rules(item: Answer) -> tuple[Rule, ...]:
    return tuple(_rule(one) for one in item["IpPermissions"])


def _rule(item: Mapping[str, Any]) -> Rule:
    protocol = _PROTOCOLS.get(item["IpProtocol"], "other")
    # Types and codes of ICMP stand where ports do, and all ports are -1 or left out.
    ports = (item["FromPort"], item["ToPort"]) if protocol in ("tcp", "udp") else (0, _LAST)
    first, last = (0, _LAST) if ports[0] == -1 else ports
    ranges = [one["CidrIp"] for one in item.get("IpRanges", ())]
    ranges += [one["CidrIpv6"] for one in item.get("Ipv6Ranges", ())]
    return Rule(
        protocol, first, last, tuple(ranges), tuple(one["PrefixListId"] for one in item.get("PrefixListIds", ()))
    )


def openings_of(rules: Sequence[Rule]) -> tuple[Opening, ...]:
    """What rules leave open to every address of the internet, those together that share ports."""
    edges = sorted({edge for rule in rules for edge in (rule.first, rule.last + 1)})
    all_traffic = [rule for rule in rules if rule.protocol == "any"]
    open_to_all = set(_whole(all_traffic))
    found = [Opening(_name(all_traffic), "any", 0, _LAST, source) for source in _ANYWHERE if source in open_to_all]
    for protocol in dict.fromkeys(rule.protocol for rule in rules if rule.protocol != "any"):
        for first, end in pairwise(edges):
            here = [rule for rule in rules if rule.protocol in (protocol, "any") and rule.first <= first <= rule.last]
            opened = [source for source in _whole(here) if source not in open_to_all]
            found += [Opening(_name(here), protocol, first, end - 1, source) for source in opened]
    return tuple(_joined(found))


def _whole(rules: Iterable[Rule]) -> Iterator[str]:
    """Those of the two internets that the ranges of rules cover together."""
    networks = [ip_network(range_, strict=False) for rule in rules for range_ in rule.ranges]
    for version, whole in zip((4, 6), _ANYWHERE, strict=True):
        same: Any = [network for network in networks if network.version == version]
        if [str(network) for network in collapse_addresses(same)] == [whole]:
            yield whole


def _name(rules: Sequence[Rule]) -> str:
    """What people find a rule of a group by: it has no name, but a protocol and ports."""
    names = dict.fromkeys("all" if one.protocol == "any" else f"{one.protocol} {_ports(one)}" for one in rules)
    return " and ".join(names)


def _ports(rule: Rule) -> str:
    return (
        "all" if (rule.first, rule.last) == (0, _LAST) else f"{rule.first}-{rule.last}".removesuffix(f"-{rule.first}")
    )


def _joined(openings: Iterable[Opening]) -> Iterator[Opening]:
    """Neighbours that the same rules open, as one."""
    held: dict[tuple[str, str, str], Opening] = {}
    for one in openings:
        key = (one.rule, one.protocol, one.source)
        before = held.get(key)
        if before is not None and before.last + 1 == one.first:
            held[key] = msgspec.structs.replace(before, last=one.last)
        else:
            if before is not None:
                yield before
            held[key] = one
    yield from held.values()


class PrefixList(Resource, kind="prefix-list", type_id="aws.ec2.prefix_list"):
    """A list of address ranges that rules name, the customer's or shared with it; those of AWS hold AWS's addresses."""

    listed = Listing(
        uid="{PrefixListArn}",
        name="{PrefixListName}",
        call=PREFIX_LISTS,
        provider_owned=lambda item: item["OwnerId"] == "AWS",
    )
    tags = Fact[Mapping[str, str]]("Its tags, by name.").listed(tags_of)
    ranges = Fact[tuple[str, ...]]("The address ranges on it.").read(
        ENTRIES, lambda a: tuple(entry["Cidr"] for entry in a["Entries"])
    )


class SecurityGroup(Firewall, type_id="aws.ec2.security_group"):
    """A security group of a VPC."""

    listed = Listing(
        uid="arn:{scope.partition}:ec2:{region}:{OwnerId}:security-group/{GroupId}",
        name="{GroupName}",
        call=SECURITY_GROUPS,
    )
    tags = Fact[Mapping[str, str]]("Its tags, by name.").listed(tags_of)
    # Machines that are started with it name it, too.
    last_change = history_of("ec2", "{it.id}", events=("SecurityGroup", "CreateTags", "DeleteTags"))
    rules = Fact[tuple[Rule, ...]]("Its inbound rules that name addresses or prefix lists.").listed(_rules)

    @derived(reads=[rules, every(PrefixList, PrefixList.ranges)])
    def openings(self) -> tuple[Opening, ...]:
        """What its rules leave open to the whole internet."""
        rules = self.rules
        named = {each for rule in rules for each in rule.lists}
        lists = _ranges(named, self.every(PrefixList)) if named else {}
        return openings_of([_spelled_out(rule, lists) for rule in rules])


def _ranges(ids: Collection[str], lists: Iterable[PrefixList]) -> Mapping[str, tuple[str, ...]]:
    """The ranges on prefix lists, by id; raises UnreadFact where one of them was not read, or not found."""
    found: dict[str, tuple[str, ...]] = {}
    for one in lists:
        if one.identity.id in ids:
            # No list of AWS's holds the internet: https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
            found[one.identity.id] = () if one.identity.provider_owned else one.ranges
    for lost in sorted(set(ids) - found.keys()):
        raise UnreadFact(Unread("not-yet-known", detail=f"prefix list {lost} was not found"))
    return found


def _spelled_out(rule: Rule, lists: Mapping[str, tuple[str, ...]]) -> Rule:
    return msgspec.structs.replace(rule, ranges=(*rule.ranges, *(one for each in rule.lists for one in lists[each])))
