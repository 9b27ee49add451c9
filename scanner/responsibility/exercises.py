"""Exercises around a table, as data: what happens, which findings make it possible, and what comes in between."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase
from importlib.resources import files

from scanner.document import DataError, line_of, load
from scanner.responsibility.model import ResponsibilityModel, Row


class Link(Row, frozen=True, kw_only=True):
    """One finding of the chain: of one of these duties, on one of these kinds, by one of these checks."""

    duties: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    """Kinds of resources that the story can speak of here; empty: any."""
    checks: tuple[str, ...] = ()
    """Patterns of check ids; empty: any."""
    tells: str
    """What the table asks, before it learns of the finding."""

    def fits(self, duty: str, kind: str, check: str) -> bool:
        """Whether a failure of the duty, on the kind, by the check can be told here."""
        return (
            duty in self.duties
            and (not self.kinds or kind in self.kinds)
            and (not self.checks or any(fnmatchcase(check, pattern) for pattern in self.checks))
        )


class Exercise(Row, frozen=True):
    """A scenario without its findings."""

    id: str
    title: str
    event: str
    opening: str
    links: tuple[Link, ...]
    """The first is the way in, and never missing."""
    injects: tuple[str, ...]


class _Exercises(Row, frozen=True):
    exercises: tuple[Exercise, ...]


def load_exercises(model: ResponsibilityModel, events: Collection[str]) -> tuple[Exercise, ...]:
    """All exercises; DataError where the file is wrong or does not fit the model and the events."""
    path = files("scanner.responsibility") / "exercises.yaml"
    exercises = load(path, _Exercises).exercises
    for number, exercise in enumerate(exercises):
        duties = {duty for link in exercise.links for duty in link.duties}
        strange = sorted(duties - set(model.duties)) + [exercise.event] * (exercise.event not in events)
        if strange:
            line = line_of(path, f".exercises[{number}]")
            raise DataError(str(path), line, f"{exercise.id} names {strange[0]!r}, which does not exist")
    return exercises
