"""The matrix as a page shows it: bands of layers, a row for each duty, a cell for each column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanner.check import SEVERITIES
from scanner.matrix.cell import Cell, State
from scanner.matrix.columns import Axis, Column
from scanner.matrix.matrix import LayerRow, Matrix
from scanner.report.html.address import address
from scanner.report.matrix.wording import SIGNS, WHOSE, cause_of, counted_of, not_in_play, whole
from scanner.responsibility.attribution import Owner
from scanner.responsibility.model import Band, Layer

COLUMNS = 12
"""Columns that a table has at most: those where most is wrong."""
BANDS: Mapping[Band, str] = {
    "customer-fixed": "Always yours",
    "variable": "Yours, shared or the provider's, by service and setting",
    "provider-fixed": "Always the provider's",
}
OWNERS: tuple[Owner, ...] = ("customer", "shared", "provider")
STATES: Mapping[State, tuple[str, str]] = {
    "violated": ("violated", "so many fail, the worst of them so bad; what an exception accepts is counted apart"),
    "no-violation-found": (
        "no violation found",
        "of so many results as were decided, none failed: no proof for the rest, nor for what no check sees",
    ),
    "not-assessed": ("not assessed", "nothing was decided, and why; or a dash where nothing is seen that carries it"),
    "attested": ("attested", "nothing was decided, and somebody vouches for it until that day"),
    "provider": ("the provider's", "no scan of yours sees it, and it is in no number of yours"),
}


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell: its state and sign, what it says, and where its findings are."""

    state: State | str
    sign: str
    count: str
    words: str
    note: str
    severity: str
    whole: str
    """All of it in a sentence."""
    href: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A duty, or a layer in which nothing of ours is judged."""

    duty: str
    title: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class LayerView:
    """A layer with its rows."""

    id: str
    title: str
    about: str
    whose: str
    owners: tuple[Owner, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class BandView:
    """Layers of which the same is true."""

    id: Band
    title: str
    layers: tuple[LayerView, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column's head."""

    title: str
    note: str
    complete: bool
    covered: str


@dataclass(frozen=True, slots=True)
class StateView:
    """A state of cells, how many there are, and what it means."""

    id: State
    sign: str
    title: str
    meaning: str
    cells: int


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A matrix."""

    by: Axis
    columns: tuple[ColumnView, ...]
    bands: tuple[BandView, ...]
    states: tuple[StateView, ...]
    more: int
    """Columns that are not shown."""


def matrix_view(matrix: Matrix, clouds: Mapping[str, str]) -> MatrixView:
    """The view of a matrix; `clouds` are the providers' titles."""
    shown = shown_columns(matrix, COLUMNS)
    columns = [matrix.columns[number] for number in shown]
    bands = tuple(
        BandView(band, title, tuple(_layer(row, shown, columns, matrix.by) for row in rows))
        for band, title in BANDS.items()
        if (rows := [row for row in matrix.layers if row.layer.band == band])
    )
    states = Counter(cell.state for row in matrix.layers for cell in _counted(row))
    return MatrixView(
        by=matrix.by,
        columns=tuple(_column(matrix, number, clouds) for number in shown),
        bands=bands,
        states=tuple(StateView(state, SIGNS[state], *STATES[state], states[state]) for state in STATES),
        more=len(matrix.columns) - len(shown),
    )


def _counted(row: LayerRow) -> Iterator[Cell]:
    """The cells of a layer's duties; its own where it has none."""
    if not row.duties:
        yield from row.cells
    for duty in row.duties:
        yield from duty.cells


def shown_columns(matrix: Matrix, most: int) -> Sequence[int]:
    """The columns in their order; where there are too many, those where most of the worst fails."""

    def badness(number: int) -> tuple[object, ...]:
        cells = [cell for row in matrix.layers for duty in row.duties for cell in (duty.cells[number],)]
        by_severity = Counter[str]()
        for cell in cells:
            by_severity[cell.worst or ""] += cell.counts.failed
        return tuple(-by_severity[severity] for severity in SEVERITIES), number

    return sorted(sorted(range(len(matrix.columns)), key=badness)[:most])


def _column(matrix: Matrix, number: int, clouds: Mapping[str, str]) -> ColumnView:
    column = matrix.columns[number]
    cells = [row.cells[number] for row in matrix.layers]
    assessed = sum(cell.duties_assessed for cell in cells)
    in_play = sum(cell.duties_in_play for cell in cells)
    names = ", ".join(clouds.get(each, each) for each in column.providers)
    accounts = f"{len(column.places):,} account{'' if len(column.places) == 1 else 's'}"
    return ColumnView(
        title=names if matrix.by == "cloud" else column.title,
        note={"cloud": accounts, "account": names, "owner": names}[matrix.by],
        complete=column.complete,
        covered=f"{assessed} of {in_play}" if matrix.inventory_known and matrix.by != "owner" else f"{assessed}",
    )


def _layer(row: LayerRow, shown: Sequence[int], columns: Sequence[Column], by: Axis) -> LayerView:
    owners = owners_of(row.layer, [row.cells[number] for number in shown])
    rows = tuple(
        RowView(
            duty.duty.id,
            duty.duty.title,
            tuple(
                _cell(duty.cells[number], _filters(by, column) | {"duty": [duty.duty.id]})
                for number, column in zip(shown, columns, strict=True)
            ),
        )
        for duty in row.duties
    )
    bare = RowView("", "", tuple(_cell(row.cells[number], None) for number in shown))
    layer = row.layer
    return LayerView(layer.id, layer.title, layer.about, whose_words(owners), owners, rows or (bare,))


def owners_of(layer: Layer, cells: Sequence[Cell]) -> tuple[Owner, ...]:
    """Who operates the layer: as it was resolved for what is there, else as the band says."""
    found = {owner for cell in cells for owner in cell.layer_owners}
    if layer.band == "provider-fixed" or (not found and all(cell.state == "provider" for cell in cells) and cells):
        found = {"provider"}
    elif layer.band == "customer-fixed":
        found = {"customer"}
    return tuple(owner for owner in OWNERS if owner in found)


def whose_words(owners: Sequence[Owner]) -> str:
    """Who operates a layer, in words."""
    return " or ".join(WHOSE[owner] for owner in owners) or "by service"


def _filters(by: Axis, column: Column) -> dict[str, list[str]]:
    return {by: [column.id]}


def _cell(cell: Cell, filters: Mapping[str, Sequence[str]] | None) -> CellView:
    counts = cell.counts
    count, words, note, severity, statuses = "", "", "", "", list[str]()
    plus = " +" if cell.unchecked or cell.duties_open else ""
    state = cell.state
    match state:
        case "violated":
            severity = cell.worst or ""
            statuses = ["fail", "excepted"]
            count = f"{counts.failed or counts.excepted:,}"
            # The number is of all that fail, and the severity of the worst of them.
            words = "excepted" if not counts.failed else severity if counts.failed == 1 else f"up to {severity}"
            note = f"{counts.excepted:,} excepted" if counts.failed and counts.excepted else ""
        case "no-violation-found":
            words = f"none in {counted_of(cell)}{plus}"
            statuses = ["pass", "unknown"]
        case "attested":
            words = f"until {cell.attested.until}{plus}" if cell.attested else ""
        case "provider":
            read = min((document.reviewed for document in cell.inherited), default=None)
            words = f"page read {read}" if read else "no page named"
        case _:
            words = "" if not_in_play(cell) else cause_of(cell)
            statuses = ["unknown"] if counts.unknown else []
    unseen = not_in_play(cell)
    return CellView(
        state="unseen" if unseen else state,
        sign="-" if unseen else SIGNS[state],
        count=count,
        words=words,
        note=note,
        severity=severity if counts.failed else "",
        whole="nothing is seen there that carries it" if unseen else whole(cell),
        href=address({**filters, "status": statuses}) if filters and statuses else "",
    )
