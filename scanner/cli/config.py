"""A file with the values of options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from scanner.cli.exits import Exit, Stop


def read_config(ctx: click.Context, param: click.Parameter, path: Path | None) -> None:
    """Make a file's values the defaults of the command's options: a flag and an environment variable win."""
    if path is None:
        return
    from scanner.document import DataError, load

    fields = [_field(option) for option in ctx.command.params if option is not param and option.expose_value]
    shape = msgspec.defstruct("Config", fields, rename="kebab", forbid_unknown_fields=True)
    try:
        values = load(path, shape)
    except DataError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    given: dict[str, Any] = {}
    for option in ctx.command.params:
        value = getattr(values, option.name or "", None)
        if value is not None:
            given[option.name or ""] = [value] if option.multiple else value
    ctx.default_map = {**(ctx.default_map or {}), **given}


def _field(option: click.Parameter) -> tuple[str, Any, Any]:
    kind: Any = str
    if option.multiple:
        kind = list[str]
    elif isinstance(option, click.Option) and option.is_flag:
        kind = bool
    elif isinstance(option.type, click.FloatRange):
        kind = float
    return (option.name or "", kind | None, None)
