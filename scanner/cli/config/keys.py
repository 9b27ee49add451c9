"""The keys of a file of options: which command takes which, and whether their values fit."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from scanner.cli import doors
from scanner.cli.app import COMMANDS
from scanner.cli.config.in_use import ConfigOption
from scanner.cli.deliver.routes import SINK
from scanner.deliver.config import SINKS
from scanner.document import DataError, Document

ONLY_SAID = frozenset({SINK})
"""Options that no file sets: it lists the sinks themselves, and which of them is meant is said each time."""
STDOUT = "-"


def options_of(command: click.Command) -> Mapping[str, click.Parameter]:
    """The options of a command that a file sets, by their keys; none where it takes no file."""
    reader = next((option for option in command.params if isinstance(option, ConfigOption)), None)
    if reader is None:
        return {}
    found = {key_of(option): option for option in command.params if option is not reader and option.expose_value}
    return {
        key: option
        for key, option in found.items()
        if isinstance(option, click.Option) and key not in ONLY_SAID and reader.sets(key)
    }


def commands() -> Iterator[tuple[str, click.Command]]:
    """All commands with the words that call them. Each is loaded when it is reached, `scan` first."""
    for name, (module, _) in COMMANDS.items():
        yield from _within(name, getattr(importlib.import_module(module), name.replace("-", "_")))


def _within(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for inner in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), inner)
            if found is not None:
                yield from _within(f"{name} {inner}", found)
    else:
        yield name, command


def values_in(document: Document, ctx: click.Context, problems: list[DataError]) -> dict[str, Any]:
    """What a file says to a command, by the names of its parameters; what is wrong with it is noted."""
    if document.value is None:
        return {}
    if not isinstance(document.value, dict):
        problems.append(DataError(document.path, 1, "must be a mapping: each line `option: value`"))
        return {}
    own = options_of(ctx.command)
    strange = [key for key in document.value if key not in own and key != SINKS]
    problems += _unknown(document, strange)
    given: dict[str, Any] = {}
    for key, option in own.items():
        try:
            value = _value(document, ctx, key, option)
        except DataError as error:
            problems.append(error)
        else:
            if value is not None:
                given[option.name or ""] = value
    problems.sort(key=lambda problem: problem.line)
    return given


def _unknown(document: Document, keys: Collection[str]) -> list[DataError]:
    """About keys that no command takes; others are loaded only as far as it takes to know."""
    known, left = {SINKS}, set(keys)
    for _, command in commands() if left else ():
        known.update(options_of(command))
        left -= known
        if not left:
            return []
    return [DataError(document.path, document.line_at(key), _hint(key, known)) for key in left]


def _hint(key: str, known: Collection[str]) -> str:
    near = get_close_matches(key.replace("_", "-"), sorted(known), 1)
    return f"unknown key {key!r}: " + (f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}")


def _value(document: Document, ctx: click.Context, key: str, option: click.Parameter) -> object:
    """The value of a key as the option takes it; None where it is not said. DataError where it does not fit."""
    assert isinstance(document.value, dict)
    value = document.fit(_kind(option), document.value.get(key), f".{key}")
    if value is None:
        return None
    if isinstance(value, str) and option.multiple:
        value = [value]
    value = _placed(value, option, Path(document.path).parent)
    try:
        option.type_cast_value(ctx, value)
    except click.BadParameter as error:
        raise DataError(document.path, document.line_at(key), f"{key}: {error.message}") from error
    return value


def _placed(value: Any, option: click.Parameter, folder: Path) -> Any:
    """Paths in a file start where the file is, wherever the command is run."""
    if isinstance(option.type, click.Path):
        return str(folder / value)
    if option.name == "history" and value != "off" and "://" not in value:
        return str(folder / Path(value).expanduser())
    if option.name == "output":
        return [",".join(_target(part.strip(), folder) for part in text.split(",")) for text in value]
    return value


def _target(text: str, folder: Path) -> str:
    name, equals, path = text.partition("=")
    if equals and name in doors.writer_names():
        return f"{name}={_target(path, folder)}"
    return text if text in ("", STDOUT) else str(folder / text)


def key_of(option: click.Parameter) -> str:
    """The name of an option in a file: its longest, without dashes."""
    return max(option.opts, key=len).lstrip("-")


def _kind(option: click.Parameter) -> Any:
    kind: Any = str
    if option.multiple:
        kind = str | list[str]
    elif isinstance(option, click.Option) and option.is_flag:
        kind = bool
    elif isinstance(option.type, click.IntRange):
        kind = int
    elif isinstance(option.type, click.FloatRange):
        kind = float
    return kind | None
