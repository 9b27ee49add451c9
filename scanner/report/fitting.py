"""Events that are longer than their receiver takes, made to fit: they tell less, and say so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scanner.jsonline import json_line
from scanner.report.event import Background

LEAST = 4096
"""Octets in which any event can be told."""
SHORTEST = 48
"""No text is cut shorter, in octets: ids, uids and words of ours have fewer."""
MARK = "…"
MOST_OF_ONE = len("\\ud83d\\ude00")
"""Octets that one character may take."""

Body = dict[str, Any]
Step = Callable[[Body], bool]
"""Takes something out of a body, if it is there; whether it was."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How bodies of one shape are made to fit: steps that are taken until it does, what is missed least first."""

    mark: Callable[[Body, int], None]
    """Writes into a body that it does not tell all, and how many octets it would have had."""
    steps: tuple[Step, ...]

    def to(self, line: str, largest: int | None) -> str:
        """The line of JSON itself where it fits, else one that tells less."""
        if largest is None or len(line) <= largest:
            return line
        body: Body = json.loads(line)
        self.mark(body, len(line))
        shorter = json_line(body)
        for step in self.steps:
            if len(shorter) <= largest:
                break
            if step(body):
                shorter = json_line(body)
        return shorter


def room_in(background: Background) -> int | None:
    """Octets that a body may have; ValueError where no event can be told in so few."""
    largest = background.largest
    if largest is not None and largest < LEAST:
        raise ValueError(f"events cannot be told in {largest:,} octets: {LEAST:,} are needed")
    return largest


def without(*path: str | int) -> Step:
    """Leaves a member out."""

    def step(body: Body) -> bool:
        holder = _at(body, path[:-1])
        if not isinstance(holder, dict) or path[-1] not in holder:
            return False
        del holder[path[-1]]
        return True

    return step


def emptied(*path: str | int) -> Step:
    """Leaves a member's content out: the member itself stays, for who relies on it."""

    def step(body: Body) -> bool:
        value = _at(body, path)
        if not isinstance(value, dict | list) or not value:
            return False
        value.clear()
        return True

    return step


def first_only(*path: str | int, most: int = 1) -> Step:
    """Leaves items of a list out after the first ones."""

    def step(body: Body) -> bool:
        value = _at(body, path)
        if not isinstance(value, list) or len(value) <= most:
            return False
        del value[most:]
        return True

    return step


def cut_to(octets: int) -> Step:
    """Leaves the middles of texts out that take more octets: the ends of names tell them apart."""

    def step(body: Body) -> bool:
        return _cut_in(body, octets)

    return step


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and name < len(value):
            value = value[name]
        else:
            return None
    return value


def _cut_in(holder: Any, octets: int) -> bool:
    """Cut all texts in it; whether one was too long."""
    some = False
    for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
        if isinstance(value, str):
            holder[key] = cut(value, octets)
            some = some or holder[key] is not value
        elif isinstance(value, dict | list):
            some = _cut_in(value, octets) or some
    return some


def cut(text: str, octets: int) -> str:
    """A text that takes no more octets in a line of JSON, without its middle where it would."""
    # Most texts are so short that it does not matter which characters they have.
    if len(text) * MOST_OF_ONE <= octets or (len(text) <= octets and _octets(text) <= octets):
        return text
    half = (octets - _octets(MARK)) // 2
    return f"{_front(text, half)}{MARK}{_front(text[-half:][::-1], half)[::-1]}"


def _front(text: str, octets: int) -> str:
    """As many characters as there is room for, or a few fewer."""
    kept = text[:octets]
    while (over := _octets(kept) - octets) > 0:
        kept = kept[: len(kept) - (over + MOST_OF_ONE - 1) // MOST_OF_ONE]
    return kept


def _octets(text: str) -> int:
    return len(json_line(text)) - len('""')
