"""Output to a file: a good file is only ever replaced by a whole one."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

NEXT_STEPS = {
    errno.ENOSPC: "free some space, or give a path on another disk",
    errno.EDQUOT: "free some of your quota, or give a path on another disk",
    errno.EACCES: "give a path in a directory that you may write to",
    errno.EPERM: "give a path in a directory that you may write to",
    errno.EROFS: "give a path in a directory that you may write to",
    errno.EISDIR: "give the path of a file",
    errno.ENAMETOOLONG: "give a shorter name",
    errno.ELOOP: "the links lead in a circle; give the path of a file",
}


class DeliveryError(Exception):
    """An output that could not be written. The text says what, where, why and the next step."""


def deliver(pieces: Iterable[str], path: Path) -> None:
    """Write pieces to a path, readable by its owner only; raises DeliveryError.

    The text goes to a new file beside the target, which then takes the target's place: whatever stops the writing,
    the target is what it was. Directories are not made. A symbolic link stays and the file that it leads to is
    replaced, as far as the system lets us follow it: Linux refuses links that strangers left in shared directories
    (https://docs.kernel.org/admin-guide/sysctl/fs.html#protected-symlinks). What is no regular file, such as a pipe
    or a device, is written to as it is. A lone surrogate is written as its escape.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    except (OSError, ValueError) as error:
        raise _error(path, error) from error
    if stat.S_ISREG(mode):
        _replace(pieces, path)
    else:
        _write_into(pieces, path)


def _replace(pieces: Iterable[str], path: Path) -> None:
    target = path.resolve()
    try:
        descriptor, name = tempfile.mkstemp(prefix=".ourside-", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _error(path, error) from error
    beside = Path(name)
    try:
        with _open(descriptor) as file:
            _write(pieces, file, path)
            _finish(file, path, sync=True)
        try:
            beside.replace(target)
        except OSError as error:
            raise _error(path, error) from error
    finally:
        # Gone already if all went well.
        beside.unlink(missing_ok=True)
    sync_directory(target.parent)


def _write_into(pieces: Iterable[str], path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except OSError as error:
        raise _error(path, error) from error
    with _open(descriptor) as file:
        _write(pieces, file, path)
        _finish(file, path, sync=False)


def _open(descriptor: int) -> TextIO:
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n")


def _write(pieces: Iterable[str], file: TextIO, path: Path) -> None:
    for piece in pieces:
        try:
            file.write(piece)
        except OSError as error:
            _abandon(file)
            raise _error(path, error) from error


def _finish(file: TextIO, path: Path, *, sync: bool) -> None:
    try:
        file.flush()
        if sync:
            os.fsync(file.fileno())
    except OSError as error:
        _abandon(file)
        raise _error(path, error) from error


def _abandon(file: TextIO) -> None:
    """Close a file that cannot be written; closing tries once more to write what is left, and fails again."""
    with suppress(OSError):
        file.close()


def sync_directory(directory: Path) -> None:
    """Make the new name last. The text is whole and in place either way, and some file systems cannot do it."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _error(path: Path, error: OSError | ValueError) -> DeliveryError:
    """What to tell the user; ValueError is a path that cannot be one."""
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.ENOENT:
        directory = path.resolve().parent
        return DeliveryError(f"{path}: there is no directory {directory}. Run: mkdir -p {directory}")
    why = error.strerror if isinstance(error, OSError) else str(error)
    step = "give another path" if code is None else NEXT_STEPS.get(code, "give another path")
    return DeliveryError(f"{path}: the output was not written: {why}; {step}")
