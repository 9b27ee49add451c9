"""Which party a set of addresses is: everybody, a network, or nobody on the internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

from providers.azure.policy.model.addresses import AddressRange
from providers.azure.policy.model.requests import Source
from providers.azure.policy.questions.intervals import Intervals, common, minus, size, union
from providers.azure.policy.questions.reach import Party

WIDEST: Final = {4: 1 << 24, 6: 1 << 96}
"""Addresses of a /8 (IPv6: /32); more count as everybody, in one range or in several."""
ALL: Final[dict[int, Intervals]] = {4: ((0, (1 << 32) - 1),), 6: ((0, (1 << 128) - 1),)}
_FAMILIAR: Final = {
    4: ("93.184.216.34", "8.8.8.8", "203.0.113.7", "198.51.100.7"),
    6: ("2606:2800:220:1:248:1893:25c8:1946", "2001:db8::7"),
}
_NEVER: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)
"""Networks from which nothing comes to a public endpoint: private, loopback and link-local ones (RFC 1122, 1918, 3927,
4193, 4291)."""


def by_version(ranges: Iterable[AddressRange]) -> dict[int, Intervals]:
    """The addresses of IPv4 and of IPv6."""
    every = tuple(ranges)
    return {version: union((one.first, one.last) for one in every if one.version == version) for version in (4, 6)}


def parties(addresses: dict[int, Intervals]) -> tuple[Party, ...]:
    """The parties that connect from the addresses."""
    found: list[Party] = []
    for version, intervals in addresses.items():
        routable = minus(intervals, _never(version))
        widest = max((last - first + 1 for first, last in intervals), default=0)
        if not routable:
            continue
        if widest > WIDEST[version] or size(routable) > WIDEST[version]:
            party = "anyone on the internet" if version == 4 else "anyone on the internet, by IPv6"
            found.append(Party("anyone", party, Source("address", _sample(routable, version))))
        else:
            text = f"anyone from {described(intervals, version)}"
            found.append(Party("named", text, Source("address", _sample(routable, version))))
    return tuple(found)


def described(intervals: Intervals, version: int) -> str:
    """The addresses as networks, the first few of them."""
    networks: list[str] = []
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    for first, last in intervals[:4]:
        summary = ipaddress.summarize_address_range(kind(first), kind(last))
        few = [str(network) for _, network in zip(range(4), summary, strict=False)]
        networks += few if len(few) < 4 else [f"{kind(first)} to {kind(last)}"]
    return ", ".join(networks) + (" and others" if len(intervals) > 4 else "")


def _never(version: int) -> Intervals:
    networks = [ipaddress.ip_network(text) for text in _NEVER]
    return union((int(n.network_address), int(n.broadcast_address)) for n in networks if n.version == version)


def _sample(intervals: Intervals, version: int) -> str:
    """An address out of them, a familiar one where there is one."""
    for text in _FAMILIAR[version]:
        number = int(ipaddress.ip_address(text))
        if common(intervals, ((number, number),)):
            return text
    first, last = max(intervals, key=lambda one: one[1] - one[0])
    middle = (first + last) // 2
    return str(ipaddress.IPv4Address(middle) if version == 4 else ipaddress.IPv6Address(middle))
