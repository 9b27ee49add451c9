"""Finding a resource in an answer, and changing members of it by JSON pointer (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAMES = ("id", "selfLink", "name", "kid", "email")


def listed(answer: Any, name: str) -> Any:
    """The one listed resource of this id, link or name; ids of Azure are compared without case."""
    found = [
        entry
        for entry in _entries(answer)
        if any(str(entry.get(member, "")).lower() == name.lower() for member in NAMES)
    ]
    if len(found) != 1:
        raise KeyError(f"{len(found)} resources are called {name}")
    return found[0]


def _entries(answer: Any) -> Iterator[dict[str, Any]]:
    """Entries of the answer's lists, and of the lists of each zone in an aggregated one."""
    for member in answer.values():
        if isinstance(member, list):
            yield from (entry for entry in member if isinstance(entry, dict))
    zones = answer.get("items")
    if isinstance(zones, dict):
        for zone in zones.values():
            yield from _entries(zone)


def at(document: Any, pointer: str) -> Any:
    """What stands at a pointer; KeyError where nothing does."""
    for part in _parts(pointer):
        document = _step(document, part, pointer)
    return document


def replaced(document: Any, pointer: str, value: Any) -> None:
    """Put a value at a pointer, whose container must be there; `-` appends to a list."""
    *way, last = _parts(pointer)
    for part in way:
        document = _step(document, part, pointer)
    if isinstance(document, list):
        if last == "-":
            document.append(value)
        else:
            _step(document, last, pointer)
            document[int(last)] = value
    elif isinstance(document, dict):
        document[last] = value
    else:
        raise KeyError(pointer)


def removed(document: Any, pointer: str) -> None:
    """Take away what stands at a pointer; KeyError where nothing does."""
    *way, last = _parts(pointer)
    for part in way:
        document = _step(document, part, pointer)
    _step(document, last, pointer)
    del document[int(last) if isinstance(document, list) else last]


def _parts(pointer: str) -> list[str]:
    if not pointer.startswith("/"):
        raise KeyError(f"{pointer} is no pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def _step(document: Any, part: str, pointer: str) -> Any:
    if isinstance(document, dict) and part in document:
        return document[part]
    if isinstance(document, list) and part.isdigit() and int(part) < len(document):
        return document[int(part)]
    raise KeyError(pointer)
