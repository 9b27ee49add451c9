"""The time that a scan may take."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scanner.cli.exits import Exit, Stop

AGAIN = 0.5
"""Seconds after which whoever did not notice that time is up is told once more."""


class _OutOfTime(BaseException):
    """Raised wherever the main thread is; no library catches it."""


class Clock:
    """Counts from when it is made; what is waited for others does not count."""

    def __init__(self, seconds: float | None = None) -> None:
        """`seconds`: how many there are; None for as many as it takes."""
        self.seconds = seconds
        self.started = time.monotonic()

    @property
    def left(self) -> float | None:
        """Seconds that are left; None where there is no end of them."""
        return None if self.seconds is None else max(self.started + self.seconds - time.monotonic(), 0.0)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let the time until the end of the block not count."""
        since = time.monotonic()
        try:
            yield
        finally:
            self.started += time.monotonic() - since

    @contextmanager
    def ends(self, doing: str) -> Iterator[None]:
        """End a block that nothing else would end in time; Stop where that comes to pass.

        What waits for an answer in the main thread is interrupted, whatever library it is in; elsewhere nothing is.
        """
        left = self.left
        if left is None or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, _raise_out_of_time)
        rest, interval = signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), AGAIN)
        try:
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except _OutOfTime:
            said = f"the time limit of {self.seconds:g} seconds was reached while {doing}: nothing was scanned"
            raise Stop(Exit.NO_TARGET, f"{said}. Try again with a longer --time-limit") from None
        finally:
            signal.setitimer(signal.ITIMER_REAL, rest, interval)
            signal.signal(signal.SIGALRM, before)


def _raise_out_of_time(signum: int, frame: object) -> None:
    raise _OutOfTime
