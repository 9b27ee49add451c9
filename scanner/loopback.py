"""This machine, by what an address calls it: nobody else is on the way to it."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: 127.0.0.0/8, ::1, localhost and what ends so.

    https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
