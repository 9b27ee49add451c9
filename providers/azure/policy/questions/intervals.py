"""Sets of addresses as disjoint intervals of numbers, in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Interval: TypeAlias = "tuple[int, int]"
"""First and last, both included."""
Intervals: TypeAlias = "tuple[Interval, ...]"


def union(intervals: Iterable[Interval]) -> Intervals:
    """All of them, neighbours joined."""
    found: list[Interval] = []
    for first, last in sorted(intervals):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def minus(left: Intervals, right: Intervals) -> Intervals:
    """What is in the left and not in the right."""
    rest: list[Interval] = []
    holes = list(right)
    at = 0
    for first, last in left:
        begin = first
        while at < len(holes) and holes[at][1] < begin:
            at += 1
        index = at
        while index < len(holes) and holes[index][0] <= last:
            low, high = holes[index]
            if low > begin:
                rest.append((begin, low - 1))
            begin = max(begin, high + 1)
            index += 1
        if begin <= last:
            rest.append((begin, last))
    return tuple(rest)


def common(left: Intervals, right: Intervals) -> Intervals:
    """What is in both."""
    return minus(left, minus(left, right))


def size(intervals: Intervals) -> int:
    """How many addresses they hold."""
    return sum(last - first + 1 for first, last in intervals)
