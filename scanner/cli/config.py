"""A file with the values of options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from scanner.cli.exits import Exit, Stop

_READ = f"{__name__}.path"


def read_config(ctx: click.Context, param: click.Parameter, path: Path | None) -> None:
    """Make a file's values the defaults of the command's options: a flag and an environment variable win."""
    if path is None:
        return
    from scanner.document import DataError, load

    options = [option for option in ctx.command.params if option is not param and option.expose_value]
    shape = msgspec.defstruct("Config", map(_field, options), rename="kebab", forbid_unknown_fields=True)
    try:
        values = load(path, shape)
    except DataError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    ctx.meta[_READ] = path
    given: dict[str, Any] = {}
    for option in options:
        name = option.name or ""
        value = getattr(values, name)
        if value is not None:
            given[name] = [value] if isinstance(value, str) and option.multiple else value
            _check(ctx, option, given[name], path)
    ctx.default_map = {**(ctx.default_map or {}), **given}


config_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="OURSIDE_CONFIG",
    is_eager=True,
    expose_value=False,
    callback=read_config,
    help="A YAML file with the values of options.",
)


def written_at(name: str) -> str:
    """`file:line: ` where the value of an option of the running command comes from a file, for errors; else nothing."""
    ctx = click.get_current_context(silent=True)
    if ctx is None or ctx.get_parameter_source(name) is not ParameterSource.DEFAULT_MAP or _READ not in ctx.meta:
        return ""
    return _line(ctx.meta[_READ], name)


def _line(path: Path, name: str) -> str:
    from scanner.document import line_of

    return f"{path}:{line_of(path, '.' + name.replace('_', '-'))}: "


def _check(ctx: click.Context, option: click.Parameter, value: object, path: Path) -> None:
    """Stop where the option does not take the value."""
    name = option.name or ""
    try:
        option.type_cast_value(ctx, value)
    except click.BadParameter as error:
        raise Stop(Exit.USAGE, f"{_line(path, name)}{name.replace('_', '-')}: {error.message}") from error


def _field(option: click.Parameter) -> tuple[str, Any, Any]:
    kind: Any = str
    if option.multiple:
        kind = str | list[str]
    elif isinstance(option, click.Option) and option.is_flag:
        kind = bool
    elif isinstance(option.type, click.FloatRange):
        kind = float
    return (option.name or "", kind | None, None)
