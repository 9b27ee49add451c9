"""Events on their way to sinks: written down together with what they tell, and removed when they have arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from scanner.history.shelf import micros, moment, packed, plain, unpacked
from scanner.history.store import Store
from scanner.history.writing import Writing

POSTED = Writing(
    "outbox", ("sink", "uid", "subject", "body", "octets", "at", "due", "attempts"), ("sink", "uid"), "keep"
)
ARRIVED = Writing("outbox", ("sink", "uid"), ("sink", "uid"), "remove")
DELAYED = Writing("outbox", ("attempts", "due", "why", "sink", "uid"), ("sink", "uid"), "change")
REFUSED = Writing("outbox", ("refused", "why", "sink", "uid"), ("sink", "uid"), "change")
WAITING = """
SELECT o.number, o.uid, o.subject, o.body, o.attempts FROM outbox o
WHERE o.sink = ? AND o.refused = 0 AND o.number > ? AND o.due <= ? AND NOT EXISTS (
  SELECT 1 FROM outbox e WHERE e.sink = o.sink AND e.subject = o.subject AND e.refused = 0 AND e.number < o.number
)
ORDER BY o.number LIMIT ?
"""
STANDING = """
SELECT sink, SUM(1 - refused), SUM(refused), SUM(octets), MIN(CASE WHEN refused = 0 THEN at END),
  MIN(CASE WHEN refused = 0 THEN due END)
FROM outbox GROUP BY sink ORDER BY sink
"""
REASONS = """
SELECT refused, why, COUNT(*), MIN(uid) FROM outbox WHERE sink = ? AND why IS NOT NULL
GROUP BY refused, why ORDER BY COUNT(*) DESC, why
"""
TAKE = """
INSERT INTO couriers (sink, holder, until) VALUES (?, ?, ?)
ON CONFLICT (sink) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE couriers.holder = excluded.holder OR couriers.until <= ? OR couriers.holder = ?
"""


class Outgoing(msgspec.Struct, frozen=True):
    """An event for a sink."""

    sink: str
    """Its name."""
    uid: str
    key: str
    """Events of one key go to a sink in the order in which they were posted."""
    body: str


class Waiting(msgspec.Struct, frozen=True):
    """An event that may be sent now."""

    number: int
    uid: str
    key: str
    body: bytes
    attempts: int
    """How often it was tried."""


class Delayed(msgspec.Struct, frozen=True):
    """An event that was not taken for now."""

    uid: str
    why: str
    until: datetime
    """When it may be tried again."""
    attempts: int
    """How often it was tried."""


class Standing(msgspec.Struct, frozen=True):
    """How much waits for a sink."""

    sink: str
    waiting: int
    refused: int
    """Events that the sink will not take as they are: kept until somebody says what becomes of them."""
    octets: int
    """Of all bodies, before they are compressed."""
    oldest: datetime | None
    """Since when the oldest waits."""
    due: datetime | None
    """When the next may be tried."""


class Reasons(msgspec.Struct, frozen=True):
    """Why events were refused or delayed."""

    refused: bool
    why: str
    count: int
    example: str
    """The uid of one of them."""


def post(store: Store, outgoing: Iterable[Outgoing], at: datetime) -> None:
    """Write events down, in a change that was begun. One that waits already is not written twice."""
    now = micros(at)
    rows = [
        (each.sink, each.uid, plain(each.key), packed(body), len(body), now, now, 0)
        for each in outgoing
        for body in [each.body.encode()]
    ]
    if rows:
        store.write(POSTED, rows)


class Outbox:
    """Events that wait, by sink. All its methods raise HistoryError where the database fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self, sink: str, now: datetime, after: int, items: int) -> list[Waiting]:
        """Events that are due, in order, no two of one key, and none while an earlier one of its key waits.

        `after`: only those with a higher number, which lets a pass over many of which some are delayed end.
        """
        found = self._store.rows(WAITING, (sink, after, micros(now), items))
        return [Waiting(number, uid, key, unpacked(body), tries) for number, uid, key, body, tries in found]

    def settle(
        self,
        sink: str,
        *,
        arrived: Sequence[str] = (),
        delayed: Sequence[Delayed] = (),
        refused: Sequence[tuple[str, str]] = (),
    ) -> None:
        """What became of events, by their uids, all in one change. `refused`: and why.

        Not by their numbers, which may be given again: who was thought gone, and reports late, removes nothing new.
        """
        self._store.begin(f"outbox {sink}")
        try:
            self._store.write(ARRIVED, [(sink, uid) for uid in arrived])
            self._store.write(
                DELAYED, [(each.attempts, micros(each.until), plain(each.why), sink, each.uid) for each in delayed]
            )
            self._store.write(REFUSED, [(1, plain(why), sink, uid) for uid, why in refused])
            self._store.commit()
        finally:
            self._store.rollback()

    def take(self, sink: str, holder: str, now: datetime, until: datetime, instead_of: str = "") -> str:
        """Become the one who sends to a sink until then, or stay it; the name of who is.

        `instead_of`: a holder that is known to be gone, whose time need not be waited for.
        """
        self._store.begin(f"outbox {sink}")
        try:
            self._store.run(TAKE, (sink, holder, micros(until), micros(now), instead_of))
            self._store.commit()
        finally:
            self._store.rollback()
        ((found,),) = self._store.rows("SELECT holder FROM couriers WHERE sink = ?", (sink,))
        return str(found)

    def leave(self, sink: str, holder: str) -> None:
        """Let others send to a sink."""
        self._store.run("DELETE FROM couriers WHERE sink = ? AND holder = ?", (sink, holder))

    def standing(self) -> tuple[Standing, ...]:
        """How much waits, for each sink that something waits for."""
        with self._store.steady():
            rows = self._store.rows(STANDING)
        return tuple(
            Standing(sink, int(waiting), int(refused), int(octets), _time(oldest), _time(due))
            for sink, waiting, refused, octets, oldest, due in rows
        )

    def reasons(self, sink: str) -> tuple[Reasons, ...]:
        """Why events of a sink were refused or delayed, the most frequent first."""
        return tuple(Reasons(bool(refused), why, n, uid) for refused, why, n, uid in self._store.rows(REASONS, (sink,)))

    def retry(self, sink: str, now: datetime) -> None:
        """Try all at the next occasion, also what was refused."""
        self._store.run("UPDATE outbox SET refused = 0, due = ? WHERE sink = ?", (micros(now), sink))

    def drop(self, sink: str, *, refused: bool) -> None:
        """Give events of a sink up, which will then never arrive: those that were refused, or all."""
        condition = " AND refused = 1" if refused else ""
        self._store.run(f"DELETE FROM outbox WHERE sink = ?{condition}", (sink,))  # noqa: S608  # no value in it


def _time(number: int | None) -> datetime | None:
    return None if number is None else moment(number)
