"""Where the value of each option of a command comes from."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

import click
import msgspec
from click.core import ParameterSource

from scanner.cli.config.in_use import ConfigOption, document_in_use, written_at
from scanner.cli.config.keys import commands, key_of
from scanner.cli.deliver.routes import SINK, routes
from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import standard
from scanner.cli.options import flat
from scanner.deliver.config import SINKS
from scanner.deliver.route import Route
from scanner.deliver.secret import Secret

Origin = Literal["flag", "environment", "file", "default"]

_PASSWORD = re.compile(r"(?<=://)([^/?#@\s]*):[^/?#@\s]*@")
_PATH = re.compile(r"(?<![:/])/[^/].*")
_QUERY = re.compile(r"(?<=[^\s]\?)[^#\s]+")


class Row(msgspec.Struct, frozen=True):
    """One option."""

    option: str
    value: Any
    """As JSON says it; null where there is none. Never a secret."""
    origin: Origin
    where: str = ""
    """The flag, the variable, or file and line."""


def rows_of(name: str, words: Sequence[str], named: str | None) -> list[Row]:
    """The options of a command as they would be if it was called with these words; Stop where it would not start."""
    command = _command(name)
    file = ["--config", named] if named and any(isinstance(each, ConfigOption) for each in command.params) else []
    with command.make_context(name, [*file, *words]) as ctx:
        rows = [_row(ctx, option) for option in command.params if isinstance(option, click.Option)]
        found = [row for row in rows if row is not None]
        if SINK in ctx.params:
            found += [row for route in routes(ctx.params) for row in _sink(route)]
    return found


def without_arguments(command: click.Command) -> click.Command:
    """The command, with nothing that has to be said to it."""
    changed = copy.copy(command)
    changed.params = [copy.copy(option) for option in command.params]
    for option in changed.params:
        option.required = False
    return changed


def _command(name: str) -> click.Command:
    known: dict[str, click.Command] = {}
    for each, command in commands():
        known[each] = command
        if each == name:
            return without_arguments(command)
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose among {', '.join(known)}"
    raise Stop(Exit.USAGE, f"--command {name!r}: there is no such command: {hint}")


def _row(ctx: click.Context, option: click.Option) -> Row | None:
    name, key = option.name or "", key_of(option)
    if isinstance(option, ConfigOption):
        document = document_in_use()
        origin, where = _origin(ctx, option)
        return Row(key, document.path if document else None, origin, where)
    if not option.expose_value:
        return None
    value: Any = ctx.params.get(name)
    if name == "history" and value is None:
        value = str(standard())
    return Row(key, shown(flat(value) if _is_nested(value) else value), *_origin(ctx, option))


def _is_nested(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(each, tuple) for each in value)


def _origin(ctx: click.Context, option: click.Option) -> tuple[Origin, str]:
    match ctx.get_parameter_source(option.name or ""):
        case ParameterSource.COMMANDLINE:
            return "flag", max(option.opts, key=len)
        case ParameterSource.ENVIRONMENT:
            variables = [option.envvar] if isinstance(option.envvar, str) else list(option.envvar or ())
            return "environment", next(name for name in variables if os.environ.get(name))
        case ParameterSource.DEFAULT_MAP:
            return "file", written_at(option.name or "").rstrip(": ")
        case _:
            return "default", ""


def _sink(route: Route) -> Iterator[Row]:
    """What is said of one sink, and what its type takes where nothing is said."""
    document = document_in_use()
    assert document is not None
    assert isinstance(document.value, dict)
    entry = document.value[SINKS][route.name]
    only, status = sorted(route.only), sorted(route.status)
    said: dict[str, Any] = {"type": route.type.name, "format": route.format, "only": only or None}
    said |= {"status": status or None, "severity": route.severity}
    for key, value in {**said, **options_shown(route)}.items():
        where = f"{document.path}:{document.line_at(SINKS, route.name, key)}" if key in entry else ""
        yield Row(f"{SINKS}.{route.name}.{key}", value, "file" if where else "default", where)


def options_shown(route: Route) -> dict[str, Any]:
    """What is said to a sink's type, by the names of the file, as JSON says it, with no secret in it."""
    said = {}
    for field in msgspec.structs.fields(route.options):
        value = getattr(route.options, field.name)
        # Of what may be a secret, and is written as it is, such as a webhook's address, no more than the host is shown.
        bare = isinstance(value, str) and Secret in get_args(field.type)
        said[field.encode_name] = shown(_PATH.sub("/***", value) if bare else value)
    return said


def shown(value: Any) -> Any:
    """A value as JSON says it, with no secret in it."""
    match value:
        case Secret():
            return _place(value)
        case msgspec.Struct():
            return {field.encode_name: shown(getattr(value, field.name)) for field in msgspec.structs.fields(value)}
        case Mapping():
            return {str(key): shown(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [shown(each) for each in value]
        case Path() | str():
            return _QUERY.sub("***", _PASSWORD.sub(r"\1:***@", str(value))) if "://" in str(value) else str(value)
        case None | bool() | int() | float():
            return value
    return str(value)


def _place(secret: Secret) -> str:
    if secret.env is not None:
        return f"secret of the variable {secret.env}" + ("" if os.environ.get(secret.env) else ", which is not set")
    if secret.credential is not None:
        return f"secret in the credential {secret.credential} of its service"
    missing = "" if os.access(secret.file or "", os.R_OK) else ", which cannot be read"
    return f"secret in the file {secret.file}{missing}"
