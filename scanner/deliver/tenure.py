"""Being the one who sends to a sink, for as long as the sending takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType

from scanner.deliver.clock import Clock
from scanner.deliver.holder import Holder
from scanner.history import History, HistoryError, Lease, Leases

LASTS = timedelta(seconds=60)
"""How long others wait for one of whom nothing is heard and nobody can say that it is gone."""
EVERY = 20.0
"""Seconds after which a lease is put off, also while a sink takes its time."""
PATIENCE = 5.0
"""Seconds that the end waits for a lease that is just being put off."""


class Tenure:
    """A lease that is kept up until the block ends. Its owner calls from one thread."""

    def __init__(
        self, sink: str, leases: Leases, opened: Callable[[], History], clock: Clock, every: float = EVERY
    ) -> None:
        """`opened`: the same history once more, for another thread."""
        self._sink, self._leases, self._opened, self._clock, self._every = sink, leases, opened, clock, every
        self._me = Holder.here()
        self._until: datetime | None = None
        self._other = ""
        self._ended = threading.Event()
        self._keeper: threading.Thread | None = None

    def __enter__(self) -> Tenure:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._keeper is not None:
            self._keeper.join(PATIENCE)
        if self._until is not None and not self._other:
            # Where it cannot be given back, others wait until its time is over.
            with suppress(HistoryError):
                self._leases.leave(self._sink, self._me.written)

    @property
    def other(self) -> str:
        """Who else sends, in words; empty while it is we."""
        holder = Holder.read(self._other)
        return str(holder) if holder else self._other

    def holds(self) -> bool:
        """Whether it is we who send, or can become it; asked before each batch. HistoryError where nobody knows."""
        if self._until is None or (not self._other and self._clock.now() >= self._until):
            self._take(self._leases)
            if not self._other and (self._keeper is None or not self._keeper.is_alive()):
                self._keeper = threading.Thread(target=self._keep, name=f"lease of {self._sink}", daemon=True)
                self._keeper.start()
        return not self._other

    def again(self) -> bool:
        """Try once more to become it."""
        self._until, self._other = None, ""
        return self.holds()

    def _take(self, leases: Leases) -> None:
        now = self._clock.now()
        wanted = Lease(self._sink, self._me.written, now + LASTS)
        found = leases.take(wanted, now)
        if found.holder != wanted.holder and _is_gone(found.holder):
            found = leases.take(wanted, now, instead_of=found.holder)
        if found.holder == wanted.holder:
            self._until = found.until
        else:
            self._other = found.holder

    def _keep(self) -> None:
        while not self._ended.wait(self._every):
            if self._other:
                return
            # Where it cannot be put off now, it is tried again before its time is over.
            with suppress(HistoryError), self._opened() as history:
                self._take(history.leases)


def _is_gone(holder: str) -> bool:
    known = Holder.read(holder)
    return known is not None and known.is_gone()
