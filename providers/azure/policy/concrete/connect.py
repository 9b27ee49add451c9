"""Whether a resource's public endpoint lets a connection from one place in.

https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition
https://learn.microsoft.com/azure/storage/common/storage-network-security
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from providers.azure.policy.model.addresses import AddressRange, Malformed
from providers.azure.policy.model.endpoint import Endpoint, Firewall, Perimeter
from providers.azure.policy.model.requests import Source
from providers.azure.policy.model.scopes import normal
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of, invert


def admits(endpoint: Endpoint, source: Source) -> Ternary:
    """Whether a connection from there gets to the resource. None: not known."""
    perimeter = endpoint.perimeter
    if isinstance(perimeter, Unread):
        return None
    by_rules: Ternary = None if isinstance(endpoint.switch, Unread) else endpoint.switch == "enabled"
    if perimeter is None:
        return all_of((by_rules, _by_firewall(endpoint.firewall, source)))
    by_perimeter = _by_perimeter(perimeter, source)
    learning = all_of((invert(perimeter.enforced), by_rules, _by_firewall(endpoint.firewall, source)))
    return any_of((by_perimeter, learning))


def _by_firewall(rules: Firewall, source: Source) -> Ternary:
    default: Ternary = None if isinstance(rules.default_allow, Unread) else rules.default_allow
    return any_of((default, _by_rule(rules, source)))


def _by_rule(rules: Firewall, source: Source) -> Ternary:
    match source.kind:
        case "address":
            return None if isinstance(rules.addresses, Unread) else contains(rules.addresses, source.value)
        case "subnet":
            if isinstance(rules.subnets, Unread):
                return None
            return any(normal(one.id) == normal(source.value) for one in rules.subnets)
        case "azure":
            return None if isinstance(rules.azure, Unread) else rules.azure
        case "resource":
            if isinstance(rules.instances, Unread):
                return None
            return any(normal(one.id) == normal(source.value) for one in rules.instances)
        case _:
            return False


def _by_perimeter(perimeter: Perimeter, source: Source) -> Ternary:
    if source.kind == "address":
        return contains(perimeter.addresses, source.value)
    if source.kind == "subscription" and source.value.casefold() in {one.casefold() for one in perimeter.subscriptions}:
        return True
    return None if perimeter.others else False


def contains(ranges: Iterable[AddressRange | Malformed], address: str) -> Ternary:
    """Whether one of the ranges holds the address; None where an unreadable one may."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return any_of(
        None if isinstance(one, Malformed) else one.version == found.version and one.first <= int(found) <= one.last
        for one in ranges
    )
