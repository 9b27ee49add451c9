"""What does not fit in memory waits in temporary files: what it means when that cannot be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


class ScratchError(Exception):
    """Something could not be kept in a temporary file."""

    def __init__(self, cause: OSError) -> None:
        # It is not asked for here: where no folder can be written to, as in some containers, there is none.
        where = f" in {tempfile.tempdir}" if tempfile.tempdir else ""
        super().__init__(
            f"what does not fit in memory could not be kept in a temporary file{where}: "
            f"{cause.strerror or cause}. Make room there, or name another folder: TMPDIR=FOLDER"
        )


@contextmanager
def scratching() -> Iterator[None]:
    """Take any failure of the system in the block for one of its temporary file: ScratchError."""
    try:
        yield
    except OSError as error:
        raise ScratchError(error) from error


def scratch_file() -> IO[bytes]:
    """A temporary file that is gone when it is closed. ScratchError where none can be made.

    What is written to it may fail when that is done, or at the next step to another place: `scratching` both.
    """
    with scratching():
        return tempfile.TemporaryFile(prefix="ourside-")
