"""Anything in the order of a hash, however much there is of it: most of it waits in temporary files.

Keys have to be spread evenly, as digests are: by their first digits things are dealt into parts, each of which is small
enough to be sorted in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Generic, TypeVar

import msgspec

from scanner.report.scratch import scratch_file, scratching

T = TypeVar("T")

PARTS = 256
IN_MEMORY = 20_000


class Ordered(Generic[T]):
    """Things by the hexadecimal digest that each was kept under; it can be gone through any number of times."""

    def __init__(self, kind: type[T], in_memory: int = IN_MEMORY) -> None:
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(tuple[str, kind])  # type: ignore[valid-type]  # known when it runs
        self._in_memory = in_memory
        self._held: list[list[tuple[str, T]]] = [[] for _ in range(PARTS)]
        self._files: dict[int, IO[bytes]] = {}
        self._files_open = ExitStack()
        self._waiting = 0

    def keep(self, key: str, thing: T) -> None:
        """Keep one more under a digest of at least two digits."""
        self._held[int(key[:2], 16)].append((key, thing))
        self._waiting += 1
        if self._waiting > self._in_memory:
            self._write_down()

    def _write_down(self) -> None:
        for number, held in enumerate(self._held):
            if held:
                if number not in self._files:
                    self._files[number] = self._files_open.enter_context(scratch_file())
                for pair in held:
                    encoded = self._encoder.encode(pair)
                    with scratching():
                        self._files[number].write(len(encoded).to_bytes(4, "big") + encoded)
                held.clear()
        self._waiting = 0

    def __iter__(self) -> Iterator[tuple[str, T]]:
        for number, held in enumerate(self._held):
            yield from sorted([*self._written(number), *held], key=lambda pair: pair[0])

    def _written(self, number: int) -> Iterator[tuple[str, T]]:
        file = self._files.get(number)
        if file is None:
            return
        with scratching():
            file.seek(0)
        while length := file.read(4):
            yield self._decoder.decode(file.read(int.from_bytes(length, "big")))
        file.seek(0, 2)

    def close(self) -> None:
        """Give the temporary files back."""
        with scratching():
            self._files_open.close()
        self._files.clear()
