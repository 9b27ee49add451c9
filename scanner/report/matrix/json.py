"""The matrix as one JSON object; docs/matrix.md describes its fields, which stay."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from scanner.check import Severity
from scanner.jsonline import json_line
from scanner.matrix.cell import Cause, Cell, State
from scanner.matrix.columns import Axis
from scanner.matrix.line import Moved, Undecided
from scanner.matrix.matrix import Matrix
from scanner.matrix.promises import Inherited
from scanner.matrix.standing import Coverage, Lack, Violated
from scanner.responsibility.attribution import Owner

VERSION = 1


class _Account(msgspec.Struct, frozen=True):
    provider: str
    account: str


class _Column(msgspec.Struct, frozen=True):
    id: str
    title: str
    providers: tuple[str, ...]
    accounts: tuple[_Account, ...]
    complete: bool


class _Attested(msgspec.Struct, frozen=True):
    by: str
    until: date
    evidence: str
    rule: str


class _Document(msgspec.Struct, frozen=True):
    provider: str
    document: str
    url: str
    reviewed: date
    review_by: date | None
    overdue: bool


class _Cell(msgspec.Struct, frozen=True):
    column: str
    state: State
    violated: int
    worst_severity: Severity | None
    excepted: int
    decided: int
    asked: int
    unknown: int
    provider_objects: int
    why: tuple[Cause, ...]
    duties_in_play: int
    duties_assessed: int
    duties_open: int
    without_owner: int
    without_backup: int
    owners: tuple[str, ...]
    layer_owners: tuple[Owner, ...]
    types_without_check: tuple[str, ...]
    attested: _Attested | None
    inherited: tuple[_Document, ...]


class _Duty(msgspec.Struct, frozen=True):
    duty: str
    title: str
    cells: tuple[_Cell, ...]


class _Layer(msgspec.Struct, frozen=True):
    layer: str
    title: str
    band: str
    cells: tuple[_Cell, ...]
    duties: tuple[_Duty, ...]


class _PartlyRead(msgspec.Struct, frozen=True):
    provider: str
    account: str
    name: str
    uid: str
    lacks: tuple[Lack, ...]


class _Older(msgspec.Struct, frozen=True):
    provider: str
    account: str
    name: str
    uid: str
    taken_at: datetime


class _Heritage(msgspec.Struct, frozen=True):
    provider: str
    layers: tuple[str, ...]
    document: _Document | None


class _Matrix(msgspec.Struct, frozen=True):
    version: int
    by: Axis
    origin: str
    taken_at: datetime
    coverage: Coverage
    violated: tuple[Violated, ...]
    scopes: int
    partly_read: tuple[_PartlyRead, ...]
    older_readings: tuple[_Older, ...]
    inventory_known: bool
    results_elsewhere: int
    columns: tuple[_Column, ...]
    layers: tuple[_Layer, ...]
    line: tuple[Moved, ...]
    undecided: tuple[Undecided, ...]
    inherited: tuple[_Heritage, ...]


class _Line(msgspec.Struct, frozen=True):
    matrix: _Matrix


def matrix_json(matrix: Matrix) -> str:
    """One line."""
    return json_line(_Line(_view(matrix))) + "\n"


def _view(matrix: Matrix) -> _Matrix:
    def cells(row: tuple[Cell, ...]) -> tuple[_Cell, ...]:
        return tuple(_cell(c.id, cell, matrix.today) for c, cell in zip(matrix.columns, row, strict=True))

    return _Matrix(
        VERSION,
        matrix.by,
        matrix.origin,
        matrix.taken_at.astimezone(UTC),
        matrix.coverage,
        matrix.violated,
        matrix.scopes,
        tuple(
            _PartlyRead(part.scope.provider, part.scope.account, part.scope.name, part.scope.uid, part.lacks)
            for part in matrix.partly_read
        ),
        tuple(
            _Older(one.scope.provider, one.scope.account, one.scope.name, one.scope.uid, one.taken_at.astimezone(UTC))
            for one in matrix.older
        ),
        matrix.inventory_known,
        matrix.elsewhere,
        tuple(
            _Column(
                each.id, each.title, each.providers, tuple(_Account(*place) for place in each.places), each.complete
            )
            for each in matrix.columns
        ),
        tuple(
            _Layer(
                row.layer.id,
                row.layer.title,
                row.layer.band,
                cells(row.cells),
                tuple(_Duty(each.duty.id, each.duty.title, cells(each.cells)) for each in row.duties),
            )
            for row in matrix.layers
        ),
        matrix.moved,
        matrix.undecided,
        tuple(
            _Heritage(one.provider, one.layers, _document(one.document, matrix.today) if one.document else None)
            for one in matrix.heritage
        ),
    )


def _cell(column: str, cell: Cell, today: date) -> _Cell:
    counts, said = cell.counts, cell.attested
    return _Cell(
        column,
        cell.state,
        counts.failed,
        cell.worst,
        counts.excepted,
        counts.decided,
        counts.asked,
        counts.unknown,
        counts.not_applicable,
        cell.causes,
        cell.duties_in_play,
        cell.duties_assessed,
        cell.duties_open,
        cell.without_owner,
        cell.without_backup,
        cell.owners,
        cell.layer_owners,
        cell.unchecked,
        _Attested(said.by, said.until, said.evidence, said.rule) if said else None,
        tuple(_document(one, today) for one in cell.inherited),
    )


def _document(one: Inherited, today: date) -> _Document:
    return _Document(one.provider, one.document, one.url, one.reviewed, one.review_by, one.late(today))
