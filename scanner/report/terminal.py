"""What the terminal can show, found out once and handed on as a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO

import msgspec

NO_TERMINAL_WIDTH = 100
"""Columns where nobody says how many there are."""
NARROWEST = 60
WIDEST = 200


class Terminal(msgspec.Struct, frozen=True):
    """Where text is shown to a person."""

    width: int = NO_TERMINAL_WIDTH
    colour: bool = False
    blocks: bool = True
    """Whether it can show signs that are not ASCII, such as the blocks of a bar."""


def terminal_of(stream: IO[str], environment: Mapping[str, str]) -> Terminal:
    """The terminal that a stream leads to; plain and of a fixed width where it leads to none.

    NO_COLOR (https://no-color.org) wins over FORCE_COLOR, FORCE_COLOR over everything else; empty is unset.
    COLUMNS wins over what the terminal says. Widths that a table cannot use are moved into what it can.
    """
    shown = stream.isatty()
    if environment.get("NO_COLOR"):
        colour = False
    elif environment.get("FORCE_COLOR"):
        colour = environment["FORCE_COLOR"] != "0"
    else:
        colour = shown and environment.get("TERM") != "dumb"
    return Terminal(min(max(_columns(stream, environment, shown), NARROWEST), WIDEST), colour, _blocks(stream))


def _blocks(stream: IO[str]) -> bool:
    # A stream into memory has no encoding: it takes every sign.
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        "\u2581\u2588".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _columns(stream: IO[str], environment: Mapping[str, str], shown: bool) -> int:
    told = environment.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told[:5]) > 0:
        return int(told[:5])
    if not shown:
        return NO_TERMINAL_WIDTH
    try:
        return os.get_terminal_size(stream.fileno()).columns or NO_TERMINAL_WIDTH
    except OSError:
        return NO_TERMINAL_WIDTH
