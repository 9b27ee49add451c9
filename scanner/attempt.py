"""The one broad `except` of the house: a slip costs one answer, not the scan, and is counted aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Defect:
    """Our own code, or an answer of a shape that nobody documents, failed in a way that has no name."""

    text: str

    def __str__(self) -> str:
        return self.text


def attempt(work: Callable[[], T]) -> T | Defect:
    """Do `work`; any failure becomes a Defect."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  # see above
        return Defect(f"{type(error).__name__}: {error}")
