"""Answers about one thing in the form that was asked for: for the terminal, as a ticket's text, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any, TypeAlias

import click
import msgspec

from scanner.jsonline import json_line
from scanner.report.labelled import Sheet, as_markdown, on_terminal
from scanner.report.terminal import terminal_of

Explained: TypeAlias = tuple[msgspec.Struct, Sheet]
"""An answer as a value and as a page."""

sheet_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="markdown is the text of a ticket; json is one object per line.",
)


def written(answers: Sequence[Explained], form: str, stream: IO[str], environment: Mapping[str, str]) -> Iterator[str]:
    """The answers, one below the other."""
    for number, (value, sheet) in enumerate(answers):
        if form == "json":
            yield f"{json_line(value)}\n"
            continue
        if number:
            yield "\n"
        yield from as_markdown(sheet) if form == "markdown" else on_terminal(sheet, terminal_of(stream, environment))
