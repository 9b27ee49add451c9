"""Parts of events that several forms have."""

from __future__ import annotations

from typing import Any

from scanner.scope import Container

ORGANIZATION = "organization"
"""The level of containers that other systems have a word for."""


def organization_of(within: tuple[Container, ...]) -> Container | None:
    """The organisation that accounts belong to, where it is among what they lie in."""
    outermost = within[0] if within else None
    return outermost if outermost is not None and outermost.level == ORGANIZATION and outermost.uid else None


def without_empty(value: Any) -> Any:
    """The same without members and items that are None or empty."""
    if isinstance(value, dict):
        inner = ((key, without_empty(each)) for key, each in value.items())
        return {key: each for key, each in inner if each not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [each for each in map(without_empty, value) if each not in (None, "", [], {})]
    return value
