"""Times that options take."""

from __future__ import annotations

from typing import Any

import click

YEAR = 366 * 86_400
"""Seconds. What is longer, no clock and no date can count for certain."""


class Duration(click.FloatRange):
    """A time between two, seconds where nothing else is said. What is no number at all is within every other range."""

    def __init__(self, least: float, most: float | None = None) -> None:
        super().__init__(least, most)
        self._most = YEAR if most is None else most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number = float(super().convert(value, param, ctx))
        if not number <= self._most:
            self.fail(f"{value} is not in the range x<={self._most:.0f}.", param, ctx)
        return number
