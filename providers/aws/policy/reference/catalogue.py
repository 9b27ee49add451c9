"""Every action that AWS documents, by service and access level.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import Literal

import msgspec

from providers.aws.policy.reference.vendored import vendored

AccessLevel = Literal["List", "Read", "Write", "Permissions management", "Tagging"]
"""As AWS has it, but for some actions that can change a policy: the definition calls those permissions management."""


class _File(msgspec.Struct, frozen=True):
    date: str
    source: str
    version: str
    services: dict[str, dict[AccessLevel, str]]


class Catalogue:
    """The actions of all services. `date` is the day on which `version` of the definition was taken over."""

    def __init__(self, file: _File) -> None:
        self.date = file.date
        self.source = file.source
        self.version = file.version
        self._levels = file.services
        self._names = {service: _by_lower(levels) for service, levels in file.services.items()}

    def services(self) -> frozenset[str]:
        """The prefixes of all services."""
        return frozenset(self._names)

    def levels(self, service: str) -> Mapping[AccessLevel, tuple[str, ...]]:
        """Access level -> operations of the service, without its prefix. Empty for a service that is not known."""
        levels = self._levels.get(service.lower(), {})
        return MappingProxyType({level: tuple(names.split()) for level, names in levels.items()})

    def level(self, action: str) -> AccessLevel | None:
        """The access level of one action; nothing for one that is not known."""
        service, _, operation = action.lower().partition(":")
        name = self._names.get(service, {}).get(operation)
        return next((level for level, names in self.levels(service).items() if name in names), None)

    def knows(self, action: str) -> bool:
        """Whether the action is in the data. One that is not may be newer than it."""
        service, _, operation = action.lower().partition(":")
        return operation in self._names.get(service, {})

    def expand(self, pattern: str) -> frozenset[str]:
        """The actions that an action pattern of a policy matches, in their documented spelling.

        A pattern that matches none of them comes back as it is: it may name what is newer than the data, so it is
        never lost. `knows` tells such ones apart. Wildcards stand for parts of the operation only; `*` and `*:*`
        are every action.
        """
        if pattern in ("*", "*:*"):
            return self._everything
        service, colon, operation = pattern.lower().partition(":")
        names = self._names.get(service) if colon else None
        if names is None:
            return frozenset((pattern,))
        if "*" not in operation and "?" not in operation:
            return frozenset((f"{service}:{names[operation]}" if operation in names else pattern,))
        found = frozenset(f"{service}:{name}" for lower, name in names.items() if _matches(operation, lower))
        return found or frozenset((pattern,))

    @cached_property
    def _everything(self) -> frozenset[str]:
        return frozenset(f"{service}:{name}" for service, names in self._names.items() for name in names.values())


def _by_lower(levels: Mapping[AccessLevel, str]) -> dict[str, str]:
    """Operations in their documented spelling, by name in lower case."""
    return {name.lower(): name for names in levels.values() for name in names.split()}


def _matches(pattern: str, text: str) -> bool:
    """Glob match in linear space and without backtracking over more than one `*`."""
    place = start = retry = 0
    star = -1
    while place < len(text):
        if start < len(pattern) and pattern[start] == "*":
            star, retry = start, place
            start += 1
        elif start < len(pattern) and pattern[start] in ("?", text[place]):
            start, place = start + 1, place + 1
        elif star >= 0:
            retry += 1
            start, place = star + 1, retry
        else:
            return False
    return not pattern[start:].strip("*")


@cache
def actions() -> Catalogue:
    """The vendored catalogue."""
    return Catalogue(vendored("actions.json", _File))
