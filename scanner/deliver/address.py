"""Where a sink that speaks HTTP is: which URLs it may have, and at which addresses it is never looked for."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from scanner.deliver.sink import SinkError
from scanner.loopback import is_loopback

NEVER = (
    # Link-local: https://www.rfc-editor.org/rfc/rfc3927 and https://www.rfc-editor.org/rfc/rfc4291#section-2.5.6
    "169.254.0.0/16", "fe80::/10",
    # Where machines of clouds learn their credentials and settings, beyond link-local addresses:
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
    "fd00:ec2::254/128",
    # https://cloud.google.com/compute/docs/metadata/querying-metadata
    "fd20:ce::254/128",
    # https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
    "168.63.129.16/32",
    # https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
    "100.100.100.200/32",
)  # fmt: skip
"""Networks that no sink is in, unless somebody says so."""

TRANSLATED = "64:ff9b::/96"
"""Where IPv6 hides IPv4 addresses: https://www.rfc-editor.org/rfc/rfc6052#section-2.1"""

NO_URL = "url is no URL of an endpoint: give https://host:port, in ASCII and without spaces"

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}")
_URL = re.compile(r"https?://[!-\[\]-~]+", re.IGNORECASE)
"""Printable ASCII but the backslash, which programs read differently."""


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint."""

    secure: bool
    host: str
    port: int
    path: str = field(default="", repr=False)
    """Without a slash at the end. It may be secret, as is the query."""
    query: str = field(default="", repr=False)

    @property
    def origin(self) -> str:
        """What may be shown of it."""
        return f"http{'s' if self.secure else ''}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port, as a `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    def target(self, path: str, query: str = "") -> str:
        """What is asked for below it."""
        both = "&".join(part for part in (self.query, query) if part)
        return (self.path + path or "/") + (f"?{both}" if both else "")


def place_of(url: str, *, query: bool = False) -> Place:
    """The endpoint of a URL; ValueError, which does not show the URL, where it is none. `query`: it may have one."""
    if not _URL.fullmatch(url):
        raise ValueError(NO_URL)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(NO_URL) from None
    if parts.username is not None or parts.password is not None:
        raise ValueError("url holds a user: give it without")
    if parts.fragment or (parts.query and not query):
        raise ValueError("url has a query or a fragment: give it without")
    host = (parts.hostname or "").lower()
    secure = parts.scheme.lower() == "https"
    if not _HOST.fullmatch(host):
        raise ValueError("url names no host: give https://host:port; an international name in its ASCII form")
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError("url has no port from 1 to 65535") from error
    if port == 0:
        raise ValueError("url has no port from 1 to 65535")
    if not secure and not is_loopback(host):
        raise ValueError(f"url is plain http to another machine ({host}): use https")
    return Place(secure, host, port or (443 if secure else 80), parts.path.rstrip("/"), parts.query)


def resolve(place: Place, *, anywhere: bool) -> tuple[str, ...]:
    """The addresses of an endpoint. SinkError where there are none, or one that a sink must not have.

    Whoever connects takes one of these and does not ask again: a second answer may be another one. `anywhere`: also
    link-local addresses, and those where clouds keep credentials.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SinkError(
            f"{place.origin}: no address is known of it: check the name in `url`, and the network"
        ) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not anywhere:
        refuse(place, addresses)
    if not place.secure and not all(ip_address(address).is_loopback for address in addresses):
        raise SinkError(f"{place.origin}: it is not on this machine, and nothing was sent: use https", lasting=True)
    return addresses


def refuse(place: Place, addresses: Iterable[str]) -> None:
    """SinkError where one of an endpoint's addresses is one that a sink must not have; names are none."""
    if any(is_forbidden(address) for address in addresses):
        raise SinkError(
            f"{place.origin}: it has the address of a link or of a metadata service, and nothing was sent: "
            "correct `url`, or say `allow-link-local: true`",
            lasting=True,
        )


def is_forbidden(address: str) -> bool:
    """Whether an address is one that no sink has, also where it is written as another."""
    try:
        meant = _meant(ip_address(address))
    except ValueError:
        return False
    return meant.is_link_local or any(meant in ip_network(network) for network in NEVER)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in ip_network(TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
