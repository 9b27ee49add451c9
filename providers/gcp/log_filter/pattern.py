"""Regular expressions of filters, as far as they are plain: texts, `.`, `.*`, brackets, bars and both ends.

No expression that somebody wrote is given to Python's engine, which could run for ever. Others are not decided.
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

from providers.gcp.log_filter.syntax import Unreadable

_MEANING: Final = frozenset("[]{}+?*\\^$|()")


class _One(msgspec.Struct, frozen=True):
    """A character; any, where it is empty."""

    character: str


class _Many(msgspec.Struct, frozen=True):
    """Any number of any characters."""


class _End(msgspec.Struct, frozen=True):
    """The start or the end of the text."""

    last: bool


_Part: TypeAlias = "_One | _Many | _End | _Choice"


class _Choice(msgspec.Struct, frozen=True):
    """One of several sequences."""

    ways: tuple[tuple[_Part, ...], ...]


def found_in(pattern: str, text: str) -> bool:
    """Whether the pattern is found somewhere in the text; raises Unreadable for one that is not plain."""
    choice, rest = _read(pattern, 0)
    if rest != len(pattern):
        raise Unreadable(f"the pattern {pattern!r}")
    return bool(_ends(choice, text, range(len(text) + 1)))


def _read(pattern: str, at: int) -> tuple[_Choice, int]:
    ways: list[list[_Part]] = [[]]
    while at < len(pattern) and pattern[at] != ")":
        character = pattern[at]
        at += 1
        if character == "|":
            ways.append([])
        elif character == "(":
            inner, at = _read(pattern, at)
            if at == len(pattern):
                raise Unreadable(f"the pattern {pattern!r}")
            at += 1
            ways[-1].append(inner)
        elif character in "^$":
            ways[-1].append(_End(character == "$"))
        elif character == ".":
            many = pattern[at : at + 1] == "*"
            at += many
            ways[-1].append(_Many() if many else _One(""))
        else:
            if character == "\\" and at < len(pattern) and not pattern[at].isalnum():
                character = pattern[at]
                at += 1
            elif character in _MEANING:
                raise Unreadable(f"the pattern {pattern!r}")
            ways[-1].append(_One(character))
    return _Choice(tuple(map(tuple, ways))), at


def _ends(part: _Part, text: str, starts: Iterable[int]) -> set[int]:
    """Where the part can end if it starts at one of these places."""
    match part:
        case _One(character):
            return {at + 1 for at in starts if at < len(text) and character in ("", text[at])}
        case _Many():
            return set(range(min(starts, default=len(text) + 1), len(text) + 1))
        case _End(last):
            return {at for at in starts if at == (len(text) if last else 0)}
        case _Choice(ways):
            found: set[int] = set()
            for way in ways:
                places = set(starts)
                for step in way:
                    places = _ends(step, text, places)
                found |= places
            return found
