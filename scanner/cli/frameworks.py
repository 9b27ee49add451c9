"""Which frameworks there are, by what is installed."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.cli import doors
from scanner.cli.exits import Exit, Stop
from scanner.document import DataError
from scanner.frameworks.benchmark import read_benchmarks
from scanner.frameworks.published import Published, all_published
from scanner.responsibility.model import ResponsibilityModel


def installed_frameworks(model: ResponsibilityModel) -> Mapping[str, Published]:
    """Every framework by id; Stop where its data is damaged."""
    try:
        benchmarks = {name: read_benchmarks(each.responsibility) for name, each in doors.providers().items()}
        return all_published(model, benchmarks, doors.checks())
    except DataError as error:
        raise Stop(Exit.INTERNAL, f"the data of frameworks is damaged: {error}") from error
