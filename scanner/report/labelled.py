"""A page about one thing, for a terminal or as Markdown for a ticket: sections of labelled lines.

Texts may have been written by anybody: on both kinds of paper they show as themselves and steer nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TypeAlias

import msgspec
from rich.cells import cell_len
from rich.text import Text

from scanner.report import markdown
from scanner.report.cells import STRONG
from scanner.report.markdown import code, link, plain
from scanner.report.paper import GAP, Paper
from scanner.report.terminal import Terminal
from scanner.report.visible import visible

LABEL_WIDTH = 18


class Code(msgspec.Struct, frozen=True):
    """A name or a command, to be copied as it is."""

    text: str


class Link(msgspec.Struct, frozen=True):
    """A page."""

    url: str
    text: str = ""


class Prose(msgspec.Struct, frozen=True):
    """Text of ours, which may hold names between backticks."""

    text: str


Piece: TypeAlias = str | Code | Link | Prose


class Line(msgspec.Struct, frozen=True):
    """What is said under a label: one thing, or a list."""

    label: str
    said: tuple[Piece, ...]


class Section(msgspec.Struct, frozen=True):
    """Lines under a heading."""

    title: str
    lines: tuple[Line, ...]


class Sheet(msgspec.Struct, frozen=True):
    """The page."""

    title: str
    sections: tuple[Section, ...]


def line(label: str, *said: Piece | None) -> Line:
    """A line without what is not there."""
    return Line(label, tuple(each for each in said if each))


def prose(text: str | None) -> tuple[Prose, ...]:
    """The paragraphs of a text of ours."""
    return tuple(map(Prose, text.split("\n\n"))) if text else ()


def section(title: str, lines: Sequence[Line]) -> Section:
    """A section without lines that say nothing."""
    return Section(title, tuple(each for each in lines if each.said))


def on_terminal(sheet: Sheet, terminal: Terminal) -> Iterator[str]:
    """The page in columns, nothing said by colour alone.

    Rows break at spaces only: a command, a name or an address that is copied from here is whole, and may run over.
    """
    yield from _heading(visible(sheet.title), terminal)
    for part in sheet.sections:
        if part.lines:
            yield "\n"
            yield from _heading(part.title, terminal)
            for each in part.lines:
                for number, said in enumerate(each.said):
                    yield from _rows("" if number else each.label, _shown(said), terminal.width)


def _heading(title: str, terminal: Terminal) -> Iterator[str]:
    for row in at_spaces(title, terminal.width):
        wide = msgspec.structs.replace(terminal, width=max(terminal.width, cell_len(row)))
        yield Paper(wide).text(Text(row, STRONG))


def _rows(label: str, text: str, width: int) -> Iterator[str]:
    """A label and its text in two columns."""
    rows = zip_longest(at_spaces(label, LABEL_WIDTH), at_spaces(text, width - LABEL_WIDTH - GAP), fillvalue="")
    for left, right in rows:
        yield f"{left}{' ' * max(LABEL_WIDTH + GAP - cell_len(left), GAP)}{right}".rstrip() + "\n"


def at_spaces(text: str, width: int) -> Iterator[str]:
    """The text in rows of this width, broken at spaces only: what has none stays whole, and is wider where it must."""
    row = ""
    for number, word in enumerate(text.split(" ")):
        longer = f"{row} {word}" if number else word
        if row.strip() and word and cell_len(longer) > width:
            yield row.rstrip()
            row = word
        else:
            row = longer
    yield row.rstrip()


def as_markdown(sheet: Sheet) -> Iterator[str]:
    """The page as a ticket's text."""
    yield f"# {plain(sheet.title)}\n"
    for part in sheet.sections:
        if part.lines:
            yield f"\n## {part.title}\n\n"
            for each in part.lines:
                yield from _item(each)


def _item(each: Line) -> Iterator[str]:
    label = f"- **{each.label.strip()}:**" if each.label else "-"
    if len(each.said) == 1:
        yield f"{label} {marked(each.said[0])}\n"
        return
    yield f"{label}\n"
    for said in each.said:
        yield f"  - {marked(said)}\n"


def _shown(said: Piece) -> str:
    match said:
        case Link(url, text):
            return visible(f"{text}: {url}" if text else url)
        case Code(text) | Prose(text):
            return visible(text)
    return visible(said)


def marked(said: Piece) -> str:
    """A piece as Markdown."""
    match said:
        case Link(url, text):
            return link(url, text)
        case Code(text):
            return code(text)
        case Prose(text):
            return markdown.prose(text)
    return plain(said)
