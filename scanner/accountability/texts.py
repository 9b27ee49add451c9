"""Texts that have to match one of some patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TypeAlias

Globs: TypeAlias = str | tuple[str, ...]
"""A text, or several of which one has to match; `*`, `?` and `[abc]` stand for others."""

_WILD = frozenset("*?[")
_STARS = re.compile(r"[*?]")


def is_glob(text: str) -> bool:
    """Whether it stands for other texts than itself."""
    return not _WILD.isdisjoint(text)


class Texts:
    """Some patterns, of which one has to match. Upper and lower case differ."""

    __slots__ = ("_beginnings", "_exact", "_wild", "all")

    def __init__(self, globs: Globs) -> None:
        self.all = (globs,) if isinstance(globs, str) else globs
        self._exact = frozenset(glob for glob in self.all if not is_glob(glob))
        wild = [glob for glob in self.all if is_glob(glob)]
        # Most patterns are a beginning and a star, which need no search.
        self._beginnings = tuple(glob[:-1] for glob in wild if glob.endswith("*") and not is_glob(glob[:-1]))
        self._wild = tuple(glob for glob in wild if is_glob(glob[:-1]) or not glob.endswith("*"))

    def __str__(self) -> str:
        return " or ".join(self.all)

    def match(self, text: str) -> bool:
        """Whether a text matches one of them."""
        return (
            text in self._exact
            or text.startswith(self._beginnings)
            or any(fnmatchcase(text, glob) for glob in self._wild)
        )

    def match_any(self, texts: Iterable[str]) -> bool:
        """Whether one of some texts matches."""
        return any(map(self.match, texts))

    @property
    def exact(self) -> frozenset[str] | None:
        """The texts that match, where they can be counted."""
        return None if self._beginnings or self._wild else self._exact

    @property
    def needles(self) -> tuple[str, ...]:
        """Texts of which one stands in each text that matches; one for each pattern, perhaps empty."""
        return tuple(max(_STARS.split(glob.partition("[")[0]), key=len) for glob in self.all)

    @property
    def broad(self) -> bool:
        """Whether one of them says nothing: without what stands for others, no letter or digit is left."""
        return any(not any(map(str.isalnum, _without_sets(glob))) for glob in self.all)


def _without_sets(glob: str) -> str:
    before, bracket, after = glob.partition("[")
    while bracket:
        inner, closed, rest = after[1:].partition("]")
        del inner
        if not closed:
            return before + after
        head, bracket, after = rest.partition("[")
        before += head
    return before


def covers(one: str, other: str) -> bool:
    """Whether each text that `other` stands for surely matches `one` too."""
    if one == other:
        return True
    if is_glob(other) and not _WILD.isdisjoint(one.replace("*", "")):
        return False
    return fnmatchcase(other, one)
