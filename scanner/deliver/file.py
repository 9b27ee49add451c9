"""Output to a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class DeliveryError(Exception):
    """An output that could not be written."""


def deliver(pieces: Iterable[str], path: Path) -> None:
    """Write pieces to a path."""
    path.write_text("".join(pieces))
