"""A scan under way: alone of its kind on this machine, and able to go on where one that was cut short has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from scanner.cli.clock import Clock
from scanner.cli.exits import Exit, Stop
from scanner.cli.scan.checkpoint import Checkpoint, Manifest
from scanner.cli.scan.lock import Held, locked
from scanner.cli.scan.purpose import Cloud, Purpose
from scanner.cli.signals import Terminated
from scanner.facts import Why
from scanner.model import Estate, Resource, Scope

LOCK = "lock"
FORGOTTEN_AFTER = timedelta(days=7)
"""Checkpoints that nobody has gone on with for so long are removed by the next scan."""


@dataclass(frozen=True, slots=True)
class Starting:
    """How a scan is started."""

    folder: Path | None
    """Where scans under way are kept; None where there is no place for them."""
    resume: bool = False
    within: timedelta = timedelta(hours=24)
    """How old a checkpoint may be."""
    wait: float = 0.0
    """Seconds to wait for another scan of the same purpose."""


class Underway:
    """A context: it is entered before anything is asked, and left when all has been told.

    Once the report is written the checkpoint goes, unless the scan ran out of time or its credentials expired. It
    stays, too, where the process is told to end before, or killed. The lock is held to the end.
    """

    def __init__(
        self, purpose: Purpose, starting: Starting, now: Manifest, clock: Clock, announce: Callable[[str], None]
    ) -> None:
        self.clock = clock
        self.scan = now.scan
        self.taken_at = now.taken_at
        """The time that is written on what is read."""
        self.resumed = False
        """Whether it goes on with one that was cut short."""
        self.out_of_time: Callable[[], bool] = lambda: False
        """Whether the time limit ended the reading."""
        self._purpose = purpose
        self._starting = starting
        self._now = now
        self._announce = announce
        self._stack = ExitStack()
        self._checkpoint: Checkpoint | None = None
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if not isinstance(error, KeyboardInterrupt | Terminated):
                self._put_away(stays=error is not None or self.ended_early)
            elif self.way_on:
                error.add_note(self.way_on)

    def reported(self) -> None:
        """The report is written, and what sinks are to be told is in the history."""
        self._put_away(stays=self.ended_early)

    def _put_away(self, *, stays: bool) -> None:
        if self._checkpoint is not None and self._begun and not (stays and not self._checkpoint.leads_nowhere()):
            self._checkpoint.remove()
            self._begun = False

    @property
    def ended_early(self) -> bool:
        """Whether reading was ended by the time limit, or by credentials that expired."""
        return self.out_of_time() or (self._checkpoint is not None and self._checkpoint.expired)

    @property
    def way_on(self) -> str:
        """How to go on with it where it has ended early; empty where nothing of it is kept."""
        if self._checkpoint is None or not self._begun:
            return ""
        count = self._checkpoint.scopes
        kept = f"{count} scope{'s' if count != 1 else ''} that {'were' if count != 1 else 'was'} read"
        return f"The same command with --resume goes on{f' after {kept}' if count else ''}"

    def alone(self, clouds: Iterable[Cloud]) -> None:
        """Make sure that no other scan of the purpose is under way, and find what there is to go on with.

        Stop where there is another one.
        """
        starting = self._starting
        if starting.folder is None:
            return
        place = starting.folder / self._purpose.key(tuple(clouds))
        with self.clock.stopped():
            try:
                self._take(place / LOCK)
            except OSError as error:
                where = f"{error.filename or place}: {error.strerror}"
                self._announce(f"warning: no lock is taken and no checkpoint is kept: {where}. Set XDG_STATE_HOME")
                return
        self._stack.callback(_leave, place)
        _forget_old(starting.folder)
        self._checkpoint = Checkpoint(place, self._now, self._announce)
        if starting.resume:
            why = self._checkpoint.resume(starting.within)
            if why:
                self._announce(f"not resumed: {why}. A new scan begins")
        manifest = self._checkpoint.manifest
        self.resumed = manifest.scan != self._now.scan
        self.scan, self.taken_at = manifest.scan, manifest.taken_at

    def _take(self, lock: Path) -> None:
        """Take the lock; Stop where somebody else has it, for longer than one is to wait."""
        wait = self._starting.wait
        try:
            self._stack.enter_context(locked(lock))
        except Held as held:
            if not wait:
                step = "Let it end, or wait for it with --wait SECONDS"
                raise Stop(Exit.LOCKED, f"{_under_way(held)}: nothing was scanned. {step}") from held
            self._announce(f"{_under_way(held)}: waiting for it")
        else:
            return
        try:
            self._stack.enter_context(locked(lock, wait))
        except Held as held:
            raise Stop(Exit.LOCKED, f"{_under_way(held)}, after {wait:g} seconds: nothing was scanned") from held

    def begin(self, scopes: Sequence[Scope], kinds: Sequence[type[Resource]]) -> Iterator[Estate]:
        """Begin to keep what is read; the estates of these scopes that were read before."""
        checkpoint = self._checkpoint
        if checkpoint is None:
            return
        checkpoint.begin(resumed=self.resumed)
        self._begun = True
        if self.resumed:
            since = checkpoint.manifest.begun
            self._announce(f"going on with {self.scan}, begun {since:%Y-%m-%dT%H:%M:%SZ}")
            yield from checkpoint.read_before(scopes, kinds)

    @property
    def done(self) -> set[str]:
        """Uids of the scopes that were handed out so; it grows while they are."""
        return self._checkpoint.done if self._checkpoint is not None else set()

    def kept(self, estates: Iterable[Estate]) -> Iterator[Estate]:
        """The same estates, each kept before it is handed on."""
        for estate in estates:
            if self._checkpoint is not None:
                self._checkpoint.keep(estate)
            yield estate

    def judged(self, estate: Estate, unknown: Set[Why]) -> None:
        """An estate was judged; `unknown`: why some of its results could not be decided."""
        if self._checkpoint is not None:
            self._checkpoint.judged(estate, unknown)


def _under_way(held: Held) -> str:
    return f"the same scan is under way{f' ({held.holder})' if held.holder is not None else ''}"


def _leave(place: Path) -> None:
    """Remove a folder in which nothing is kept, while its lock is still held."""
    with suppress(OSError):
        if {path.name for path in place.iterdir()} == {LOCK}:
            (place / LOCK).unlink()
            place.rmdir()


def _forget_old(folder: Path) -> None:
    """Remove what killed scans have left that nobody went on with."""
    before = (datetime.now(UTC) - FORGOTTEN_AFTER).timestamp()
    for place in folder.iterdir():
        with suppress(OSError, Held):
            if place.stat().st_mtime < before:
                with locked(place / LOCK):
                    for path in place.iterdir():
                        if path.name != LOCK:
                            path.unlink()
                    _leave(place)
