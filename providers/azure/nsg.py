"""What the rules of a network security group leave open to the internet, refusals that rank higher taken off.

Rules are asked in the order of their priority and the first that matches decides. The default rules that every group
has let in the virtual network and Azure's load balancer, and nobody else.
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from providers.azure.policy.model.addresses import AddressRange, parse_range
from providers.azure.policy.questions.intervals import Intervals, common, minus, union
from providers.azure.policy.questions.ranges import ALL, by_version, parties
from scanner.access.work import Work
from scanner.facts import Answer
from scanner.kinds import Opening
from scanner.kinds.network import Protocol

Transport = Literal["tcp", "udp", "icmp", "other"]
TRANSPORTS: Final[tuple[Transport, ...]] = ("tcp", "udp", "icmp", "other")
WITH_PORTS: Final = ("tcp", "udp")
PORTS: Final[Intervals] = ((0, 65535),)
ANYWHERE: Final = ("*", "internet")
"""Sources that are every address outside the virtual network. Other service tags are Azure's own networks.

https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""
EVERY_MACHINE: Final = ("*", "virtualnetwork")
"""Destinations that are all that a group can guard: inbound traffic always goes to a machine in the network."""

MOST_WORK: Final = 4_000_000
"""What a group may cost: some seconds of a slow core, or about 200 rules that differ on every side."""

Box: TypeAlias = "tuple[Intervals, Intervals, Intervals, Intervals]"
"""Packets by source address, source port, destination and destination port: every combination of members."""


class SecurityRule(msgspec.Struct, frozen=True):
    """An inbound rule."""

    name: str
    priority: int
    allow: bool
    protocol: str
    sources: tuple[str, ...]
    source_ports: tuple[str, ...]
    destinations: tuple[str, ...]
    destination_groups: tuple[str, ...]
    """Application security groups: machines that are known by their membership only."""
    ports: tuple[str, ...]

    @property
    def all_ports(self) -> bool:
        """Whether it names no port; one that does says nothing of protocols that have none."""
        return _ports(self.ports) == PORTS

    def is_about(self, transport: Transport) -> bool:
        """Whether it matches packets of this sort."""
        if self.protocol == "*":
            return transport in WITH_PORTS or self.all_ports
        return transport == (self.protocol if self.protocol in TRANSPORTS else "other")


def inbound_rules(item: Answer) -> tuple[SecurityRule, ...]:
    """The inbound rules of a group's entry, in the order in which they are asked."""
    rules = (_rule(one) for one in item["properties"]["securityRules"] if _is_inbound(one))
    return tuple(sorted(rules, key=lambda rule: rule.priority))


def _is_inbound(item: Answer) -> bool:
    return _either(item, "direction", "inbound", "outbound")


def _rule(item: Answer) -> SecurityRule:
    properties = item["properties"]
    groups = properties.get("destinationApplicationSecurityGroups") or ()
    return SecurityRule(
        item["name"],
        properties["priority"],
        _either(item, "access", "allow", "deny"),
        str(properties["protocol"]).casefold(),
        _texts(properties, "sourceAddressPrefix", "sourceAddressPrefixes"),
        _texts(properties, "sourcePortRange", "sourcePortRanges"),
        _texts(properties, "destinationAddressPrefix", "destinationAddressPrefixes"),
        tuple(str(one["id"]).casefold() for one in groups),
        _texts(properties, "destinationPortRange", "destinationPortRanges"),
    )


def _either(item: Answer, name: str, yes: str, no: str) -> bool:
    """Which of two words stands there; a third is not guessed at."""
    word = str(item["properties"][name]).casefold()
    if word not in (yes, no):
        raise ValueError(f"{name} of the rule {item['name']} is neither {yes} nor {no}")
    return word == yes


def _texts(properties: Mapping[str, object], one: str, many: str) -> tuple[str, ...]:
    """A rule has the one member or the other, and leaves the other out or empty."""
    found = properties.get(many) or ()
    single = properties.get(one)
    texts = [*found] if isinstance(found, list | tuple) else []
    return tuple(str(text).strip() for text in (*texts, single) if text)


def openings(rules: Sequence[SecurityRule], work: Work | None = None) -> tuple[Opening, ...]:
    """What the rules, in the order in which they are asked, leave open to the whole internet.

    Raises LimitReached where that takes more work than one question may cost.
    """
    boxes = _Boxes(rules, work or Work(MOST_WORK))
    found: list[Opening] = []
    for place, rule in enumerate(rules):
        if rule.allow:
            left = {transport: _open_ports(place, transport, boxes) for transport in TRANSPORTS}
            found += (Opening(rule.name, *one, _source(rule)) for one in _together(rule, left))
    return tuple(found)


def _together(rule: SecurityRule, left: Mapping[Transport, Intervals]) -> Iterator[tuple[Protocol, int, int]]:
    """The open ports, as `any` where the rule is about all protocols and all are open alike."""
    tcp, udp = left["tcp"], left["udp"]
    named = not rule.all_ports
    alike = common(tcp, udp) if rule.protocol == "*" and (named or (left["icmp"] and left["other"])) else ()
    yield from (("any", first, last) for first, last in alike)
    yield from (("tcp", first, last) for first, last in minus(tcp, alike))
    yield from (("udp", first, last) for first, last in minus(udp, alike))
    if not alike:
        yield from (("icmp", 0, 65535) for _ in left["icmp"])
        yield from (("other", 0, 65535) for _ in left["other"])


def _open_ports(place: int, transport: Transport, boxes: _Boxes) -> Intervals:
    """The ports of a protocol that the rule at this place leaves open to the whole internet."""
    found: list[tuple[int, int]] = []
    for version in ALL:
        whole = boxes.of(place, transport, version)
        if whole is None or not _is_wide([whole[0]], version):
            continue
        pieces = [whole]
        for taken in boxes.refused_before(place, transport, version):
            boxes.work.spend(sum(map(_length, pieces)) + len(pieces) * _length(taken))
            pieces = [rest for piece in pieces for rest in _without(piece, taken)]
        found += _wide_ports(pieces, version, boxes.work)
    return union(found)


class _Boxes:
    """The packets that each rule matches, reckoned once, and how much more may be reckoned with them."""

    def __init__(self, rules: Sequence[SecurityRule], work: Work) -> None:
        self.work = work
        self._rules = rules
        self._points = {group: index for index, group in enumerate(_groups(rules))}
        self._kept: dict[tuple[int, Transport, int], Box | None] = {}
        self._refused: dict[tuple[int, Transport, int], Sequence[Box]] = {}

    def of(self, place: int, transport: Transport, version: int) -> Box | None:
        """The packets of this sort that a rule matches; nothing where it matches none."""
        key = (place, transport, version)
        if key not in self._kept:
            rule = self._rules[place]
            self.work.spend(10 * (len(rule.sources) + len(rule.destinations) + len(rule.ports)) + 20)
            self._kept[key] = _box(rule, transport, version, self._points)
        return self._kept[key]

    def refused_before(self, place: int, transport: Transport, version: int) -> Sequence[Box]:
        """What is refused by rules that are asked before the one at this place."""
        refusals = [above for above, rule in enumerate(self._rules[:place]) if not rule.allow]
        key = (len(refusals), transport, version)
        if key not in self._refused:
            found = [self.of(above, transport, version) for above in refusals]
            self._refused[key] = _merged([box for box in found if box is not None], self.work)
        return self._refused[key]


def _merged(boxes: Sequence[Box], work: Work) -> Sequence[Box]:
    """The same packets in fewer boxes: those that differ on one side alone are one."""
    for side in (0, 3, 2):
        alike: dict[tuple[Intervals, ...], list[Intervals]] = {}
        for box in boxes:
            work.spend(_length(box))
            alike.setdefault((*box[:side], *box[side + 1 :]), []).append(box[side])
        boxes = [_with(rest, side, union(itertools.chain(*several))) for rest, several in alike.items()]
    return boxes


def _with(rest: Sequence[Intervals], side: int, intervals: Intervals) -> Box:
    """A box of the other three sides and this one."""
    four = (*rest[:side], intervals, *rest[side:])
    return four[0], four[1], four[2], four[3]


def _length(box: Box) -> int:
    """How much work it is to go through a box, in about a microsecond each."""
    return 4 + sum(map(len, box))


def _box(rule: SecurityRule, transport: Transport, version: int, points: Mapping[str, int]) -> Box | None:
    if not rule.is_about(transport):
        return None
    ported = transport in WITH_PORTS
    box = (
        _addresses(rule.sources, ANYWHERE, version),
        _ports(rule.source_ports) if ported else PORTS,
        _machines(rule, version, points),
        _ports(rule.ports) if ported else PORTS,
    )
    return box if all(box) else None


def _addresses(texts: Iterable[str], everything: Sequence[str], version: int) -> Intervals:
    """The addresses that the texts mean; service tags other than those of `everything` mean none of the internet."""
    names = tuple(texts)
    if any(text.casefold() in everything for text in names):
        return ALL[version]
    ranges = [parse_range(text) for text in names]
    return by_version(one for one in ranges if isinstance(one, AddressRange))[version]


def _machines(rule: SecurityRule, version: int, points: Mapping[str, int]) -> Intervals:
    """The addresses that the rule is for, and beyond the last of them a point for each application security group."""
    addresses = _addresses(rule.destinations, EVERY_MACHINE, version)
    beyond = ALL[version][0][1] + 2
    members = [points[group] for group in rule.destination_groups]
    if addresses == ALL[version]:
        members = list(points.values())
    return union((*addresses, *((beyond + 2 * point, beyond + 2 * point) for point in members)))


def _groups(rules: Iterable[SecurityRule]) -> list[str]:
    return sorted({group for rule in rules for group in rule.destination_groups})


def _ports(texts: Iterable[str]) -> Intervals:
    return union(_port_range(text) for text in texts)


def _port_range(text: str) -> tuple[int, int]:
    if text == "*":
        return PORTS[0]
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _without(box: Box, taken: Box) -> Iterator[Box]:
    """What is left of the box, in boxes that do not overlap."""
    held = list(box)
    for place, (mine, theirs) in enumerate(zip(box, taken, strict=True)):
        rest = minus(mine, theirs)
        if rest:
            yield _with((*held[:place], *box[place + 1 :]), place, rest)
        held[place] = common(mine, theirs)
        if not held[place]:
            return


def _wide_ports(pieces: Sequence[Box], version: int, work: Work) -> Iterator[tuple[int, int]]:
    """The ports at which one machine can be reached from the whole internet; who asks chooses the source port."""
    for port in _steps((piece[3] for piece in pieces), work):
        here = [piece for piece in pieces if _has(piece[3], port)]
        work.spend(len(pieces) // 2 + 5)
        if any(_is_open(here, machine, version, work) for machine in _steps((piece[2] for piece in here), work)):
            yield port


def _is_open(pieces: Sequence[Box], machine: tuple[int, int], version: int, work: Work) -> bool:
    """Whether the machine can be reached from the whole internet."""
    sources = [piece[0] for piece in pieces if _has(piece[2], machine)]
    work.spend(len(pieces) // 2 + sum(map(len, sources)) + 20)
    return _is_wide(sources, version)


def _is_wide(sources: Sequence[Intervals], version: int) -> bool:
    addresses = union(interval for intervals in sources for interval in intervals)
    return any(party.who == "anyone" for party in parties({version: addresses}))


def _steps(sets: Iterable[Intervals], work: Work) -> list[tuple[int, int]]:
    """The parts of all these sets that each of them has wholly or not at all."""
    every = list(dict.fromkeys(sets))
    cuts = sorted({cut for intervals in every for first, last in intervals for cut in (first, last + 1)})
    parts = [(first, after - 1) for first, after in itertools.pairwise(cuts)]
    work.spend(len(parts) * sum(map(len, every)) // 5 + 5)
    return [part for part in parts if any(_has(intervals, part) for intervals in every)]


def _has(intervals: Intervals, part: tuple[int, int]) -> bool:
    return any(first <= part[0] and part[1] <= last for first, last in intervals)


def _source(rule: SecurityRule) -> str:
    """The source that makes the rule a way in, as it is written; all of them where they do so together."""
    for text in rule.sources:
        if text.casefold() in ANYWHERE:
            return text
        found = parse_range(text)
        if isinstance(found, AddressRange) and _is_wide([((found.first, found.last),)], found.version):
            return text
    return ", ".join(rule.sources)
