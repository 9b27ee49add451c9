"""The part of a value that says whose it is and cannot be chosen: a pattern that fixes it names a party.

"Anyone" is whoever a document does not name, so the values of anyone are those whose pinned part no pattern fixes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final, Literal

from providers.aws.policy.language.names import is_account
from providers.aws.policy.symbolic.patterns import IN_PART, literal, split, text_of
from scanner.access.ranges import Interval, between
from scanner.access.text import ANY_TEXT, Pattern

Pin = Literal["", "whole", "before-slash", "before-colon", "arn", "address"]
Network = IPv4Network | IPv6Network

_V6: Final = 1 << 32
"""Addresses of both versions as numbers that do not meet: version 6 begins behind version 4."""
_PRIVATE: Final = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
)
_ARN_PARTS: Final = 6


def identity_of(pattern: Pattern, pin: Pin, *, in_parts: bool) -> str | None:
    """Whose the values are that a pattern matches, if it leaves no choice: an account, an organization, an id ..."""
    match pin:
        case "" | "address":
            return None
        case "whole":
            return text_of(pattern)
        case "before-slash":
            parts = split(pattern, "/", 2)
            return text_of(parts[0]) if len(parts) == 2 else None
        case "before-colon":
            return text_of(split(pattern, ":", 2)[0])
        case "arn":
            return _arn_identity(pattern, in_parts=in_parts)


def _arn_identity(pattern: Pattern, *, in_parts: bool) -> str | None:
    """The account of an ARN, or the name of a bucket, whose ARN has no account.

    Where text is compared as a whole, a `*` further left could swallow colons, so that nothing behind it is certain.
    """
    parts = split(pattern, ":", _ARN_PARTS)
    if len(parts) < _ARN_PARTS or not (in_parts or all(text_of(part) is not None for part in parts[:4])):
        return None
    account = text_of(parts[4])
    if account is not None and is_account(account):
        return account
    if text_of(parts[2]) != "s3" or (account is None and not in_parts):
        return None
    return text_of(parts[5])


def values_of(identity: str, pin: Pin) -> list[Pattern]:
    """Patterns of all values that belong to an identity."""
    match pin:
        case "" | "address":
            return []
        case "whole":
            return [literal(identity)]
        case "before-slash":
            return [(*identity, "/", ANY_TEXT)]
        case "before-colon":
            return [literal(identity), (*identity, ":", ANY_TEXT)]
        case "arn" if is_account(identity):
            return [(*"arn:", IN_PART, ":", IN_PART, ":", IN_PART, ":", *identity, ":", ANY_TEXT)]
        case "arn":
            return [(*"arn:", IN_PART, *":s3:", IN_PART, ":", IN_PART, ":", *identity)]


def interval(network: Network) -> Interval:
    """The addresses of a network as numbers."""
    offset = 0 if network.version == 4 else _V6
    return between(offset + int(network.network_address), offset + int(network.broadcast_address))


def address_of(number: int) -> str:
    """The address that a number stands for."""
    if number < _V6:
        return str(IPv4Network(number).network_address)
    return str(IPv6Network(number - _V6).network_address)


def everywhere() -> list[Interval]:
    """All addresses."""
    return [interval(ip_network("0.0.0.0/0")), interval(ip_network("::/0"))]


def private() -> list[Interval]:
    """Addresses from which no request comes over the internet."""
    return [interval(ip_network(text)) for text in _PRIVATE]


def narrow(networks: Iterable[Network]) -> list[Interval]:
    """Those that name a network, neighbours among them joined. Wider than IPv4 /8 and IPv6 /32 is everybody.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    # A wide one does not swallow those inside it: that a Deny speaks of everybody makes nobody of whom an Allow names.
    return [interval(one) for one in merged(one for one in networks if not is_wide(one)) if not is_wide(one)]


def merged(networks: Iterable[Network]) -> list[Network]:
    """The networks with neighbours joined: many narrow ones can make a wide one."""
    every: Sequence[Network] = list(networks)
    return [
        *collapse_addresses(one for one in every if isinstance(one, IPv4Network)),
        *collapse_addresses(one for one in every if isinstance(one, IPv6Network)),
    ]


def is_wide(network: Network) -> bool:
    """Whether a network is everybody."""
    return network.prefixlen < (8 if network.version == 4 else 32)


def is_private(network: Network) -> bool:
    """Whether no request over the internet comes from the network."""
    return any(
        isinstance(network, type(one)) and network.subnet_of(one)  # type: ignore[arg-type]  # same version by then
        for one in map(ip_network, _PRIVATE)
    )
