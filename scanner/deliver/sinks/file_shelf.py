"""Full files of the sink `file`: put away under the time of their last line, compressed, and only so many kept."""

from __future__ import annotations

import fcntl
import gzip
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from scanner.deliver.file import sync_directory
from scanner.deliver.sink import SinkError

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_FULL = re.compile(r"-(\d{8}T\d{6}Z)(?:-(\d+))?\.ndjson(?:\.gz)?", re.ASCII)
"""What follows the prefix in the name of a full file."""
PATIENCE = 10.0
"""Seconds to wait for another process that appends."""
PAUSE = 0.02
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


class Shelf:
    """The full files of one prefix. Their names tell their order: `PREFIX-20261122T040000Z.ndjson`, then `...Z-2`."""

    def __init__(self, directory: Path, prefix: str, compress: bool, keep: int | None) -> None:
        self._directory = directory
        self._prefix = prefix
        self._compress = compress
        self._keep = keep

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among the processes that append to this file; SinkError where that takes too long."""
        path = self._directory / f".{self._prefix}.lock"
        try:
            descriptor = os.open(path, NEW, 0o600)
        except OSError as error:
            why = f"{path}: the file that keeps others from writing cannot be made: {named(error)}"
            raise SinkError(f"{why}; give a `directory` that you may write to", lasting=True) from error
        try:
            _lock(descriptor, path)
            yield
        finally:
            os.close(descriptor)

    def put_away(self, path: Path) -> None:
        """Rename the full file; its followers keep it by its inode. OSError where that fails, and then it stays."""
        written = datetime.fromtimestamp(path.stat(follow_symlinks=False).st_mtime, UTC)
        path.rename(self._free(f"{self._prefix}-{written:%Y%m%dT%H%M%SZ}"))
        sync_directory(self._directory)
        # These are for order only: that they fail must not hold up events.
        with suppress(OSError):
            self._let_go()
        if self._compress:
            for full in self._full()[:-1]:
                with suppress(OSError):
                    _compressed(full)

    def _free(self, stem: str) -> Path:
        taken = {path.name.partition(".")[0] for path in self._full()}
        number, name = 1, stem
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        return self._directory / f"{name}.ndjson"

    def _full(self) -> list[Path]:
        """The oldest first."""
        found = []
        for entry in os.scandir(self._directory):
            rest = entry.name.removeprefix(self._prefix)
            match = _FULL.fullmatch(rest) if rest != entry.name else None
            if match and entry.is_file(follow_symlinks=False):
                found.append((match[1], int(match[2] or 1), Path(entry.path)))
        return [path for _, _, path in sorted(found)]

    def _let_go(self) -> None:
        for path in self._full()[: -self._keep] if self._keep else ():
            path.unlink()


def named(error: OSError) -> str:
    """An error of the system in its words."""
    return error.strerror or type(error).__name__


def _lock(descriptor: int, path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise SinkError(f"{path}: another process is writing: let it end", after=PATIENCE) from error
        else:
            return
        time.sleep(PAUSE)


def _compressed(path: Path) -> None:
    if path.suffix == ".gz":
        return
    part = path.with_name(f".{path.name}.part")
    with path.open("rb") as plain, os.fdopen(os.open(part, NEW, 0o600), "wb") as file:
        state = os.fstat(plain.fileno())
        if not stat.S_ISREG(state.st_mode):
            return
        with gzip.GzipFile(path.name, "wb", mtime=int(state.st_mtime), fileobj=file) as packed:
            shutil.copyfileobj(plain, packed, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path.with_name(f"{path.name}.gz"))
    path.unlink()
    sync_directory(path.parent)
