"""The matrix: layers and their duties against clouds, accounts or owners."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

import msgspec

from scanner.matrix.catalogue import Catalogue
from scanner.matrix.cell import Cell
from scanner.matrix.columns import Axis, Column, columns_of
from scanner.matrix.decide import NOTHING, Judge, together
from scanner.matrix.found import results_of, stocks_of
from scanner.matrix.line import Moved, Undecided, moved_of, undecided_of
from scanner.matrix.promises import Inherited, Promises
from scanner.matrix.standing import Coverage, PartlyRead, Violated, coverage_of, partly_read_of, violated_of
from scanner.posture import OlderReading, Posture
from scanner.responsibility.model import Duty, Layer, ResponsibilityModel


class DutyRow(msgspec.Struct, frozen=True):
    """A duty, with a cell for each column."""

    duty: Duty
    cells: tuple[Cell, ...]


class LayerRow(msgspec.Struct, frozen=True):
    """A layer, with a cell for each column, and its duties."""

    layer: Layer
    cells: tuple[Cell, ...]
    duties: tuple[DutyRow, ...]


class Heritage(msgspec.Struct, frozen=True, kw_only=True):
    """Layers that a provider answers for, by the document that says so."""

    provider: str
    layers: tuple[str, ...]
    document: Inherited | None
    """None: nobody named one."""


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about each duty. Nothing in it is a proof, and the provider's work is never counted."""

    by: Axis
    columns: tuple[Column, ...]
    layers: tuple[LayerRow, ...]
    coverage: Coverage
    violated: tuple[Violated, ...]
    partly_read: tuple[PartlyRead, ...]
    older: tuple[OlderReading, ...]
    """Scopes that the newest scan did not look at."""
    scopes: int
    moved: tuple[Moved, ...]
    undecided: tuple[Undecided, ...]
    heritage: tuple[Heritage, ...]
    elsewhere: int
    """Results about duties that this version does not know: in no cell."""
    inventory_known: bool
    taken_at: datetime
    origin: str
    today: date


class Rows(msgspec.Struct, frozen=True):
    """Which rows are wanted: layers, and duties in them; all where nothing is named."""

    layers: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()

    def wants(self, layer: Layer) -> bool:
        """Whether a layer's row is wanted, whatever duties it has."""
        return not self.layers or layer.id in self.layers

    def of(self, model: ResponsibilityModel) -> Iterator[tuple[Layer, tuple[Duty, ...]]]:
        """The layers in the model's order, with their duties."""
        for layer in model.core.layers:
            duties = tuple(
                duty
                for duty in model.core.duties
                if duty.layer == layer.id and (not self.duties or duty.id in self.duties)
            )
            if self.wants(layer) and (duties or not self.duties):
                yield layer, duties


def matrix_of(
    posture: Posture,
    model: ResponsibilityModel,
    catalogue: Catalogue,
    promises: Promises,
    by: Axis,
    today: date,
    rows: Rows = Rows(),  # noqa: B008  # frozen
) -> Matrix:
    """The matrix of a posture."""
    wanted = tuple(rows.of(model))
    duties = {duty.id for _, each in wanted for duty in each}
    judge = Judge(model, catalogue, promises, today)
    columns, layers = _table(posture, judge, wanted, by)
    clouds = (columns, layers) if by == "cloud" else _table(posture, judge, wanted, "cloud")
    _, whole = _table(posture, judge, wanted, None)
    overall = [(row.duty.id, row.cells[0]) for layer in whole for row in layer.duties if row.cells]
    counted = [each for each in posture.counted if each.group.responsibility.duty in duties]
    return Matrix(
        by=by,
        columns=columns,
        layers=layers,
        coverage=coverage_of((cell for _, cell in overall), part=bool(posture.part)),
        violated=violated_of(overall),
        partly_read=partly_read_of(posture),
        older=posture.older,
        scopes=len(posture.scopes),
        moved=moved_of(counted, model),
        undecided=undecided_of(counted),
        heritage=_heritage(*clouds),
        elsewhere=sum(each.count for each in posture.counted if each.group.responsibility.duty not in model.duties),
        inventory_known=bool(posture.inventory),
        taken_at=posture.taken_at,
        origin=posture.origin,
        today=today,
    )


def only(posture: Posture, providers: Collection[str]) -> Posture:
    """The part of a posture that lies with some providers; all of it where none is named."""
    if not providers:
        return posture
    return msgspec.structs.replace(
        posture,
        counted=tuple(each for each in posture.counted if each.group.provider in providers),
        scopes=tuple(each for each in posture.scopes if each.provider in providers),
        inventory=tuple(each for each in posture.inventory if each.provider in providers),
        gaps=tuple(each for each in posture.gaps if each.provider in providers),
        older=tuple(each for each in posture.older if each.scope.provider in providers),
    )


def _table(
    posture: Posture, judge: Judge, wanted: tuple[tuple[Layer, tuple[Duty, ...]], ...], by: Axis | None
) -> tuple[tuple[Column, ...], tuple[LayerRow, ...]]:
    columns = columns_of(posture, by)
    found = results_of(posture, by)
    stocks = stocks_of(posture, columns, by, judge.model)
    rows: list[LayerRow] = []
    for layer, duties in wanted:
        lines = tuple(
            DutyRow(
                duty,
                tuple(
                    judge.duty(duty, column, stock, found.get((column.key, duty.id), NOTHING))
                    for column, stock in zip(columns, stocks, strict=True)
                ),
            )
            for duty in duties
        )
        cells = tuple(
            together([line.cells[number] for line in lines]) if lines else judge.bare(layer, column, stock)
            for number, (column, stock) in enumerate(zip(columns, stocks, strict=True))
        )
        rows.append(LayerRow(layer, cells, lines))
    return columns, tuple(rows)


def _heritage(columns: tuple[Column, ...], layers: tuple[LayerRow, ...]) -> tuple[Heritage, ...]:
    """The provider's cells, by provider and document."""
    found: dict[tuple[str, Inherited | None], dict[str, None]] = {}
    for row in layers:
        for cell, column in zip(row.cells, columns, strict=True):
            for provider in column.providers if cell.state == "provider" else ():
                documents = [one for one in cell.inherited if one.speaks_of(provider, row.layer.id)]
                for document in documents or (None,):
                    found.setdefault((provider, document), {})[row.layer.id] = None
    return tuple(
        Heritage(provider=provider, layers=tuple(each), document=document)
        for (provider, document), each in sorted(
            found.items(), key=lambda item: (item[0][0], item[0][1] is None, item[0][1].document if item[0][1] else "")
        )
    )
