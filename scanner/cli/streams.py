"""What a process says on stdout and stderr, and what it means when that cannot be written.

Only a failing write of our own output is a failing output. It is told by an error of its own, because every other
failure of the system, such as a socket's, is an OSError as well; and click takes each broken pipe for stdout's.
"""

from __future__ import annotations

import io
import os
import select
import sys

IN, OUT, ERR = 0, 1, 2


class Unwritten(Exception):
    """What was written to stdout did not get there."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(f"the output could not be written: {cause.strerror or cause}")
        self.reader_has_enough = isinstance(cause, BrokenPipeError)
        """Whether who reads it has closed it, as `head` does: no failure."""


class _Patient(io.FileIO):
    """Waits for its reader, also where it belongs to somebody who lets no writer wait."""

    def write(self, data: object) -> int:
        while (written := super().write(data)) is None:  # type: ignore[arg-type]
            select.select([], [self], [])
        return written


class _Out(_Patient):
    def write(self, data: object) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise Unwritten(error) from error


class Err(_Patient):
    """Nobody is left to be told that this cannot be written; it must not end what is done."""

    def write(self, data: object) -> int:
        """Write what can be written."""
        try:
            return super().write(data)
        except OSError:
            return len(data)  # type: ignore[arg-type]


def open_streams() -> None:
    """Put our streams in the place of Python's, and something in the place of those that were closed.

    What is opened later would else get the number of stdout, and be written over by whatever is printed.
    """
    for number, mode in ((IN, os.O_RDONLY), (OUT, os.O_RDONLY), (ERR, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest free number, which is this one; writing to stdout fails
    sys.stdout = _text(_Out(OUT, "wb", closefd=False), sys.stdout)
    sys.stderr = _text(Err(ERR, "wb", closefd=False), sys.stderr, each_line=True)


def drop_stdout() -> None:
    """Let what is still to be written to stdout go nowhere: Python would fail on it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), OUT)


def _text(raw: io.FileIO, before: object, *, each_line: bool = False) -> io.TextIOWrapper:
    old = before if isinstance(before, io.TextIOWrapper) else None
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=old.encoding if old else "utf-8",
        errors="backslashreplace",  # a name that the locale cannot show must not end the report
        line_buffering=each_line or raw.isatty(),
        write_through=old.write_through if old else False,
    )
