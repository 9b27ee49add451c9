"""A page about one thing, for a terminal or as Markdown for a ticket: sections of labelled lines.

Texts may have been written by anybody: on both kinds of paper they show as themselves and steer nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec
from rich.text import Text

from scanner.report import markdown
from scanner.report.cells import STRONG, styled
from scanner.report.markdown import code, link, plain
from scanner.report.paper import Paper
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
    """The page in columns, nothing said by colour alone."""
    paper = Paper(terminal)
    yield paper.text(styled(sheet.title, STRONG))
    for part in sheet.sections:
        if part.lines:
            yield paper.text("", Text(part.title, STRONG))
            rows = paper.grid(LABEL_WIDTH)
            for each in part.lines:
                for number, said in enumerate(each.said):
                    rows.add_row("" if number else each.label, Text(_shown(said)))
            yield paper.text(rows)


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
