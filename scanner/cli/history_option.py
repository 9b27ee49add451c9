"""Which history a command reads or writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scanner.cli.config.in_use import OFF, written_at
from scanner.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from scanner.history import History, HistoryError

_STATE = "XDG_STATE_HOME"

history_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--history",
    metavar="URL|FILE|off",
    envvar="OURSIDE_HISTORY",
    help="Where findings over time are kept: a file, or postgresql://... Default: $XDG_STATE_HOME/ourside/history.db.",
)


def folder(environment: Mapping[str, str]) -> Path:
    """Where a user's state is kept: https://specifications.freedesktop.org/basedir-spec/latest/"""
    given = environment.get(_STATE, "")
    base = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "state"
    return base / "ourside"


def standard(*, demo: bool = False) -> Path:
    """The history that is used where none is named; emulated accounts have one of their own."""
    return folder(os.environ) / ("demo.db" if demo else "history.db")


def opened_to_write(named: str | None, *, demo: bool, say: Callable[[str], None]) -> History | None:
    """The history that a scan is recorded in; None where there is none.

    Stop where a named one cannot be opened. Where nobody named one, that is said and the scan goes on without.
    """
    from scanner.history import HistoryError, open_history

    if named == OFF:
        return None
    try:
        return open_history(named or str(standard(demo=demo)))
    except HistoryError as error:
        if named:
            raise Stop(_ending(error), f"{written_at('history')}--history: {error}") from error
        say(f"warning: no history is kept: {error}. Name another with --history, or give --history off")
        return None


def opening(named: str | None, *, demo: bool = False) -> Callable[[], History]:
    """What opens the history that a scan is recorded in once more; it raises HistoryError."""
    where = named or str(standard(demo=demo))

    def opened() -> History:
        from scanner.history import open_history

        return open_history(where)

    return opened


def opened_to_read(named: str | None, *, files: bool = False) -> History:
    """The history that is asked; Stop where there is none. `files`: whether files of findings would do as well."""
    from scanner.history import HistoryError, open_history

    instead = ", or name a file of findings" if files else ""
    at = written_at("history")
    if named == OFF:
        raise Stop(Exit.USAGE, f"{at}--history off: there is nothing to read. Name a history{instead}")
    where = named or str(standard())
    file = _file(where)
    if file is not None and not file.exists():
        demo = standard(demo=True)
        hint = f". The demo's is --history {demo}" if not named and demo.exists() else ""
        step = "Mend the name, or run a scan with it" if named else "Run a scan"
        raise Stop(Exit.USAGE, f"{at}{where}: there is no history yet. {step}{instead}{hint}")
    try:
        return open_history(where)
    except HistoryError as error:
        raise Stop(_ending(error), f"{at}--history: {error}") from error


def not_begun(named: str | None) -> Path | None:
    """The file of a history that could be kept, and that no scan has begun yet; None where there is no such thing.

    One that was typed is meant to be there. What is set up, in a file of options or by a variable, may be new.
    """
    path = _file(named or str(standard()))
    if named == OFF or path is None or path.exists():
        return None
    ctx = click.get_current_context(silent=True)
    typed = ctx is not None and ctx.get_parameter_source("history") is ParameterSource.COMMANDLINE
    # The usual place is made by the first scan; of one that somebody named the folder has to be there.
    return None if named and (typed or not path.parent.is_dir()) else path


def _file(where: str) -> Path | None:
    """The file that a history lies in; None where it is no file."""
    from scanner.history.address import SQLITE

    path = where.removeprefix(SQLITE)
    return None if "://" in path or not path or "\0" in path else Path(path).expanduser()


def _ending(error: HistoryError) -> Exit:
    from scanner.history import Unreached

    return Exit.NO_TARGET if isinstance(error, Unreached) else Exit.USAGE
