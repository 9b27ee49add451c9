"""Exercises around a table, as data: what happens, which findings make it possible, and what comes in between."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files

from scanner.document import DataError, line_of, load
from scanner.responsibility.model import ResponsibilityModel, Row


class Link(Row, frozen=True):
    """One finding of the chain: of one of these duties."""

    duties: tuple[str, ...]
    tells: str
    """What the table asks, before it learns of the finding."""


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
