"""Options that name the files in which a customer says who answers, what is accepted and what is attested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli import doors
from scanner.cli.config.in_use import written_at
from scanner.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from scanner.accountability.known import Known
    from scanner.accountability.settle import Accountability

FILES = {
    "owners": "Who answers for which findings, and by when.",
    "exceptions": "Failures that somebody has accepted, for a while.",
    "attestations": "What people attest about duties that no scan can judge.",
    "contract": "The provider's documents behind what is left to it.",
}
"""What each file says; `ourside init` writes one of each to begin with."""


def accountability_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name the files."""
    for name, text in reversed(FILES.items()):
        function = click.option(
            f"--{name}",
            name,
            type=click.Path(path_type=Path, dir_okay=False),
            envvar=f"OURSIDE_{name.upper()}",
            metavar="FILE",
            help=text,
        )(function)
    return function


def any_file(values: Mapping[str, Any]) -> bool:
    """Whether one of the files is named."""
    return any(values.get(name) is not None for name in FILES)


def accountability_of(values: Mapping[str, Any]) -> Accountability:
    """What the files say; Stop where one of them is wrong, with all that is wrong."""
    from scanner.accountability.load import Files, load_accountability
    from scanner.accountability.settle import Accountability
    from scanner.document import DataError

    if not any_file(values):
        return Accountability()
    files = Files(**{name: path_of(values.get(name)) for name in FILES})
    try:
        return load_accountability(files, installed_names(), today())
    except DataError as error:
        # A file that cannot be read has no line of its own; who named it has.
        named = next((name for name in FILES if not error.line and str(values.get(name)) == error.path), "")
        raise Stop(Exit.USAGE, f"{written_at(named)}{error}") from error


def people_of(values: Mapping[str, Any]) -> Accountability | None:
    """What the files say; None where none is named, so that findings keep what was said of them."""
    return accountability_of(values) if any_file(values) else None


def path_of(value: object) -> Path | None:
    """A file's path, from the command line or from a configuration file."""
    return None if value is None else Path(str(value))


def file_named(values: Mapping[str, Any], name: str) -> Path:
    """The file of a command that cannot do without; Stop where none is named."""
    path = path_of(values.get(name))
    if path is None:
        raise Stop(
            Exit.USAGE, f"name the file: --{name} {name}.yaml, or OURSIDE_{name.upper()}. `ourside init` writes one"
        )
    return path


def installed_names() -> Known:
    """The names that the files may use."""
    from scanner.accountability.known import known_names
    from scanner.cli.planning import model_of

    names = list(doors.providers())
    return known_names(model_of(names), doors.checks().values(), names)


def today() -> date:
    """The day on which the files are read."""
    return datetime.now(UTC).date()
