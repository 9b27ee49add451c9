"""The responsibility model, read from its data files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from scanner.document import DataError, line_of, load
from scanner.responsibility.model import (
    Core,
    Crosswalk,
    Duty,
    Framework,
    Layer,
    ProviderDocument,
    ResponsibilityModel,
    Row,
)
from scanner.responsibility.verify import Inconsistent


class _Layers(Row, frozen=True):
    layers: tuple[Layer, ...]


class _Duties(Row, frozen=True):
    duties: tuple[Duty, ...]


class _Frameworks(Row, frozen=True):
    frameworks: tuple[Framework, ...]


class _Controls(Row, frozen=True):
    controls: Mapping[str, Mapping[str, tuple[str, ...]]]


class _Crosswalks(Row, frozen=True):
    crosswalks: tuple[Crosswalk, ...]


def load_model(providers: Iterable[Path | Traversable] = ()) -> ResponsibilityModel:
    """The core's data with the documents of some providers; DataError where a file is wrong or does not fit."""
    folder = files("scanner.responsibility")
    names = ("layers", "duties", "frameworks", "controls", "crosswalks")
    paths: dict[str, Path | Traversable] = {name: folder / f"{name}.yaml" for name in names}
    core = Core(
        layers=load(paths["layers"], _Layers).layers,
        duties=load(paths["duties"], _Duties).duties,
        frameworks=load(paths["frameworks"], _Frameworks).frameworks,
        controls=load(paths["controls"], _Controls).controls,
        crosswalks=load(paths["crosswalks"], _Crosswalks).crosswalks,
    )
    documents: list[ProviderDocument] = []
    for path in providers:
        documents.append(load(path, ProviderDocument))
        # The last document of a name is the one that verification blames when a name comes twice.
        paths[documents[-1].provider] = path
    try:
        return ResponsibilityModel(core, tuple(documents))
    except Inconsistent as error:
        path = paths[error.document]
        raise DataError(str(path), line_of(path, error.place), error.problem) from error
