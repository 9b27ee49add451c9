"""What firewall rules leave open to the internet, after all that is tried before them.

https://cloud.google.com/firewall/docs/firewall-policies-rule-eval-order
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from providers.gcp.address_ranges import Range, common, is_internet, ranges, without
from providers.gcp.firewall_policies import FirewallPolicy, PolicyRule, passed
from providers.gcp.firewall_rules import Rule, Traffic
from scanner.facts import Unread, UnreadFact
from scanner.kinds import Opening
from scanner.kinds.network import Protocol

_LAST: Final = 65535

Left = Callable[[str, int, list[Range]], list[Range]]
"""What is left of sources of one version that get to a port of a protocol."""


def openings(rule: Rule, others: Iterable[Rule], policies: Sequence[FirewallPolicy] = ()) -> tuple[Opening, ...]:
    """What a VPC rule leaves open, after what `others` and the `policies` that are tried first refuse.

    Raises UnreadFact where that depends on sources that a policy does not tell the addresses of.
    """
    if not rule.in_force or not rule.allows:
        return ()
    denied = [(one, ranges(other.sources)) for other in others if other.is_before(rule) for one in other.denies]
    stops = [one for one, _ in denied] + [one for policy in policies for each in policy.rules for one in each.traffic]

    def left(most: bool) -> Left:
        def behind(protocol: str, port: int, some: list[Range]) -> list[Range]:
            for policy in policies:
                some = passed(policy.rules, protocol, port, some, allowed=True, most=most)
            here = [(one, cut) for one, cut in denied if one.protocol in (protocol, "all")]
            return without(some, [range_ for one, cut in here if one.first <= port <= one.last for range_ in cut])

        return behind

    return _sure(lambda most: _opened(rule.name, rule.allows, rule.sources, stops, left(most)))


def policy_openings(policies: Sequence[FirewallPolicy], classic: Callable[[], Sequence[Rule]]) -> tuple[Opening, ...]:
    """What policies let in on their own; `classic`: the network's own rules where they are tried before its policies.

    Raises UnreadFact where that depends on sources that a policy does not tell the addresses of.
    """
    found: list[Opening] = []
    before: list[Sequence[PolicyRule]] = []
    asked = False
    for policy in policies:
        lets_in = any(rule.action == "allow" for rule in policy.rules)
        if policy.kind == "network" and lets_in and not asked:
            before.append(_as_policy(classic()))
            asked = True
        for index, rule in enumerate(policy.rules):
            if rule.action == "allow":
                found += _of_policy_rule(policy.name, rule, [*before, policy.rules[:index]])
        before.append(policy.rules)
    return tuple(dict.fromkeys(found))


def _of_policy_rule(policy: str, rule: PolicyRule, before: Sequence[Sequence[PolicyRule]]) -> tuple[Opening, ...]:
    stops = [one for rules in before for each in rules for one in each.traffic]
    anywhere = ("0.0.0.0/0", "::/0")

    def left(most: bool) -> Left:
        def behind(protocol: str, port: int, some: list[Range]) -> list[Range]:
            for rules in before[:-1]:
                some = passed(rules, protocol, port, some, allowed=False, most=most)
            some = _not_gone(before[-1], protocol, port, some, most)
            return some if rule.unclear and most else common(some, ranges(rule.sources))

        return behind

    name = f"{rule.name} of policy {policy}"
    return _sure(
        lambda most: _opened(name, rule.traffic, anywhere if rule.unclear and most else rule.sources, stops, left(most))
    )


def _not_gone(rules: Sequence[PolicyRule], protocol: str, port: int, some: list[Range], most: bool) -> list[Range]:
    """What gets behind rules of the same policy: nothing that one of them decides or sends on, for all machines."""
    for rule in rules:
        if rule.covers(protocol, port) and not rule.targeted:
            some = [] if rule.unclear and not most else without(some, common(some, ranges(rule.sources)))
    return some


def _as_policy(rules: Iterable[Rule]) -> tuple[PolicyRule, ...]:
    """The network's own rules in the order in which they are tried: of two with one number, the refusal first."""
    ordered = sorted((rule for rule in rules if rule.in_force), key=lambda rule: (rule.priority, not rule.denies))
    return tuple(
        PolicyRule(
            rule.name,
            "deny" if rule.denies else "allow",
            rule.denies or rule.allows,
            rule.sources,
            bool(rule.tags or rule.accounts or rule.destinations),
        )
        for rule in ordered
    )


def _sure(found: Callable[[bool], tuple[Opening, ...]]) -> tuple[Opening, ...]:
    """What is open at least and at most, where that is the same."""
    most = found(True)
    if most and most != found(False):
        detail = f"whether {most[0].rule} is reached depends on addresses that a firewall policy names by group or list"
        raise UnreadFact(Unread("not-yet-known", detail=detail))
    return most


def _opened(
    name: str, traffic: Iterable[Traffic], sources: Iterable[str], stops: Sequence[Traffic], left: Left
) -> tuple[Opening, ...]:
    found = [
        opening
        for version in (4, 6)
        for one in traffic
        for opening in _of_traffic(name, one, ranges(sources, version), stops, left)
    ]
    return tuple(dict.fromkeys(found))


def _of_traffic(
    name: str, traffic: Traffic, sources: list[Range], stops: Sequence[Traffic], left: Left
) -> Iterator[Opening]:
    if not sources:
        return
    source = str(min(sources, key=lambda one: one.prefixlen))
    if traffic.protocol != "all":
        for first, last in _left_open(traffic, sources, stops, left):
            yield Opening(name, _named(traffic.protocol), first, last, source)
        return
    rest = [
        (protocol, list(_left_open(Traffic(protocol), sources, stops, left)))
        for protocol in ("tcp", "udp", "icmp", "other")
    ]
    if all(ports == [(0, _LAST)] for _, ports in rest):
        yield Opening(name, "any", 0, _LAST, source)
        return
    for protocol, ports in rest:
        for first, last in ports:
            yield Opening(name, _named(protocol), first, last, source)


def _named(protocol: str) -> Protocol:
    if protocol in ("ipv6-icmp", "icmp"):
        return "icmp"
    return "tcp" if protocol == "tcp" else "udp" if protocol == "udp" else "other"


def _left_open(
    traffic: Traffic, sources: list[Range], stops: Sequence[Traffic], left: Left
) -> Iterator[tuple[int, int]]:
    """Ranges of ports that stay open to most of the internet, each as long as it can be."""
    near = [one for one in stops if one.protocol in (traffic.protocol, "all")]
    starts = {traffic.first, *(one.first for one in near), *(one.last + 1 for one in near)}
    cuts = sorted(start for start in starts if traffic.first <= start <= traffic.last)
    held: tuple[int, int] | None = None
    for first, following in zip(cuts, [*cuts[1:], traffic.last + 1], strict=True):
        if not is_internet(left(traffic.protocol, first, sources)):
            if held is not None:
                yield held
            held = None
        else:
            held = (first if held is None else held[0], following - 1)
    if held is not None:
        yield held
