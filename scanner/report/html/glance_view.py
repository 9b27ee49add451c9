"""The matrix in little: a row for each layer, a sign for each cloud, so that all of it is seen at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.matrix.cell import Cell
from scanner.matrix.columns import Column
from scanner.matrix.matrix import LayerRow, Matrix
from scanner.report.html.address import address
from scanner.report.html.matrix_view import BANDS, owners_of, shown_columns, whose_words
from scanner.report.matrix.wording import sign_of, whole
from scanner.responsibility.attribution import Owner
from scanner.responsibility.model import Band

CLOUDS = 6
"""Columns at most."""


@dataclass(frozen=True, slots=True)
class SignView:
    """A cell: how bad it is, and how many fail."""

    state: str
    sign: str
    severity: str
    count: int
    whole: str
    href: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A layer."""

    title: str
    about: str
    owners: tuple[Owner, ...]
    whose: str
    cells: tuple[SignView, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """Layers of which the same is true."""

    id: Band
    title: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class GlanceView:
    """All of it."""

    columns: tuple[str, ...]
    parts: tuple[PartView, ...]


def glance_view(matrix: Matrix, clouds: Mapping[str, str]) -> GlanceView:
    """The view of a matrix by cloud; `clouds` are the providers' titles."""
    shown = shown_columns(matrix, CLOUDS)
    columns = {number: matrix.columns[number] for number in shown}
    return GlanceView(
        tuple(clouds.get(column.id, column.title) for column in columns.values()),
        tuple(
            PartView(band, title, tuple(_line(row, columns) for row in rows))
            for band, title in BANDS.items()
            if (rows := [row for row in matrix.layers if row.layer.band == band])
        ),
    )


def _line(row: LayerRow, columns: Mapping[int, Column]) -> LineView:
    owners = owners_of(row.layer, [row.cells[number] for number in columns])
    duties = [duty.duty.id for duty in row.duties]
    cells = tuple(_sign(row.cells[number], column, duties) for number, column in columns.items())
    return LineView(row.layer.title, row.layer.about, owners, whose_words(owners), cells)


def _sign(cell: Cell, column: Column, duties: list[str]) -> SignView:
    counts = cell.counts
    count, status = (counts.failed, "fail") if counts.failed else (counts.excepted, "excepted")
    return SignView(
        state=cell.state,
        sign=sign_of(cell),
        severity=cell.worst or "" if counts.failed else "",
        count=count,
        whole=whole(cell),
        href=address({"cloud": [column.id], "duty": duties, "status": [status]}) if count and duties else "",
    )
