"""Values of CEL expressions and the functions over them.

https://cloud.google.com/iam/docs/conditions-attribute-reference
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import msgspec


class Unknown(msgspec.Struct, frozen=True):
    """A value that we do not know, or that evaluation fails to give."""


UNKNOWN: Final = Unknown()
Value: TypeAlias = "str | int | float | bool | datetime | timedelta | tuple[Value, ...] | Unknown | None"

_UNITS: Final = (("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0))


def timestamp(text: str) -> datetime | Unknown:
    """RFC 3339 with an offset."""
    if len(text) < 20 or text[10] not in "Tt":
        return UNKNOWN
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return UNKNOWN
    return UNKNOWN if moment.tzinfo is None else moment


def duration(text: str) -> timedelta | Unknown:
    """Such as `1h30m` or `3600s`."""
    rest, seconds = text.removeprefix("-"), 0.0
    while rest:
        size = next((i for i, c in enumerate(rest) if c not in "0123456789."), len(rest))
        unit = next((u for u in _UNITS if rest.startswith(u[0], size)), None)
        digits = rest[:size]
        if unit is None or not digits or digits.count(".") > 1 or digits == "." or size > 15:
            return UNKNOWN
        seconds += float(digits) * unit[1]
        rest = rest[size + len(unit[0]) :]
    if not text.removeprefix("-") or seconds > 1e11:
        return UNKNOWN
    return timedelta(seconds=-seconds if text.startswith("-") else seconds)


def extract(text: str, template: str) -> str | Unknown:
    """What stands where the template has its one name in braces; empty where the text does not match."""
    before, brace, rest = template.partition("{")
    name, closed, after = rest.partition("}")
    if not brace or not closed or not name or "{" in after:
        return UNKNOWN
    start = text.find(before)
    if start < 0:
        return ""
    found = text[start + len(before) :]
    if not after:
        return found
    end = found.find(after)
    return found[:end] if end >= 0 else ""


def _getter(read: Callable[[datetime], int]) -> Callable[[datetime, str], int | Unknown]:
    def get(moment: datetime, zone: str) -> int | Unknown:
        place = _zone(zone)
        return UNKNOWN if isinstance(place, Unknown) else read(moment.astimezone(place))

    return get


def _zone(text: str) -> tzinfo | Unknown:
    if text in ("", "UTC"):
        return UTC
    if text[0] in "+-":
        hours, _, minutes = text[1:].partition(":")
        if len(hours) == 2 and len(minutes) == 2 and (hours + minutes).isdecimal() and int(hours) < 24:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            return timezone(-offset if text[0] == "-" else offset) if offset < timedelta(days=1) else UNKNOWN
        return UNKNOWN
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return UNKNOWN


GETTERS: Final[Mapping[str, Callable[[datetime, str], int | Unknown]]] = MappingProxyType(
    {
        "getFullYear": _getter(lambda t: t.year),
        "getMonth": _getter(lambda t: t.month - 1),
        "getDate": _getter(lambda t: t.day),
        "getDayOfMonth": _getter(lambda t: t.day - 1),
        "getDayOfWeek": _getter(lambda t: t.isoweekday() % 7),
        "getDayOfYear": _getter(lambda t: t.timetuple().tm_yday - 1),
        "getHours": _getter(lambda t: t.hour),
        "getMinutes": _getter(lambda t: t.minute),
        "getSeconds": _getter(lambda t: t.second),
    }
)
"""Parts of a timestamp. Months, days of the month and of the year count from 0, days of the week from Sunday."""

TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = MappingProxyType(
    {
        "startsWith": lambda text, part: text.startswith(part),
        "endsWith": lambda text, part: text.endswith(part),
        "contains": lambda text, part: part in text,
    }
)
