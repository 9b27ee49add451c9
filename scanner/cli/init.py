"""`ourside init`: the files that a customer begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import click

from scanner.cli import doors
from scanner.cli.accountability_options import FILES, today
from scanner.cli.exits import Exit, Stop
from scanner.cli.planning import model_of

_DAY = re.compile(r"\{today([+-]\d+)?\}")
REVIEWED, REVIEW_EVERY = 90, 365
"""Days: how old the reviews of the emulated accounts are, and how often documents are to be read again."""


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--demo", is_flag=True, help="Write entries that fit the emulated accounts of scan --demo all.")
def init(directory: Path, demo: bool) -> None:
    """Write owners.yaml, exceptions.yaml, attestations.yaml and contract.yaml to begin with, where there are none.

    A file that is there already stays as it is.
    """
    day = today()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(Exit.NOT_DELIVERED, f"{directory}: cannot be made: {error.strerror}. Give another place") from error
    for name in FILES:
        path = directory / f"{name}.yaml"
        text = "".join(contract(day, demo=demo)) if name == "contract" else starter(name, day, demo=demo)
        click.echo(
            f"{path}: {'written' if _write(path, text) else 'was there already, and is left as it was'}", err=True
        )
    given = " ".join(f"--{name} {directory / f'{name}.yaml'}" for name in ("owners", "exceptions"))
    click.echo(f"next: scan {'--demo all' if demo else '...'} {given}", err=True)


def _write(path: Path, text: str) -> bool:
    """Whether it was written: a file that is there is left alone, whatever it is."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise Stop(Exit.NOT_DELIVERED, f"{path}: cannot be written: {error.strerror}. Give another place") from error
    return True


def starter(name: str, day: date, *, demo: bool) -> str:
    """A file to begin with, on a day."""
    text = (files("scanner.cli.starter") / f"{'demo-' if demo else ''}{name}.yaml").read_text("utf-8")
    return _DAY.sub(lambda match: str(day + timedelta(days=int(match[1] or 0))), text)


def contract(day: date, *, demo: bool) -> Iterator[str]:
    """The contract file: a document of each installed provider, for the layers that are always its own."""
    model = model_of(list(doors.providers()))
    layers = ", ".join(layer.id for layer in model.core.layers if layer.band == "provider-fixed")
    sign = "" if demo else "# "
    yield "# The providers' documents behind what is left to them: what was read, and when it is to be read again.\n"
    yield "# Their cells of the matrix say `inherited` with the document, never a pass. See docs/owners.md\n"
    yield "\ndocuments:" + ("\n" if demo else " []\n")
    for document in model.providers:
        page = document.sources[0]
        yield f"{sign}- provider: {document.provider}\n"
        yield f"{sign}  title: {_quoted(page.title)}\n"
        yield f"{sign}  url: {page.url}\n"
        yield f"{sign}  reviewed: {day - timedelta(days=REVIEWED) if demo else day}\n"
        yield f"{sign}  review_by: {day + timedelta(days=REVIEW_EVERY - (REVIEWED if demo else 0))}\n"
        yield f"{sign}  layers: [{layers}]\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
