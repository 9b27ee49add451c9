"""Read the data files of this package."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def vendored(name: str, kind: type[T]) -> T:
    """The content of the file `name`, typed. A file that is not what it should be is an error, never a gap."""
    return msgspec.json.decode((files(__package__) / name).read_bytes(), type=kind)
