"""Where requests go: Google's hosts, or one address that stands for all of them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests

from scanner.loopback import is_loopback
from scanner.provider import SettingError

GOOGLE = ".googleapis.com"


class Endpoint:
    """The address that requests to Google's hosts are sent to."""

    def __init__(self, url: str | None) -> None:
        self.url = (url or "").rstrip("/")
        parts = urlsplit(self.url)
        self.host = parts.hostname or ""
        if not self.url:
            return
        if parts.scheme not in ("http", "https") or not self.host or parts.query or parts.fragment or parts.username:
            raise SettingError(f"the endpoint {self.url!r} is not a base URL such as https://apis.example.com")
        if parts.scheme == "http" and not is_loopback(self.host):
            raise SettingError(f"the endpoint {self.url} is plain http to another machine: use https")

    def aim(self, request: requests.PreparedRequest) -> None:
        """Turn a request for one of Google's hosts to the address, and name that host."""
        parts = urlsplit(str(request.url))
        host = parts.hostname or ""
        if self.url and host.endswith(GOOGLE):
            to = urlsplit(self.url)
            path = to.path + parts.path
            request.url = urlunsplit(parts._replace(scheme=to.scheme, netloc=to.netloc, path=path))
            request.headers["X-Forwarded-Host"] = host

    def proxies(self, request: requests.PreparedRequest) -> bool:
        """Whether a proxy may carry a request: what stays on this machine needs none."""
        return not is_loopback(urlsplit(str(request.url)).hostname or "")


def is_link_local(host: str) -> bool:
    """Whether a host is the metadata server of the machine that we run on."""
    if host == "metadata.google.internal":
        return True
    try:
        return ip_address(host).is_link_local
    except ValueError:
        return False


def with_names_of_enums(url: str) -> str:
    """The URL without the SDK's wish for numbers in the place of names, such as 1 for ACTIVE."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "$alt"]
    return urlunsplit(parts._replace(query=urlencode(query)))
