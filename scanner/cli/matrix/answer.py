"""What `ourside matrix` and `ourside gaps` are made of: a posture, what is installed, and what people vouch for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.cli import doors
from scanner.cli.accountability_options import accountability_of, any_file, today
from scanner.cli.options import choice_of, flat, matching
from scanner.cli.sources import opened_source

if TYPE_CHECKING:
    from datetime import date

    from scanner.matrix.catalogue import Catalogue
    from scanner.matrix.gaps import Gaps
    from scanner.matrix.matrix import Matrix, Rows
    from scanner.matrix.promises import Promises
    from scanner.posture import Posture
    from scanner.responsibility.model import ResponsibilityModel

row_options: Callable[[Callable[..., Any]], Callable[..., Any]] = choice_of(
    ("layer", "LAYER", "Only these layers, such as identity or `*-config`."),
    ("duty", "DUTY", "Only these duties, such as data.public-access or `logging.*`."),
    ("provider", "NAME", "Only these clouds."),
)
"""Options that choose rows, and clouds."""


class Parts(NamedTuple):
    """All that a matrix is made of."""

    posture: Posture
    model: ResponsibilityModel
    catalogue: Catalogue
    promises: Promises
    rows: Rows
    today: date


def table_of(source: Path | None, values: Mapping[str, Any]) -> tuple[Matrix, ResponsibilityModel]:
    """The matrix that the options ask for; Stop where they name what does not exist."""
    from scanner.matrix.matrix import matrix_of

    parts = _parts(source, values)
    found = matrix_of(
        parts.posture, parts.model, parts.catalogue, parts.promises, values["by"], parts.today, parts.rows
    )
    return found, parts.model


def gaps_in(source: Path | None, values: Mapping[str, Any]) -> Gaps:
    """The gaps that the options ask for; Stop where they name what does not exist."""
    from scanner.matrix.gaps import gaps_of

    parts = _parts(source, values)
    return gaps_of(parts.posture, parts.model, parts.catalogue, parts.promises, parts.today, parts.rows)


def _parts(source: Path | None, values: Mapping[str, Any]) -> Parts:
    from scanner.cli.planning import model_of
    from scanner.matrix.catalogue import catalogue_of
    from scanner.matrix.matrix import only
    from scanner.matrix.people import promised

    providers = doors.providers()
    model = model_of(list(providers))
    rows = _rows(model, values)
    clouds = {name for each in flat(values["provider"]) for name in matching("provider", each, list(providers))}
    people = accountability_of(values)
    with opened_source(source, values["history"], people if any_file(values) else None) as opened:
        posture = only(opened.posture(), clouds)
    catalogue = catalogue_of(doors.checks(), {name: provider.kinds() for name, provider in providers.items()})
    return Parts(posture, model, catalogue, promised(people.attestations, people.contract, posture), rows, today())


def _rows(model: ResponsibilityModel, values: Mapping[str, Any]) -> Rows:
    from scanner.matrix.matrix import Rows

    see = "ourside matrix --fold shows the layers, ourside matrix the duties"
    layers = [name for each in flat(values["layer"]) for name in matching("layer", each, list(model.layers), see)]
    duties = [name for each in flat(values["duty"]) for name in matching("duty", each, list(model.duties), see)]
    return Rows(frozenset(layers), frozenset(duties))
