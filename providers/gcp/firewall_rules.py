"""What a VPC firewall rule lets in from the internet, and what other rules of its network keep out before it.

https://cloud.google.com/firewall/docs/firewalls
https://cloud.google.com/compute/docs/reference/rest/v1/firewalls
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

import msgspec

from scanner.facts import Answer
from scanner.kinds import Opening
from scanner.kinds.network import Protocol

Range: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"

_LAST: Final = 65535
_NUMBERS: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp"}
_WIDEST: Final = {4: 8, 6: 16}
"""What is left of a rule's sources counts as the internet where one range of it is wider than this."""
_INTERNAL: Final = (ipaddress.ip_network("fc00::/7"), ipaddress.ip_network("fe80::/10"))


class Traffic(msgspec.Struct, frozen=True):
    """A protocol, by its name in lower case or `all`, and ports; 0 to 65535 where none are named."""

    protocol: str
    first: int = 0
    last: int = _LAST


class Rule(msgspec.Struct, frozen=True):
    """A firewall rule, with what Google takes for granted filled in."""

    name: str
    network: str
    in_force: bool
    """Not disabled, and for traffic that comes in."""
    priority: int
    allows: tuple[Traffic, ...] = ()
    denies: tuple[Traffic, ...] = ()
    sources: tuple[str, ...] = ()
    """Address ranges; none where traffic is chosen by what sends it."""
    destinations: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    """Machines that it is for, by tag or service account; all where neither is named."""

    def is_before(self, other: Rule) -> bool:
        """Whether it keeps traffic out before `other` lets it in, at every machine that `other` is for.

        The lower number comes first; of two with one number, the refusal does.
        """
        return (
            self.in_force
            and bool(self.denies)
            and self.network == other.network
            and self.priority <= other.priority
            and (
                not self.destinations
                or 0 < len(other.destinations) == len({*other.destinations} & {*self.destinations})
            )
            and (
                not (self.tags or self.accounts)
                or _within(other.tags, self.tags)
                or _within(other.accounts, self.accounts)
            )
        )


def _within(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    return bool(narrow) and set(narrow) <= set(wide)


def rule_of(item: Answer) -> Rule:
    """The rule; without sources of any sort it is for all addresses of IPv4, and its usual priority is 1000."""
    chosen_otherwise = item.get("sourceTags") or item.get("sourceServiceAccounts")
    sources = tuple(item.get("sourceRanges", ()))
    return Rule(
        item["name"],
        str(item["network"]).partition("/projects/")[2] or str(item["network"]),
        not item.get("disabled", False) and item.get("direction", "INGRESS") == "INGRESS",
        item.get("priority", 1000),
        tuple(_traffic(item.get("allowed", ()))),
        tuple(_traffic(item.get("denied", ()))),
        sources or (() if chosen_otherwise else ("0.0.0.0/0",)),
        tuple(item.get("destinationRanges", ())),
        tuple(item.get("targetTags", ())),
        tuple(item.get("targetServiceAccounts", ())),
    )


def _traffic(entries: Iterable[dict[str, Any]]) -> Iterator[Traffic]:
    for entry in entries:
        protocol = str(entry["IPProtocol"]).lower()
        protocol = _NUMBERS.get(protocol, protocol)
        # Without ports it is for all of them.
        for ports in entry.get("ports") or (f"0-{_LAST}",):
            first, _, last = str(ports).partition("-")
            yield Traffic(protocol, int(first), int(last or first))


def openings(rule: Rule, others: Iterable[Rule]) -> tuple[Opening, ...]:
    """What a rule leaves open to the internet, after what `others` refuse before it."""
    if not rule.in_force or not rule.allows:
        return ()
    before = [other for other in others if other.is_before(rule)]
    sources = [ipaddress.ip_network(text, strict=False) for text in rule.sources]
    found = [
        opening
        for version in (4, 6)
        for traffic in rule.allows
        for opening in _of_traffic(rule, traffic, [one for one in sources if one.version == version], before)
    ]
    return tuple(dict.fromkeys(found))


def _of_traffic(rule: Rule, traffic: Traffic, sources: list[Range], before: list[Rule]) -> Iterator[Opening]:
    if not sources:
        return
    source = str(min(sources, key=lambda one: one.prefixlen))
    if traffic.protocol != "all":
        for first, last in _left(traffic, sources, before):
            yield Opening(rule.name, _named(traffic.protocol), first, last, source)
        return
    rest = [(name, list(_left(Traffic(name), sources, before))) for name in ("tcp", "udp", "icmp", "other")]
    if all(ports == [(0, _LAST)] for _, ports in rest):
        yield Opening(rule.name, "any", 0, _LAST, source)
        return
    for name, ports in rest:
        for first, last in ports:
            yield Opening(rule.name, _named(name), first, last, source)


def _named(protocol: str) -> Protocol:
    if protocol in ("ipv6-icmp", "icmp"):
        return "icmp"
    return "tcp" if protocol == "tcp" else "udp" if protocol == "udp" else "other"


def _left(traffic: Traffic, sources: list[Range], before: list[Rule]) -> Iterator[tuple[int, int]]:
    """Ranges of ports that stay open to most of the internet, each as long as it can be."""
    denied = [
        (one, [ipaddress.ip_network(text, strict=False) for text in rule.sources])
        for rule in before
        for one in rule.denies
        if one.protocol in (traffic.protocol, "all")
    ]
    starts = {traffic.first, *(one.first for one, _ in denied), *(one.last + 1 for one, _ in denied)}
    cuts = sorted(start for start in starts if traffic.first <= start <= traffic.last)
    held: tuple[int, int] | None = None
    for first, following in zip(cuts, [*cuts[1:], traffic.last + 1], strict=True):
        refused = [range_ for one, ranges in denied if one.first <= first <= one.last for range_ in ranges]
        if not is_internet(_without(sources, refused)):
            if held is not None:
                yield held
            held = None
        else:
            held = (first if held is None else held[0], following - 1)
    if held is not None:
        yield held


def _without(ranges: Iterable[Range], refused: Iterable[Range]) -> list[Range]:
    left = list(ranges)
    for cut in refused:
        left = [part for one in left for part in _cut(one, cut)]
    return left


def _cut(one: Range, cut: Range) -> list[Range]:
    if one.version != cut.version or not one.overlaps(cut):
        return [one]
    if one.subnet_of(cut):  # type: ignore[arg-type]  # of one version
        return []
    return list(one.address_exclude(cut))  # type: ignore[arg-type]  # of one version


def is_internet(ranges: Iterable[Range]) -> bool:
    """Whether ranges of one version take in so much that they stand for the internet."""
    joined: list[Range] = list(ipaddress.collapse_addresses(ranges))  # type: ignore[type-var]  # of one version
    outside = [one for one in joined if not any(one.version == 6 and one.subnet_of(inner) for inner in _INTERNAL)]  # type: ignore[arg-type]  # of version 6
    wide = any(one.prefixlen < _WIDEST[one.version] for one in outside)
    # Many narrow ranges may add up to it, too.
    return wide or any(sum(one.num_addresses for one in outside) * 2 >= 1 << one.max_prefixlen for one in outside[:1])
