"""Ranges of internet addresses as rules write them."""

from __future__ import annotations

import ipaddress
from typing import Literal

import msgspec

LONGEST = 100
"""Characters of a range; nothing longer is one."""


class AddressRange(msgspec.Struct, frozen=True):
    """Addresses from `first` to `last`, both included, as numbers."""

    version: Literal[4, 6]
    first: int
    last: int


class Malformed(msgspec.Struct, frozen=True):
    """Something in a rule that is no range and no name we know."""

    text: str
    why: str


def parse_range(text: str) -> AddressRange | Malformed:
    """`198.51.100.0/24`, `198.51.100.7` or `198.51.100.0-198.51.100.15`."""
    written = text.strip()
    start, dash, end = written.partition("-")
    if dash:
        return parse_bounds(start, end)
    if len(written) > LONGEST:
        return Malformed(written[:LONGEST], "is longer than any address range")
    try:
        network = ipaddress.ip_network(written, strict=False)
    except ValueError:
        return Malformed(written, "is no address range")
    version: Literal[4, 6] = 4 if network.version == 4 else 6
    return AddressRange(version, int(network.network_address), int(network.broadcast_address))


def parse_bounds(start: str, end: str) -> AddressRange | Malformed:
    """A range by its first and its last address."""
    written = f"{start.strip()[:LONGEST]} to {end.strip()[:LONGEST]}"
    try:
        first, last = ipaddress.ip_address(start.strip()), ipaddress.ip_address(end.strip())
    except ValueError:
        return Malformed(written, "are no addresses")
    if first.version != last.version or int(first) > int(last):
        return Malformed(written, "is no range: it ends before it begins")
    return AddressRange(4 if first.version == 4 else 6, int(first), int(last))
