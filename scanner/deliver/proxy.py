"""The proxy that the environment names, as programs commonly read it: `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`.

`NO_PROXY` holds names, which stand for all below them too, addresses, networks such as 10.0.0.0/8, and any of them with
a port; `*` stands for all. There is no standard, and this is what most read of it:
https://about.gitlab.com/blog/2021/01/27/we-need-to-talk-no-proxy/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from scanner.deliver.address import Place
from scanner.deliver.sink import SinkError
from scanner.loopback import is_loopback


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it is, and what it is told."""

    host: str
    port: int
    headers: Mapping[str, str] = field(repr=False)


def proxy_of(place: Place) -> Proxy | None:
    """The proxy that the environment names for an endpoint; none where the endpoint is on this machine."""
    from urllib.parse import unquote, urlsplit
    from urllib.request import getproxies_environment

    from urllib3.util import make_headers

    proxies = getproxies_environment()
    url = proxies.get("https") or proxies.get("all")
    if not url or is_loopback(place.host) or is_spared(place, proxies.get("no", "")):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme != "http":
        raise SinkError("HTTPS_PROXY is no URL of an HTTP proxy: set it to http://host:port, or unset it", lasting=True)
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
    return Proxy(host, port or 80, make_headers(proxy_basic_auth=user) if user else {})


def is_spared(place: Place, listed: str) -> bool:
    """Whether an endpoint is among those that are reached without a proxy."""
    return any(_means(entry.strip().lower(), place) for entry in listed.split(","))


def _means(entry: str, place: Place) -> bool:
    if entry == "*":
        return True
    name, port = entry, ""
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        port = port.removeprefix(":")
    elif entry.count(":") == 1:
        name, _, port = entry.partition(":")
    if port and port != str(place.port):
        return False
    try:
        address = ip_address(place.host)
    except ValueError:
        name, host = name.removeprefix("*").strip("."), place.host.rstrip(".")
        return bool(name) and f".{host}".endswith(f".{name}")
    try:
        return address in ip_network(name, strict=False)
    except ValueError:
        return False
