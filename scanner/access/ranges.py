"""Sets of numbers as ordered, disjoint intervals; and a number in some sets and outside others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from math import floor
from typing import Final, TypeAlias

Number: TypeAlias = "int | Decimal"
Cut: TypeAlias = "tuple[Number, int]"
"""A place between numbers: `(x, 0)` just before x, `(x, 1)` just after it."""
Interval: TypeAlias = "tuple[Cut, Cut]"

MOST_DIGITS: Final = 400
"""What a number between two others may take; those of 100 digits before and behind the point are safe."""

LOWEST: Final[Cut] = (Decimal("-Infinity"), 0)
HIGHEST: Final[Cut] = (Decimal("Infinity"), 1)


def exactly(number: Number) -> Interval:
    """One number."""
    return (number, 0), (number, 1)


def between(low: Number, high: Number) -> Interval:
    """Both ends included."""
    return (low, 0), (high, 1)


class Ranges:
    """A set of numbers."""

    __slots__ = ("_starts", "intervals")

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self.intervals = tuple(_joined(intervals))
        self._starts = [start for start, _ in self.intervals]

    def has(self, number: Number) -> bool:
        """Whether the number is in the set."""
        index = bisect_right(self._starts, (number, 0)) - 1
        return index >= 0 and (number, 0) < self.intervals[index][1]


def pick(inside: Sequence[Ranges], outside: Sequence[Ranges] = (), *, whole: bool = False) -> Number | None:
    """A number in every set of `inside` and none of `outside`; a whole one where asked. None: there is none."""
    cuts = (cut for one in (*inside, *outside) for interval in one.intervals for cut in interval)
    bounds = sorted({number for number, _ in cuts if (number, 0) != LOWEST and (number, 1) != HIGHEST})
    for number in _candidates(bounds, whole=whole):
        if all(one.has(number) for one in inside) and not any(one.has(number) for one in outside):
            return number
    return None


def _candidates(bounds: Sequence[Number], *, whole: bool) -> Iterable[Number]:
    """One number of every cell that the bounds make: each bound, and something between and beyond them."""
    if not bounds:
        yield 1
        return
    yield floor(bounds[-1]) + 1
    yield from (bound for bound in bounds if not whole or bound == floor(bound))
    yield floor(bounds[0]) - 1
    for low, high in pairwise(bounds):
        above = floor(low) + 1
        yield above if whole or above < high else _middle(Decimal(low), Decimal(high))


def _middle(low: Decimal, high: Decimal) -> Decimal:
    """Exactly, however many digits they have: a rounded one may lie outside."""
    with localcontext(prec=MOST_DIGITS):
        return (low + high) / 2


def _joined(intervals: Iterable[Interval]) -> Iterable[Interval]:
    current: Interval | None = None
    for start, end in sorted(one for one in intervals if one[0] < one[1]):
        if current is None:
            current = (start, end)
        elif start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current
