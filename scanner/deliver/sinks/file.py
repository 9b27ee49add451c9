"""The sink `file`: events as lines of JSON, appended to a file that log shippers follow."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from scanner.deliver.file import NEXT_STEPS
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.deliver.sinks.file_shelf import NAME, Shelf, named
from scanner.deliver.whole_path import check_whole_paths

SMALLEST = 65_536
CHUNK = 65_536


class FileOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Where the lines go, and when a file is full."""

    directory: str
    """Made, for its owner only, where its parent is there."""
    prefix: str = "ourside"
    """Lines are appended to `PREFIX.ndjson`; a full file becomes `PREFIX-TIME.ndjson`."""
    rotate: Literal["daily", "never"] = "daily"
    """Whether lines of another day (UTC) begin another file."""
    rotate_octets: int = 100 * 1024 * 1024
    """The size that a file does not outgrow, unless by a single batch."""
    gzip: bool = False
    """Whether full files are compressed. The newest is spared, as its followers may still be reading it."""
    keep: int | None = None
    """How many full files are kept; all where it is not given."""

    def __post_init__(self) -> None:
        check_whole_paths(directory=self.directory)
        if not NAME.fullmatch(self.prefix):
            raise ValueError("`prefix` has to be of letters, digits, `_` and `-`, and at most 64 of them")
        if self.rotate_octets < SMALLEST:
            raise ValueError(f"`rotate-octets` has to be at least {SMALLEST}")
        if self.keep is not None and self.keep < 1:
            raise ValueError("`keep` has to be at least 1")


class FileSink:
    """Appends each batch as a whole: either all of its lines are on the disk, or none that it was told of.

    What a killed process left is mended before the next batch: a line without its end is cut off. Whole lines of that
    batch stay and come again, with the same uids. A full file is renamed, which those who follow it by its inode bear;
    no path of it comes from a cloud, and no link is followed. Processes that append to the same file wait for each
    other.
    """

    def __init__(self, options: FileOptions) -> None:
        self._options = options
        self._path = Path(options.directory) / f"{options.prefix}.ndjson"
        self._shelf = Shelf(Path(options.directory), options.prefix, options.gzip, options.keep)

    def open(self) -> None:
        """Make the directory and the file, so that what stands in the way is told at once."""
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _error(self._path.parent, error) from error
        with self._shelf.locked(), self._appending():
            pass

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Append a batch; it counts as sent when the disk has it."""
        lines = b"".join(delivery.body + b"\n" for delivery in batch)
        with self._shelf.locked():
            with self._appending() as descriptor:
                full = self._full(os.fstat(descriptor), len(lines))
            if full:
                self._make_room()
            with self._appending() as descriptor:
                self._append(descriptor, lines)
        return [SENT] * len(batch)

    def close(self) -> None:
        """Nothing is held between batches."""

    def _full(self, state: os.stat_result, more: int) -> bool:
        if not state.st_size:
            return False
        written = datetime.fromtimestamp(state.st_mtime, UTC).date()
        another_day = self._options.rotate == "daily" and written != datetime.now(UTC).date()
        return another_day or state.st_size + more > self._options.rotate_octets

    def _make_room(self) -> None:
        try:
            self._shelf.put_away(self._path)
        except OSError as error:
            raise _error(self._path, error) from error

    @contextmanager
    def _appending(self) -> Iterator[int]:
        """The file, open and without a torn line at its end."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            descriptor = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise _error(self._path, error) from error
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SinkError(f"{self._path}: is no regular file: give another `prefix` or `directory`", lasting=True)
            try:
                _mend(descriptor)
            except OSError as error:
                raise _error(self._path, error) from error
            yield descriptor
        finally:
            os.close(descriptor)

    def _append(self, descriptor: int, lines: bytes) -> None:
        before = os.fstat(descriptor).st_size
        try:
            _write(descriptor, lines)
            os.fsync(descriptor)
        except OSError as error:
            # Where even this fails, the next batch mends it.
            with suppress(OSError):
                os.ftruncate(descriptor, before)
            raise _error(self._path, error) from error


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _mend(descriptor: int) -> None:
    """Cut off a line without its end."""
    end = os.fstat(descriptor).st_size
    whole = _whole(descriptor, end)
    if whole < end:
        os.ftruncate(descriptor, whole)


def _whole(descriptor: int, end: int) -> int:
    """Where the last whole line ends."""
    while end:
        start = max(0, end - CHUNK)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _place(options: FileOptions) -> Path:
    return Path(os.path.realpath(options.directory)) / options.prefix


def _error(path: Path, error: OSError) -> SinkError:
    if error.errno == errno.ENOENT:
        return SinkError(f"{path}: there is no directory {path.parent}. Run: mkdir -p {path.parent}", lasting=True)
    if error.errno == errno.ELOOP:
        return SinkError(f"{path}: is a link, and none is followed: give another `prefix` or `directory`", lasting=True)
    step = NEXT_STEPS.get(error.errno or 0, "give another `directory`")
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return SinkError(f"{path}: the events were not written: {named(error)}; {step}", lasting=not full)


TYPE = SinkType(
    name="file",
    summary="Lines of JSON in a file that log shippers follow, rotated by day and size.",
    options=FileOptions,
    make=FileSink,
    limits=Limits(items=1_000, octets=4 * 1024 * 1024, largest=1024 * 1024, around=1),
    formats=("ocsf", "ecs", "json"),
    example="""\
directory: /var/lib/ourside/events
rotate: daily
gzip: true
keep: 90
""",
    place=_place,
    rights="The directory must be ours to write; it is made where it is not there.",
)
