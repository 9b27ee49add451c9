"""A file with the values of options: which one is in use, and what it says to the running command."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from scanner.cli.config.in_use import OFF, READ, ConfigOption
from scanner.cli.exits import Exit, Stop

VARIABLE = "OURSIDE_CONFIG"
FOR_ALL = Path("/etc/ourside/config.yaml")
SHARED = ("history", "owners", "exceptions", "attestations", "contract")
"""What every command takes from the file: where things are kept. The rest of it is said to `scan`."""

ELSEWHERE = ("demo", "snapshot")
"""Options that ask for something else than what the machine is set up for. They are eager, and stand after --config."""


def places(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where a file is looked for when none is named: the user's, then the machine's.

    Never the working directory: a repository that somebody cloned must not say where findings go, or which of them
    are accepted. https://specifications.freedesktop.org/basedir-spec/latest/
    """
    given = Path(environment.get("XDG_CONFIG_HOME", ""))
    if given.is_absolute():
        yield given / "ourside" / "config.yaml"
    elif Path(environment.get("HOME", "")).is_absolute():
        yield Path(environment["HOME"]) / ".config" / "ourside" / "config.yaml"
    yield FOR_ALL


def file_in_use(named: str | None, among: Iterable[Path]) -> Path | None:
    """The file that is named, or the first that exists; None where there is none, or it is `off`.

    One that exists and may not be looked at is in use, so that reading it says so.
    """
    if named:
        return None if named == OFF else Path(named)
    for path in among:
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return path
        return path
    return None


def read_config(ctx: click.Context, param: click.Parameter, named: str | None) -> None:
    """Make a file's values the defaults of the command's options: a flag and an environment variable win.

    Where an emulated account or a snapshot is asked for, no file is looked for: what it says of histories and sinks is
    meant for what is real.
    """
    elsewhere = any(ctx.params.get(name) is not None for name in ELSEWHERE)
    path = file_in_use(named, () if elsewhere else places(os.environ))
    if ctx.resilient_parsing or path is None:
        return
    from scanner.cli.config.keys import values_in
    from scanner.document import DataError, Problems, read

    try:
        document = read(path)
    except DataError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    ctx.meta[READ] = document
    problems: list[DataError] = []
    given = values_in(document, ctx, problems)
    if problems:
        raise Stop(Exit.USAGE, str(Problems(problems)))
    ctx.default_map = {**(ctx.default_map or {}), **given}


def config_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the file, for a command that takes all of its options from it."""
    return _option(function)


def shared_config_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the file, for a command that takes from it only where things are kept."""
    return _option(function, only=SHARED)


def estate_config_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the file, for a command that reads as `scan` does, and answers in its own form."""
    return _option(function, but=("format",))


def _option(
    function: Callable[..., Any], *, only: Collection[str] | None = None, but: Collection[str] = ()
) -> Callable[..., Any]:
    decorate: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
        "--config",
        cls=ConfigOption,
        only=only,
        but=but,
        metavar="FILE|off",
        envvar=VARIABLE,
        is_eager=True,
        expose_value=False,
        callback=read_config,
        help="Values of options. Default: ~/.config/ourside/config.yaml, or else /etc/ourside/config.yaml.",
    )
    return decorate(function)
