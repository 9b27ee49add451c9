"""How much of a law the ordinary suite tries; `make laws` tries all of it."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from _pytest.mark.structures import ParameterSet

FULL = "OURSIDE_EFFORT"


def effort(examples: int, part: int = 3) -> int:
    """Examples of a law, or the size of what it is tried on: all where OURSIDE_EFFORT=full, else a third, or `part`."""
    return examples if os.environ.get(FULL) == "full" else -(-examples // part)


def share(values: Sequence[str], every: int) -> list[ParameterSet]:
    """All values, of which the ordinary suite takes every so-manieth; the others are left to `make laws`."""
    return [pytest.param(each, marks=[pytest.mark.laws] if at % every else []) for at, each in enumerate(values)]
