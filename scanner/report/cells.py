"""Pieces of a page: every text from outside becomes visible here, and as wide as its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, chop_cells
from rich.text import Text

from scanner.report.visible import visible

STRONG = "bold"
DIM = "dim"
COLOURS: Mapping[str, str] = {
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
    "low": "cyan",
    "info": "dim",
}


def styled(text: str, style: str = "") -> Text:
    """Text that somebody else wrote."""
    return Text(visible(text), style)


def severity_word(severity: str) -> Text:
    """A severity: always a word, its colour only beside it."""
    return Text(visible(severity).upper(), COLOURS.get(severity, ""))


def short(text: str, width: int, style: str = "") -> Text:
    """Text that somebody else wrote, in so many columns; a long one loses its middle: ends tell names apart."""
    shown = visible(text)
    if cell_len(shown) <= width:
        return Text(shown, style)
    front = chop_cells(shown, width // 2)[0]
    back = chop_cells(shown[::-1], width - cell_len(front) - 1)[0][::-1]
    return Text(f"{front}…{back}", style)


def padded(text: Text, width: int) -> Text:
    """The text and the spaces that are missing to a width."""
    return Text.assemble(text, " " * max(width - text.cell_len, 1))


def listed(shown: Sequence[str], total: int) -> str:
    """Some of many: `a, b, c and 9 more`."""
    more = total - len(shown)
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return ", ".join(shown)


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many}"
