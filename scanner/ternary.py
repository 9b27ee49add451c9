"""Yes, no, or not known (None): Kleene's logic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Ternary: TypeAlias = "bool | None"


def any_of(answers: Iterable[Ternary]) -> Ternary:
    """True if one is True; else None if one is None; else False."""
    result: Ternary = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            result = None
    return result


def all_of(answers: Iterable[Ternary]) -> Ternary:
    """False if one is False; else None if one is None; else True."""
    result: Ternary = True
    for answer in answers:
        if answer is None:
            result = None
        elif not answer:
            return False
    return result


def invert(answer: Ternary) -> Ternary:
    """The opposite; not known stays not known."""
    return None if answer is None else not answer
