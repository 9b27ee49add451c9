"""What is installed: providers, checks, writers and sinks, ours by the same door as a stranger's."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from scanner.check import Check
from scanner.cli.exits import Exit, Stop
from scanner.provider import Provider

if TYPE_CHECKING:
    from scanner.report.report import Writer

# Entry points cannot change while we run, so what they name is looked up once.


@cache
def _named(group: str) -> Mapping[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=f"ourside.{group}"), key=lambda entry: entry.name):
        if entry.name in found and found[entry.name].value != entry.value:
            raise Stop(Exit.USAGE, f"two installed packages bring the {group[:-1]} {entry.name!r}: remove one of them")
        found[entry.name] = entry
    return found


@cache
def providers() -> Mapping[str, Provider]:
    """Installed providers by name."""
    return {name: cast(Provider, entry.load()) for name, entry in _named("providers").items()}


def provider(name: str) -> Provider:
    """A provider by name."""
    return providers()[name]


def writer_names() -> Sequence[str]:
    """Formats that a report can be written in."""
    return tuple(_named("writers"))


def writer(name: str) -> Writer:
    """The writer of a format."""
    return cast("Writer", _named("writers")[name].load())


@cache
def checks() -> Mapping[str, Check[Any]]:
    """All installed checks by id."""
    found: dict[str, Check[Any]] = {}
    for entry in _named("checks").values():
        for module in _modules(entry.load()):
            for value in vars(module).values():
                if isinstance(value, Check) and value.module == module.__name__:
                    other = found.setdefault(value.id, value)
                    if other is not value:
                        raise Stop(Exit.USAGE, f"check {value.id} is defined in {other.module} and in {value.module}")
    return dict(sorted(found.items()))


def _modules(root: ModuleType) -> Iterator[ModuleType]:
    yield root
    for info in pkgutil.walk_packages(getattr(root, "__path__", []), f"{root.__name__}."):
        yield importlib.import_module(info.name)
