"""Values that are too large for where they stand, made smaller in a way that shows.

What is left is a value of the same kind: a text with its beginning, a list with its first items, an object with all its
members that are small and the beginnings of the others. Each says how much is missing.
"""

from __future__ import annotations

from typing import Any

from scanner.jsonline import json_line

DEEPEST = 40
LEAST = 64
"""Octets below which nothing is left of a value."""
NOTE = 40
"""Octets in which what is missing is counted."""
GONE = "... (left out)"
MORE = "... (left out)"
"""The name of a member that says how many others are missing."""


def size_of(value: Any) -> int:
    """Octets of a value as JSON in ASCII, in which it has the most."""
    return len(json_line(value))


def shortened(value: Any, octets: int, depth: int = 0) -> Any:
    """As much of a value as has room in so many octets; itself where it has."""
    if depth > DEEPEST or octets < LEAST:
        return GONE
    size = size_of(value)
    if size <= octets:
        return value
    match value:
        case str():
            return _text(value, octets)
        case list():
            return _list(value, octets, depth)
        case dict():
            return _object(value, octets, depth)
        case _:
            return GONE


def _text(value: str, octets: int) -> str:
    kept = value
    while size_of(_cut(value, kept)) > octets:
        # A character has 1 to 12 octets: what is left is cut as if the rest were like it.
        kept = kept[: max(0, min(len(kept) - 1, len(kept) * octets // (size_of(kept) + LEAST)))]
    return _cut(value, kept)


def _cut(value: str, kept: str) -> str:
    return f"{kept}... ({len(value) - len(kept)} characters left out)"


def _list(value: list[Any], octets: int, depth: int) -> list[Any]:
    room = octets - NOTE
    kept: list[Any] = []
    for item in value:
        size = size_of(item) + 1
        if size > room:
            if room > LEAST and not kept:
                kept.append(shortened(item, room - 1, depth + 1))
            break
        kept.append(item)
        room -= size
    return [*kept, f"... ({len(value) - len(kept)} items left out)"] if len(kept) < len(value) else kept


def _object(value: dict[str, Any], octets: int, depth: int) -> dict[str, Any]:
    room = octets - NOTE
    kept: dict[str, Any] = {}
    left = len(value)
    for name, inner in sorted(value.items(), key=lambda member: size_of(member[1])):
        # What small members do not need is for the large ones.
        share = room // left - size_of(name) - 2
        left -= 1
        if share < LEAST and size_of(inner) > share:
            continue
        kept[name] = shortened(inner, max(share, LEAST), depth + 1)
        room -= size_of(name) + size_of(kept[name]) + 2
    ordered = {name: kept[name] for name in value if name in kept}
    missing = len(value) - len(kept)
    return {**ordered, MORE: f"{missing} members"} if missing else ordered
