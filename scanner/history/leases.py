"""Who sends to a sink: one at a time, until a time that it keeps putting off."""

from __future__ import annotations

from datetime import datetime

import msgspec

from scanner.history.shelf import micros, moment
from scanner.history.store import Store

TAKE = """
INSERT INTO couriers (sink, holder, until) VALUES (?, ?, ?)
ON CONFLICT (sink) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE couriers.holder = excluded.holder OR couriers.until <= ? OR couriers.holder = ?
"""


class Lease(msgspec.Struct, frozen=True):
    """That somebody alone sends to a sink."""

    sink: str
    holder: str
    until: datetime
    """When others may think that its holder is gone."""


class Leases:
    """The leases of a history. All its methods raise HistoryError where the database fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, wanted: Lease, now: datetime, instead_of: str = "") -> Lease:
        """Become the holder, or stay it for longer; the lease that there is then, which may be another's.

        `instead_of`: a holder that is known to be gone, whose time need not be waited for.
        """
        self._begin(wanted.sink)
        try:
            self._store.run(TAKE, (wanted.sink, wanted.holder, micros(wanted.until), micros(now), instead_of))
            (found,) = self._found(wanted.sink)
            self._store.commit()
        finally:
            self._store.rollback()
        return found

    def leave(self, sink: str, holder: str) -> None:
        """Let others send to a sink."""
        self._begin(sink)
        try:
            self._store.run("DELETE FROM couriers WHERE sink = ? AND holder = ?", (sink, holder))
            self._store.commit()
        finally:
            self._store.rollback()

    def all(self) -> dict[str, Lease]:
        """The leases by sink, also those that have run out."""
        return {lease.sink: lease for lease in self._found()}

    def _begin(self, sink: str) -> None:
        self._store.begin(f"courier {sink}")

    def _found(self, *sinks: str) -> list[Lease]:
        condition = " WHERE sink = ?" if sinks else ""
        rows = self._store.rows(f"SELECT sink, holder, until FROM couriers{condition}", sinks)  # noqa: S608
        return [Lease(sink, holder, moment(until)) for sink, holder, until in rows]
