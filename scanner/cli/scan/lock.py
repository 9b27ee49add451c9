"""A lock on a file: whoever holds it is alone, and it is free again when its process is gone, however it ended."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname

import msgspec

EVERY = 0.2
"""Seconds after which it is tried again."""


class Holder(msgspec.Struct, frozen=True):
    """Who holds a lock."""

    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since:%Y-%m-%dT%H:%M:%SZ}"


class Held(Exception):
    """Somebody else holds the lock."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(holder)
        self.holder = holder
        """None where it has not said so yet."""


@contextmanager
def locked(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of a file, which is made where it is not there; raises Held after `wait` seconds, or OSError.

    Its folder may be removed by whoever holds it. On NFS the lock holds among machines where the server keeps locks;
    where it does not, this raises OSError: https://man7.org/linux/man-pages/man2/flock.2.html
    """
    until = time.monotonic() + wait
    while (descriptor := _taken(path)) is None:
        if time.monotonic() >= until:
            raise Held(_holder(path))
        time.sleep(EVERY)
    try:
        me = Holder(os.getpid(), gethostname(), datetime.now(UTC).replace(microsecond=0))
        os.pwrite(descriptor, msgspec.json.encode(me).ljust(os.fstat(descriptor).st_size), 0)
        yield
    finally:
        os.close(descriptor)


def _taken(path: Path) -> int | None:
    """The file, open and locked; None where another holds it."""
    import fcntl

    while True:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError as error:
            if _is_no_folder(Path(error.filename)):
                raise
            continue  # it was there when it was to be made, and is no longer
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            continue  # its folder was removed just now
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError:
            os.close(descriptor)
            raise
        if _is_still_there(descriptor, path):
            return descriptor
        os.close(descriptor)


def _is_no_folder(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return not stat.S_ISDIR(path.lstat().st_mode)
    return False


def _is_still_there(descriptor: int, path: Path) -> bool:
    """Whether the file that is locked is the one that others find, and not one that its last holder has removed."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _holder(path: Path) -> Holder | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    return None
