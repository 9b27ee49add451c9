"""How long to leave a sink alone that does not take what it is sent.

A time between none and one that doubles with each try, so that many who were turned away together do not come back
together: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from collections.abc import Callable

FIRST = 2.0
"""Seconds, at most, before the second try."""
LONGEST = 900.0
"""Before any, so that each run of a scan that comes by the hour tries all; also of what sinks ask for."""
SHORTEST = 0.1
"""Where a sink asks for less, or luck would have it: nothing is tried without a pause."""
DOUBLINGS = 16

Chance = Callable[[], float]
"""From 0 to 1."""


def pause(failures: int, chance: float, asked: float | None = None, longest: float = LONGEST) -> float:
    """Seconds after so many failures in a row, or those that the sink asked for.

    `chance`: from 0 to 1; events that fail together share it, so that they come back together.
    """
    if asked is not None and asked >= 0:
        return min(max(asked, SHORTEST), LONGEST)
    most = min(FIRST * 2.0 ** min(max(failures - 1, 0), DOUBLINGS), longest)
    return max(chance * most, SHORTEST)
