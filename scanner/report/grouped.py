"""Texts by group, whatever order they come in and however much there is of them: they wait in a temporary file."""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from scanner.report.scratch import scratching

R = TypeVar("R", bound=str)

IN_MEMORY = 16 * 1024 * 1024


class Grouped(Generic[R]):
    """Texts that are kept as they come, and given back group by group. It must be closed."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._file = tempfile.SpooledTemporaryFile(in_memory, prefix="ourside-")  # noqa: SIM115  # closed by close
        self._end = 0
        self._pieces: dict[str, array[int]] = {}
        self._counts: dict[str, Counter[R]] = {}

    def keep(self, group: str, sort: R, text: str) -> None:
        """Keep one more; `sort` is counted."""
        encoded = text.encode()
        with scratching():
            self._file.write(encoded)
        pieces = self._pieces.setdefault(group, array("Q"))
        # Neighbours are one piece: a start and an end.
        if pieces and pieces[-1] == self._end:
            pieces[-1] += len(encoded)
        else:
            pieces.extend((self._end, self._end + len(encoded)))
        self._end += len(encoded)
        self._counts.setdefault(group, Counter())[sort] += 1

    def groups(self) -> Sequence[str]:
        """The groups by name."""
        return sorted(self._pieces)

    def counts(self, group: str | None = None) -> Counter[R]:
        """How many there are of each sort, in a group or in all."""
        if group is not None:
            return self._counts[group]
        found = Counter[R]()
        for count in self._counts.values():
            found.update(count)
        return found

    def of(self, group: str) -> Iterator[str]:
        """The texts of a group in the order in which they came."""
        pieces = self._pieces[group]
        for start, end in zip(pieces[::2], pieces[1::2], strict=True):
            with scratching():
                self._file.seek(start)
            left = end - start
            # A piece may be as long as all of the file.
            while left > 0:
                part = self._file.readline(left)
                left -= len(part)
                yield part.decode()

    def close(self) -> None:
        """Give the temporary file back."""
        with scratching():
            self._file.close()
