"""A customer's file, read entry by entry, so that all that is wrong with it is said at once."""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from scanner.accountability.known import nearest
from scanner.accountability.texts import Globs, Texts, is_glob
from scanner.document import DataError, Problems, read
from scanner.responsibility.model import Row

R = TypeVar("R", bound=Row)

FIXES: Mapping[Any, str] = {
    date: "write a day as year-month-day, such as 2027-03-31",
    int: "write a whole number, such as 30",
    str: "write one text",
    Globs: "write a text, or a list of texts",
}


class Form:
    """One file while it is read: its value, and what was found wrong with it."""

    def __init__(self, path: Path) -> None:
        self.document = read(path)
        self.name = path.name
        self.problems: list[DataError] = []
        self._blamed: set[str] = set()

    def blame(self, place: str, message: str) -> None:
        """Note that something is wrong at a place such as `.rules[3].owner`."""
        self._blamed.add(place)
        self.problems.append(DataError(self.document.path, self.document.line(place), message))

    def where(self, place: str) -> str:
        """File and line of a place, as findings cite it."""
        return f"{self.name}:{self.document.line(place)}"

    def refuse(self) -> None:
        """Raise Problems where something was found wrong."""
        if self.problems:
            raise Problems(sorted(self.problems, key=lambda problem: problem.line))

    def wrote(self, key: str) -> bool:
        """Whether the file has a key of its own."""
        return isinstance(self.document.value, dict) and key in self.document.value

    def whole(self, kind: type[R]) -> R:
        """The whole file; its lists of entries are left as they are."""
        return self.row(self.document.value, kind, "")

    def each(self, entries: object, kind: type[R], place: str) -> list[tuple[str, R]]:
        """The entries of a list, each with its place."""
        if not isinstance(entries, list | tuple):
            self.blame(place, f"{called(place)} must be a list: begin each entry with `- `")
            return []
        rows = []
        for number, entry in enumerate(entries):
            at = f"{place}[{number}]"
            row = self.row(entry, kind, at)
            if isinstance(entry, dict):
                rows.append((at, row))
        return rows

    def is_blamed(self, place: str) -> bool:
        """Whether something is wrong at a place, or in what stands there."""
        return any(blamed.startswith(place) for blamed in self._blamed)

    def row(self, value: object, kind: type[R], place: str) -> R:
        """An entry as `kind`: what is wrong with it is noted, and has its default here."""
        fields = _fields(kind)
        if not isinstance(value, dict):
            self.blame(place, f"{called(place)} must be a mapping with some of the keys {', '.join(fields)}")
            return kind()
        given: dict[str, Any] = {}
        for key, inner in value.items():
            if key not in fields:
                unknown = f"unknown key {key!r} in {called(place)}: {nearest(key, fields)}"
                self.blame(f'{place}["{key}"]', unknown)
            elif (fitting := self._fitting(inner, fields[key], f"{place}.{key}")) is not None:
                given[key] = fitting
        return kind(**given)

    def _fitting(self, value: object, kind: Any, place: str) -> Any:
        for part in (kind, *get_args(kind)):
            if isinstance(part, type) and issubclass(part, Row):
                return self.row(value, part, place)
        try:
            return self.document.fit(kind, value, place)
        except DataError as error:
            self._blamed.add(place)
            self.problems.append(
                DataError(error.path, error.line, f"{error.message.replace(' | null`', '`')}: {_fix(kind)}")
            )
            return None

    def said(self, row: Row, fixes: Mapping[str, str], place: str) -> bool:
        """Whether all these fields are filled; each that is not is noted, with what to write there."""
        empty = [name for name in fixes if _is_empty(getattr(row, name))]
        for name in empty:
            at = f"{place}.{name}"
            if at not in self._blamed:
                self.blame(at, f"{called(place)} has no {name}: {fixes[name]}")
        return not empty

    def unique(self, ids: Iterable[tuple[str, str]], name: str = "id") -> None:
        """Note each id that an earlier entry has; they come as (place, id), and are empty where there is none."""
        first: dict[str, str] = {}
        for place, id_ in ids:
            if id_ and first.setdefault(id_, place) != place:
                self.blame(
                    f"{place}.{name}",
                    f"{name} {id_!r} stands in {self.where(first[id_])} already: give another, or drop one",
                )

    def named(self, globs: Globs, known: Collection[str], what: str, place: str, hint: str = "") -> None:
        """Note each name or pattern that stands for nothing that is known."""
        for glob in (globs,) if isinstance(globs, str) else globs:
            texts = Texts(glob)
            if not any(texts.match(name) for name in known):
                near = {*known, *(f"{name.partition('.')[0]}.*" for name in known if "." in name and is_glob(glob))}
                self.blame(place, f"unknown {what} {glob!r}: {nearest(glob, near, hint)}")


def called(place: str) -> str:
    """What a place is called in a message."""
    return place.lstrip(".") or "the file"


def _is_empty(value: object) -> bool:
    return value is None or value == () or (isinstance(value, str) and not value.strip())


@cache
def _fields(kind: type[Row]) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def _fix(kind: Any) -> str:
    for part in (kind, *get_args(kind)):
        if part in FIXES:
            return FIXES[part]
    return "see docs/owners.md"
