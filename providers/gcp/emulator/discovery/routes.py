"""Which method a request calls, by the routes of the discovery documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final
from urllib.parse import unquote

import msgspec

_VERSIONS: Final = ("v1", "v2", "v3", "v1beta4")


class Route(msgspec.Struct, frozen=True):
    """A method of an API and where it listens, as Google publishes it."""

    id: str
    api: str
    """With its version, such as `sqladmin.v1`."""
    revision: str
    host: str
    verb: str
    path: str
    query: tuple[str, ...]
    response: str
    """Name of the answer's schema."""

    @property
    def wire(self) -> str:
        """How it is named here, such as `storage:buckets.list`."""
        service, _, operation = self.id.partition(".")
        return f"{service}:{operation}"


class Match(msgspec.Struct, frozen=True):
    """A route and what stood in its path."""

    route: Route
    values: tuple[str, ...]
    """The variable segments in their order, decoded."""
    relative: str
    """The decoded path behind the API's version, without a verb such as `:getIamPolicy`."""


class Routes:
    """All routes, ready to be asked."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._by_shape: Mapping[tuple[str, int], list[tuple[Route, tuple[str, ...]]]] = defaultdict(list)
        for route in routes:
            segments = tuple(route.path.split("/")[1:])
            self._by_shape[route.verb, len(segments)].append((route, segments))
        for rows in self._by_shape.values():
            rows.sort(key=lambda row: sum(part.startswith("{") and part.endswith("}") for part in row[1]))

    def match(self, verb: str, host: str, path: str) -> Match | None:
        """The method that a path calls; with no host, that of the first API that has such a path."""
        segments = tuple(path.split("/")[1:])
        for route, template in self._by_shape.get((verb, len(segments)), ()):
            if host in (route.host, ""):
                values = _values(template, segments)
                if values is not None:
                    return Match(route, values, _relative(segments))
        return None


@cache
def routes() -> Routes:
    """Those of the reduced copy in the package."""
    data = (resources.files(__package__) / "routes.json").read_bytes()
    return Routes(msgspec.json.decode(data, type=tuple[Route, ...]))


def all_routes() -> tuple[Route, ...]:
    """Each route of the reduced copy."""
    data = (resources.files(__package__) / "routes.json").read_bytes()
    return msgspec.json.decode(data, type=tuple[Route, ...])


def _values(template: tuple[str, ...], segments: tuple[str, ...]) -> tuple[str, ...] | None:
    values = []
    for expected, found in zip(template, segments, strict=True):
        if not expected.startswith("{"):
            if expected != found:
                return None
            continue
        ending = expected.partition("}")[2]
        # `{name}` is no `{name}:verb`: a verb is a word of lower and upper case letters behind the last colon.
        value = found.removesuffix(ending) if ending and found.endswith(ending) else None if ending else found
        if not value or (not ending and _verb(found)):
            return None
        values.append(unquote(value))
    return tuple(values)


def _verb(segment: str) -> bool:
    """True for `name:getIamPolicy`, false for `example.com:project`."""
    word = segment.rpartition(":")[2] if ":" in segment else ""
    return word.isalpha() and word.startswith(("get", "list", "compute", "search", "generate", "test", "set"))


def _relative(segments: tuple[str, ...]) -> str:
    start = next(index for index, part in enumerate(segments) if part in _VERSIONS) + 1
    rest = [unquote(part) for part in segments[start:]]
    if _verb(rest[-1]):
        rest[-1] = rest[-1].rpartition(":")[0]
    return "/".join(rest)
