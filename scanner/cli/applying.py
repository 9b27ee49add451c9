"""Which of the installed checks judge what of which cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scanner.check import SEVERITIES, Check
from scanner.cli import doors
from scanner.model import Resource


def kinds_of(check: Check[Any]) -> list[type[Resource]]:
    """The concrete classes that a check judges."""
    return [kind for provider in doors.providers().values() for kind in provider.kinds() if check.applies_to(kind)]


def kinds_by_type() -> Mapping[str, str]:
    """The kind of each resource type that can be read."""
    return {kind.type_id: kind.kind for provider in doors.providers().values() for kind in provider.kinds()}


def clouds_of(check: Check[Any]) -> tuple[str, ...]:
    """The clouds of which a check judges something."""
    return tuple(name for name, provider in doors.providers().items() if any(map(check.applies_to, provider.kinds())))


def clouds_by_check() -> Mapping[str, frozenset[str]]:
    """The clouds of every check."""
    return {name: frozenset(clouds_of(check)) for name, check in doors.checks().items()}


def checks_of(kinds: Iterable[type[Resource]], wanted: Callable[[Check[Any]], bool]) -> list[Check[Any]]:
    """The wanted checks that judge one of these classes, the worst first."""
    all_ = tuple(kinds)
    found = [check for check in doors.checks().values() if wanted(check) and any(map(check.applies_to, all_))]
    return sorted(found, key=lambda check: (SEVERITIES.index(check.severity), check.id))
