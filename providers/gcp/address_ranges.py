"""Address ranges: what is left of some, what two have in common, and which stand for the internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final, TypeAlias

Range: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"

_WIDEST: Final = {4: 8, 6: 16}
"""What is left of a rule's sources counts as the internet where one range of it is wider than this."""
_INTERNAL: Final = (ipaddress.ip_network("fc00::/7"), ipaddress.ip_network("fe80::/10"))


def ranges(texts: Iterable[str], version: int | None = None) -> list[Range]:
    """The ranges that texts name, of one version or both; raises ValueError for one that is none."""
    found = [ipaddress.ip_network(text, strict=False) for text in texts]
    return [one for one in found if version in (None, one.version)]


def without(some: Iterable[Range], refused: Iterable[Range]) -> list[Range]:
    """What is left of some ranges."""
    left = list(some)
    for cut in refused:
        left = [part for one in left for part in _cut(one, cut)]
    return left


def common(some: Iterable[Range], others: Iterable[Range]) -> list[Range]:
    """What two lists of ranges have in common."""
    wanted = list(others)
    pairs = [(one, other) for one in some for other in wanted if one.version == other.version and one.overlaps(other)]
    return [max(pair, key=lambda range_: range_.prefixlen) for pair in pairs]


def _cut(one: Range, cut: Range) -> list[Range]:
    if one.version != cut.version or not one.overlaps(cut):
        return [one]
    if one.subnet_of(cut):  # type: ignore[arg-type]  # of one version
        return []
    return list(one.address_exclude(cut))  # type: ignore[arg-type]  # of one version


def is_internet(some: Iterable[Range]) -> bool:
    """Whether ranges of one version take in so much that they stand for the internet."""
    joined: list[Range] = list(ipaddress.collapse_addresses(some))  # type: ignore[type-var]  # of one version
    outside = [one for one in joined if not any(one.version == 6 and one.subnet_of(inner) for inner in _INTERNAL)]  # type: ignore[arg-type]  # of version 6
    wide = any(one.prefixlen < _WIDEST[one.version] for one in outside)
    # Many narrow ranges may add up to it, too.
    return wide or any(sum(one.num_addresses for one in outside) * 2 >= 1 << one.max_prefixlen for one in outside[:1])
