"""Findings on their way: few stay in memory, many go to a temporary file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import msgspec

from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.report.scratch import scratch_file, scratching

IN_MEMORY = 20_000

_DECODER = msgspec.json.Decoder(Finding)


class Spool:
    """A list of findings that can be appended to, and then iterated any number of times, in bounded memory."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._held: list[Finding] = []
        self._file: IO[bytes] | None = None
        self._spilled = 0

    def __len__(self) -> int:
        return len(self._held) + self._spilled

    def append(self, finding: Finding) -> None:
        """Keep one more."""
        if len(self._held) < self._in_memory:
            self._held.append(finding)
            return
        if self._file is None:
            self._file = scratch_file()
        with scratching():
            self._file.write(json_line(finding).encode() + b"\n")
        self._spilled += 1

    def __iter__(self) -> Iterator[Finding]:
        yield from self._held
        if self._file is not None:
            with scratching():
                self._file.seek(0)
            for line in self._file:
                yield _DECODER.decode(line)

    def close(self) -> None:
        """Give the temporary file back."""
        if self._file is not None:
            with scratching():
                self._file.close()
