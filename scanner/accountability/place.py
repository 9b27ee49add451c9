"""What a resource lies in and how it is tagged, as rules ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from scanner.accountability.texts import Texts
from scanner.finding import Subject
from scanner.scope import Container
from scanner.ternary import Ternary

MOST_REMEMBERED = 4096
"""Places that are held at once. A scan's findings share few; those of a file share none."""


class Place:
    """What some resources lie in."""

    def __init__(self, account: str, within: tuple[Container, ...], *, whole: bool) -> None:
        """`whole`: all that they lie in is known."""
        names = [container.name or container.uid for container in within]
        uids = [container.uid for container in within]
        paths = (path for start in range(len(names)) for path in accumulate(names[start:], "{}/{}".format))
        self.names = frozenset((account, *uids, *paths))
        """What a scope may be called: by uid, by name, by names from any of them inwards.

        Not only from the outermost inwards: what stands outermost may not have been read, and then a path that begins
        too late would be taken for whole.
        """
        self.inwards = within
        self.outwards = within[::-1]
        self.whole = whole
        self._inside: dict[Texts, Ternary] = {}

    def inside(self, scopes: Texts) -> Ternary:
        """Whether it lies in one of these scopes; None where it is not known what else it lies in."""
        if scopes not in self._inside:
            found = scopes.match_any(self.names)
            self._inside[scopes] = found or (False if self.whole else None)
        return self._inside[scopes]


class Places:
    """The places of findings, each made once."""

    def __init__(self) -> None:
        self._met: dict[tuple[int, str, bool], tuple[tuple[Container, ...], Place]] = {}
        self._known: dict[tuple[object, ...], Place] = {}

    def of(self, subject: Subject) -> Place:
        """Where a subject lies."""
        key = (id(subject.within), subject.account, subject.placed)
        met = self._met.get(key)
        if met is not None:
            return met[1]
        _make_room(self._met)
        place = self._equal(subject)
        # The tuple is held beside the place, so that its number is no other's as long as it is remembered.
        self._met[key] = subject.within, place
        return place

    def _equal(self, subject: Subject) -> Place:
        """One place for all subjects that lie in the same, also where each brings its own account of that."""
        key = (subject.account, subject.placed, *map(_identity, subject.within))
        if key not in self._known:
            _make_room(self._known)
            self._known[key] = Place(subject.account, subject.within, whole=subject.placed)
        return self._known[key]


def _identity(container: Container) -> tuple[object, ...]:
    tags = None if container.tags is None else frozenset(container.tags.items())
    return container.level, container.uid, container.name, tags


def _make_room(remembered: dict[Any, Any]) -> None:
    if len(remembered) >= MOST_REMEMBERED:
        remembered.clear()


class Tags:
    """The tags that count for a subject: its own, then those of what it lies in, the nearest first."""

    __slots__ = ("_layers",)

    def __init__(self, subject: Subject, place: Place) -> None:
        own = subject.tags
        outwards = place.outwards
        if outwards and outwards[0].uid == subject.uid:
            own, outwards = outwards[0].tags if own is None else own, outwards[1:]
        self._layers = ((own, None), *((container.tags, container) for container in outwards))

    def layers(self) -> Iterator[tuple[Mapping[str, str] | None, Container | None]]:
        """Tags, None where they were not read, each with whose they are: None is the subject itself."""
        yield from self._layers

    def has(self, key: str, values: Texts) -> Ternary:
        """Whether the nearest tag of a key matches; None where a nearer one may have been overlooked."""
        for tags, _ in self._layers:
            if tags is None:
                return None
            if key in tags:
                return values.match(tags[key])
        return False
