"""What is installed: providers, checks, access engines, writers, events and sinks, ours by the door of strangers."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from scanner.check import Check
from scanner.cli.exits import Exit, Stop
from scanner.provider import Provider

if TYPE_CHECKING:
    from scanner.deliver.sink import SinkType
    from scanner.questions import AccessEngine
    from scanner.report.event import EventFormat
    from scanner.report.report import Writer

_SORTS = {"access": "access engine", "sinks": "type of sinks", "events": "form of events"}

# Entry points cannot change while we run, so what they name is looked up once.


@cache
def _named(group: str) -> Mapping[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=f"ourside.{group}"), key=lambda entry: entry.name):
        if entry.name in found and found[entry.name].value != entry.value:
            what = _SORTS.get(group, group[:-1])
            raise Stop(Exit.USAGE, f"two installed packages bring the {what} {entry.name!r}: remove one of them")
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


def sink_names() -> Sequence[str]:
    """Types of sinks that are installed; none is loaded."""
    return tuple(_named("sinks"))


def sink_type(name: str) -> SinkType:
    """The type of sinks of a name; Stop where there is none or it cannot be loaded."""
    from scanner.deliver.sink import SinkType

    found = _one("sinks", name)
    if not isinstance(found, SinkType):
        raise Stop(Exit.USAGE, f"what is installed as the type of sinks {name!r} is none: {type(found).__name__}")
    return found


class SinkTypes(Mapping[str, "SinkType"]):
    """All installed types of sinks by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> SinkType:
        if name not in _named("sinks"):
            raise KeyError(name)
        return sink_type(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_named("sinks"))

    def __len__(self) -> int:
        return len(_named("sinks"))


def event_format_names() -> Sequence[str]:
    """Forms that events can have; none is loaded."""
    return tuple(_named("events"))


def event_format(name: str) -> EventFormat:
    """The form of events of a name; Stop where there is none or it cannot be loaded."""
    return cast("EventFormat", _one("events", name))


def _one(group: str, name: str) -> object:
    """What an entry point names; Stop where there is none, or where it cannot be loaded."""
    known, what = _named(group), _SORTS[group]
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose among {', '.join(known) or 'none'}"
        raise Stop(Exit.USAGE, f"there is no {what} {name!r}: {hint}")
    try:
        return known[name].load()
    except (ImportError, AttributeError) as error:
        raise Stop(Exit.USAGE, f"the {what} {name!r} cannot be loaded: {error}. Install it again") from error


def engine_names() -> Sequence[str]:
    """Clouds whose access engines are installed; none is loaded."""
    return tuple(_named("access"))


@cache
def engine(name: str) -> AccessEngine:
    """The access engine of a cloud, loaded when first asked for; Stop where there is none or it cannot be loaded."""
    return cast("AccessEngine", _one("access", name))


def engines() -> Mapping[str, AccessEngine]:
    """All installed access engines that can be loaded, by the name of their cloud."""
    found: dict[str, AccessEngine] = {}
    for name in engine_names():
        # A damaged plug-in must not take the others away; who asks for it by name is told.
        with suppress(Stop):
            found[name] = engine(name)
    return found


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
