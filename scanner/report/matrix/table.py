"""The table of a matrix in the columns of a terminal: as many blocks as the columns need, and no more than help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from scanner.check import SEVERITIES
from scanner.matrix.cell import Cell
from scanner.matrix.columns import NOBODYS, Column
from scanner.matrix.matrix import Matrix
from scanner.report.cells import COLOURS, DIM, STRONG, counted, short
from scanner.report.matrix.wording import not_in_play, said, shortly, sign_of
from scanner.report.paper import GAP, Paper
from scanner.report.visible import visible

BLOCKS = 3
"""Blocks of columns that are shown; what is beyond is counted."""
NARROWEST, WIDEST = 10, 30
INDENT = 2
SIGN = 2
COVERED, JUDGED = "duties assessed of those in play", "duties assessed"


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    style: str
    cells: Sequence[Cell] | None
    """None for a heading."""
    indent: int = 0


class Table:
    """The rows against the columns."""

    def __init__(self, matrix: Matrix, paper: Paper, *, fold: bool) -> None:
        self._matrix = matrix
        self._paper = paper
        self._lines = list(_lines(matrix, fold=fold))
        self._label = min(
            max((cell_len(line.label) + line.indent for line in self._lines if line.cells), default=0), paper.width // 2
        )
        self._label = max(self._label, len(COVERED))
        self._say: Callable[[Cell], str] = said
        if sum(self._needed(number, said) + GAP for number in range(len(matrix.columns))) > self._room:
            self._say = shortly
        self._widths = [self._fitting(number) for number in range(len(matrix.columns))]

    @property
    def _room(self) -> int:
        return self._paper.width - self._label

    def blocks(self) -> Iterator[str]:
        """Blocks of columns, side by side as far as the terminal is wide."""
        if not self._matrix.columns:
            yield "\n" + self._paper.text(Text("Nothing was scanned, so that there is no column."))
            return
        order = list(range(len(self._matrix.columns)))
        blocks = self._packed(order)
        if len(blocks) > BLOCKS:
            blocks = self._packed(sorted(order, key=self._badness))[:BLOCKS]
        for block in blocks:
            yield "\n" + self._paper.text(*self._block(block))
        more = len(order) - sum(map(len, blocks))
        if more:
            columns = counted(more, f"more {self._matrix.by}", f"more {self._matrix.by}s")
            words = f"and {columns}, where less is wrong: --format csv or json has all"
            yield "\n" + self._paper.text(Text(words, STRONG))

    def _packed(self, order: Sequence[int]) -> list[list[int]]:
        blocks: list[list[int]] = [[]]
        used = 0
        for number in order:
            width = self._widths[number] + GAP
            if blocks[-1] and used + width > self._room:
                blocks.append([])
                used = 0
            blocks[-1].append(number)
            used += width
        return blocks

    def _badness(self, number: int) -> tuple[bool, int, int, int]:
        """Smaller for columns with worse failures, and more of them; smallest for what nobody answers for."""
        cells = [row.cells[number] for row in self._matrix.layers]
        failed = [cell for cell in cells if cell.counts.failed and cell.worst]
        worst = min((SEVERITIES.index(cell.worst) for cell in failed if cell.worst), default=len(SEVERITIES))
        owned = self._matrix.columns[number].key != NOBODYS
        return owned, worst, -sum(cell.counts.failed for cell in cells), number

    def _fitting(self, number: int) -> int:
        title = cell_len(visible(self._matrix.columns[number].title)) + (not self._matrix.columns[number].complete)
        least = self._needed(number, self._say)
        return min(max(least, NARROWEST, min(title, least + 1)), WIDEST, self._room - GAP)

    def _needed(self, number: int, say: Callable[[Cell], str]) -> int:
        return max((len(say(line.cells[number])) + SIGN for line in self._lines if line.cells), default=0)

    def _block(self, block: Sequence[int]) -> Iterator[Text]:
        columns = [self._matrix.columns[number] for number in block]
        yield self._row(
            "", "", [_title(column, self._widths[n]) for column, n in zip(columns, block, strict=True)], block
        )
        if self._matrix.by == "account":
            clouds = [
                short(" ".join(column.providers), self._widths[n], DIM)
                for column, n in zip(columns, block, strict=True)
            ]
            yield self._row("", "", clouds, block)
        if self._matrix.by != "owner":
            label = COVERED if self._matrix.inventory_known else JUDGED
            yield self._row(label, DIM, [Text(self._covered(number), DIM) for number in block], block)
        for line in self._lines:
            if line.cells is None:
                yield short(line.label, self._paper.width, line.style)
            else:
                texts = [_cell(line.cells[number], self._say, self._widths[number]) for number in block]
                yield self._row(" " * line.indent + line.label, line.style, texts, block)

    def _covered(self, number: int) -> str:
        cells = [row.cells[number] for row in self._matrix.layers]
        assessed = f"{sum(cell.duties_assessed for cell in cells)}"
        if not self._matrix.inventory_known:
            return assessed
        return f"{assessed} of {sum(cell.duties_in_play for cell in cells)}"

    def _row(self, label: str, style: str, texts: Sequence[Text], block: Sequence[int]) -> Text:
        parts = [_padded(short(label, self._label, style), self._label)]
        for text, number in zip(texts, block, strict=True):
            parts += [Text(" " * GAP), _padded(text, self._widths[number])]
        row = Text.assemble(*parts)
        row.rstrip()
        return row


def _lines(matrix: Matrix, *, fold: bool) -> Iterator[_Line]:
    apart = False
    for row in matrix.layers:
        if fold or not row.duties:
            if apart:
                yield _Line("", "", None)
            apart = False
            yield _Line(row.layer.id, STRONG, row.cells)
            continue
        yield _Line("", "", None)
        yield _Line(f"{row.layer.id}: {row.layer.title}", STRONG, None)
        apart = True
        for duty in row.duties:
            yield _Line(duty.duty.id, "", duty.cells, INDENT)


def _title(column: Column, width: int) -> Text:
    # What was not fully read is marked where it is read, not in a footnote alone.
    mark = "" if column.complete else "*"
    return Text.assemble(short(column.title, width - len(mark), STRONG), mark)


def _cell(cell: Cell, say: Callable[[Cell], str], width: int) -> Text:
    style = ""
    if cell.state == "violated":
        style = COLOURS.get(cell.worst or "", "") if cell.counts.failed else DIM
    elif cell.state == "provider" or not_in_play(cell):
        style = DIM
    return short(f"{sign_of(cell)} {say(cell)}".rstrip(), width, style)


def _padded(text: Text, width: int) -> Text:
    return Text.assemble(text, " " * (width - text.cell_len))
