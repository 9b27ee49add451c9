"""`ourside config`: where the value of each option comes from, and whether the file of options is right."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.config.options import VARIABLE, file_in_use, places
from scanner.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from scanner.document import Document

config_named = click.option(
    "--config",
    "named",
    metavar="FILE|off",
    help=f"The file; else the one that commands use, by {VARIABLE} or where it may stand.",
)


@click.group()
def config() -> None:
    """Show where the value of each option comes from, or check the file of options."""


@config.command(context_settings={"max_content_width": 100})
@click.option("--command", default="scan", show_default=True, metavar="NAME", help="Whose options, as in `matrix`.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How.")
@config_named
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]")
def show(command: str, form: str, named: str | None, words: tuple[str, ...]) -> None:
    """Show each option's value and where it comes from: a flag, a variable, a line of the file, or by default.

    Flags are those of the command, after `--`. Of secrets only their places are shown.

    \b
    ourside config show --command scan -- --provider aws --fail-on high:new
    """
    from scanner.cli.config.origins import rows_of
    from scanner.cli.config.table import lines
    from scanner.jsonline import json_line
    from scanner.report.terminal import terminal_of

    rows = rows_of(command, words, named)
    if form == "json":
        for row in rows:
            click.echo(json_line(row))
        return
    for text in lines(rows, terminal_of(sys.stdout, os.environ)):
        sys.stdout.write(text)


@config.command()
@config_named
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None, named: str | None) -> int:
    """Check the file of options, and the files that it names: all that is wrong, by file and line.

    Nothing is asked of a cloud, a history or a sink. The exit code is 2 where something is wrong.
    """
    from scanner.cli.config.check import notes_on, problems_in
    from scanner.report.visible import visible

    document = _document(str(file) if file else named or os.environ.get(VARIABLE))
    problems = problems_in(document)
    for problem in problems:
        click.echo(visible(problem), err=True)
    if problems:
        return Exit.USAGE
    notes = list(notes_on(document))
    # Notes come last and with a word of their own, so that nobody reads past them.
    verdict = f"can be used, but mind the notes: {len(notes)}" if notes else "nothing is wrong with it"
    click.echo(visible(f"{document.path}: {verdict}"))
    for note in notes:
        click.echo(visible(f"note: {note}"), err=True)
    return Exit.COMPLETE


def _document(named: str | None) -> Document:
    from scanner.document import DataError, read

    path = file_in_use(named, places(os.environ))
    if path is None:
        looked = " or ".join(map(str, places(os.environ)))
        raise Stop(Exit.USAGE, f"there is no file of options: name one, or write {looked}")
    try:
        return read(path)
    except DataError as error:
        raise Stop(Exit.USAGE, str(error)) from error
