"""Firewall policies in effect on a network: what they refuse before its own rules do, and what they let in.

https://cloud.google.com/firewall/docs/firewall-policies-rule-eval-order
https://cloud.google.com/compute/docs/reference/rest/v1/networks/getEffectiveFirewalls
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from providers.gcp.address_ranges import Range, common, ranges, without
from providers.gcp.firewall_rules import Traffic, traffic_of
from scanner.facts import Answer

_OF_POLICIES: Final = {"HIERARCHY": "hierarchy", "NETWORK": "network"}
"""Google's own policies, which its services set and nobody else may change, are of other types and left out."""
_NOT_INTERNET: Final = frozenset({"INTRA_VPC", "NON_INTERNET", "VPC_NETWORKS"})
_TARGETS: Final = ("targetForwardingRules", "targetResources", "targetSecureTags", "targetServiceAccounts")
_ANYWHERE: Final = ("0.0.0.0/0", "::/0")

Action = Literal["allow", "deny", "next"]


class PolicyRule(msgspec.Struct, frozen=True):
    """A rule for traffic that comes in."""

    name: str
    action: Action
    traffic: tuple[Traffic, ...]
    sources: tuple[str, ...]
    targeted: bool = False
    """It is for some machines only, so that it decides nothing for the others."""
    unclear: bool = False
    """It names more sources, in a way that does not tell their addresses."""

    def covers(self, protocol: str, port: int) -> bool:
        """Whether it is about a port of a protocol."""
        return any(one.protocol in (protocol, "all") and one.first <= port <= one.last for one in self.traffic)


class FirewallPolicy(msgspec.Struct, frozen=True):
    """A policy with its rules in the order in which they are tried; the first that fits decides."""

    name: str
    kind: Literal["hierarchy", "network"]
    rules: tuple[PolicyRule, ...]


def policy_of(item: Answer) -> FirewallPolicy:
    """A policy of a project's networks as it is listed."""
    place = str(item.get("region", "")).rpartition("/")[2]
    return FirewallPolicy(f"{item['name']} in {place}" if place else item["name"], "network", _rules(item))


def policies_of(answer: Answer) -> tuple[FirewallPolicy, ...]:
    """The policies in the order in which they are tried; without any, proto JSON leaves the member out.

    Those of single regions are not told here. Every policy has a rule for all that no other fits.
    """
    return tuple(
        FirewallPolicy(
            policy.get("shortName") or policy.get("displayName") or policy["name"],
            _OF_POLICIES[policy["type"]],  # type: ignore[arg-type]  # one of the two
            _rules(policy),
        )
        for policy in answer.get("firewallPolicys", ())
        if policy["type"] in _OF_POLICIES
    )


def _rules(policy: Mapping[str, Any]) -> tuple[PolicyRule, ...]:
    rules = [rule for rule in policy["rules"] if rule["direction"] == "INGRESS" and not rule.get("disabled", False)]
    # A priority of 0, the first of all, is left out as JSON of protocol buffers does.
    found = [_rule(rule) for rule in sorted(rules, key=lambda rule: int(rule.get("priority", 0)))]
    return tuple(rule for rule in found if rule is not None)


def _rule(rule: Mapping[str, Any]) -> PolicyRule | None:
    """The rule; nothing of one that no packet of the internet meets.

    Ranges, countries, lists and names are alternatives; the sort of network narrows them.
    https://cloud.google.com/firewall/docs/firewall-policies-rule-details#sources
    """
    match = rule["match"]
    if {match.get("srcNetworkContext"), match.get("srcNetworkType")} & _NOT_INTERNET:
        return None
    action = _ACTIONS.get(rule["action"], "allow")
    named = tuple(match.get("srcIpRanges", ()))
    lists = ("srcAddressGroups", *(("srcRegionCodes", "srcThreatIntelligences") if action != "deny" else ()))
    unclear = any(match.get(name) for name in lists)
    otherwise = any(match.get(name) for name in match if name.startswith("src") and not name.startswith("srcNetwork"))
    return PolicyRule(
        str(rule.get("ruleName") or rule.get("priority", 0)),
        action,
        tuple(traffic_of(match.get("layer4Configs", ()), "ipProtocol")) or (Traffic("all"),),
        named if otherwise or match.get("srcNetworks") else _ANYWHERE,
        any(rule.get(name) for name in _TARGETS) or rule.get("targetType") == "INTERNAL_MANAGED_LB",
        unclear,
    )


_ACTIONS: Final[Mapping[str, Action]] = {"deny": "deny", "goto_next": "next"}
"""What is inspected on its way in is let in for this."""


def passed(
    rules: Sequence[PolicyRule], protocol: str, port: int, some: list[Range], *, allowed: bool, most: bool
) -> list[Range]:
    """What comes out behind rules: what was not refused, or not for all machines; with `allowed`, what was let in, too.

    Where a rule names sources that do not tell their addresses it is what passes at `most`, or else at least.
    """
    kept: list[Range] = []
    for rule in rules:
        if not rule.covers(protocol, port):
            continue
        here = common(some, ranges(rule.sources))
        if rule.action == "next" or (rule.action == "allow" and allowed):
            kept += some if rule.unclear and most else here
        elif rule.action == "deny" and rule.unclear and not most:
            here = some
        if not rule.targeted:
            some = without(some, here)
    return kept + some
