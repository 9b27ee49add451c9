"""Numbers, instants and networks out of policy text. Nothing where the text is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

_LONGEST = 64
_YEAR = 4
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d))?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str) -> Decimal | None:
    """A decimal number."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)


@lru_cache(maxsize=10_000)
def instant(text: str) -> Decimal | None:
    """Seconds since 1970 of a date (its beginning, UTC), of a date and time with zone, or of epoch seconds.

    Dates have the forms of ISO 8601 that W3C picked: https://www.w3.org/TR/NOTE-datetime. A year alone is not told from
    epoch seconds, and so is nothing.
    """
    found = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None if len(text) == _YEAR and text.isdigit() else number(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups(default="")
    try:
        moment = datetime(
            int(year), int(month), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    seconds = Decimal(int((moment - _EPOCH).total_seconds())) + Decimal(f"0.{fraction or 0}")
    return seconds - Decimal(int(_offset(zone).total_seconds()))


@lru_cache(maxsize=10_000)
def network(text: str) -> IPv4Network | IPv6Network | None:
    """An address range in CIDR form; an address alone is a range of one."""
    if len(text) > _LONGEST:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _offset(zone: str) -> timedelta:
    if zone in ("", "Z"):
        return timedelta()
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return -ahead if zone[0] == "-" else ahead
