"""Events on their way to sinks: written down together with what they tell, and removed when they have arrived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec

from scanner.history.shelf import long_key_of, micros, moment, packed, plain, unpacked
from scanner.history.store import Store
from scanner.history.writing import Writing

POSTED = Writing(
    "outbox", ("sink", "uid", "subject", "body", "octets", "at", "due", "attempts"), ("sink", "uid"), "keep"
)
ARRIVED = Writing("outbox", ("sink", "uid"), ("sink", "uid"), "remove")
DELAYED = Writing("outbox", ("attempts", "due", "why", "sink", "uid"), ("sink", "uid"), "change")
REFUSED = Writing("outbox", ("refused", "why", "sink", "uid"), ("sink", "uid"), "change")
DUE = """
o.sink = ? AND o.refused = 0 AND o.number > ? AND o.due <= ? AND NOT EXISTS (
  SELECT 1 FROM outbox e WHERE e.sink = o.sink AND e.subject = o.subject AND e.refused = 0 AND e.number < o.number
)
"""
AT_ANY_TIME = 0
"""When an event is due that was never tried: whose clock is behind the one that posted it sends it all the same."""
FIRST_DUE = f"SELECT MIN(CASE WHEN o.due > o.at THEN o.due ELSE o.at END) FROM outbox o WHERE {DUE}"  # noqa: S608  # our own words
SIZES = f"SELECT o.number, o.octets FROM outbox o WHERE {DUE} ORDER BY o.number LIMIT ?"  # noqa: S608
WAITING = f"""
SELECT o.number, o.uid, o.subject, o.octets, CASE WHEN o.octets <= ? THEN o.body END, o.attempts FROM outbox o
WHERE {DUE} AND o.number <= ? ORDER BY o.number LIMIT ?
"""  # noqa: S608
STANDING = """
SELECT sink, SUM(1 - refused), SUM(refused), SUM(octets), MIN(CASE WHEN refused = 0 THEN at END)
FROM outbox GROUP BY sink ORDER BY sink
"""
REASONS = """
SELECT refused, why, COUNT(*), MIN(uid) FROM outbox WHERE sink = ? AND why IS NOT NULL
GROUP BY refused, why ORDER BY COUNT(*) DESC, why LIMIT ?
"""
RETRIED = "UPDATE outbox SET refused = 0, due = ?, attempts = 0 WHERE sink = ? AND (refused = 1 OR due > ?)"
AT_ONCE = 1_000
"""Events that are written together, unless they are large."""
FOR_EVER = 2**62
LONGEST = 500
"""Characters of a uid or a key: an index of PostgreSQL takes a third of a page, 2,704 octets.
https://www.postgresql.org/docs/current/btree.html"""
OCTETS_AT_ONCE = 4_000_000


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
    octets: int
    """Of its body."""
    body: bytes
    """Empty where it is larger than was asked for."""
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


class Reasons(msgspec.Struct, frozen=True):
    """Why events were refused or delayed."""

    refused: bool
    why: str
    count: int
    example: str
    """The uid of one of them."""


class Room(msgspec.Struct, frozen=True):
    """How much is wanted at once."""

    items: int
    octets: int
    """Of all bodies, and what stands around them; a single one may be larger."""
    largest: int
    """Octets of one body: a larger one is told of without it."""
    around: int = 0
    """Octets that stand around each."""

    def of_size(self, octets: int) -> int:
        """What a body of a size takes up."""
        return octets + self.around if octets <= self.largest else 0


def post(store: Store, outgoing: Iterable[Outgoing], at: datetime) -> int:
    """Write events down, in a change that was begun; how many. One that waits already is not written twice."""
    now, count, size = micros(at), 0, 0
    rows: list[tuple[object, ...]] = []
    for each in outgoing:
        body = each.body.encode()
        rows.append((each.sink, _short(each.uid), _short(each.key), packed(body), len(body), now, AT_ANY_TIME, 0))
        count, size = count + 1, size + len(body)
        if len(rows) == AT_ONCE or size >= OCTETS_AT_ONCE:
            store.write(POSTED, rows)
            rows, size = [], 0
    if rows:
        store.write(POSTED, rows)
    return count


class Outbox:
    """Events that wait, by sink. All its methods raise HistoryError where the database fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self, sink: str, now: datetime, after: int, room: Room) -> list[Waiting]:
        """Events that are due, in order, no two of one key, and none while an earlier one of its key waits.

        `after`: only those with a higher number, which lets a pass over many of which some are delayed end.
        """
        due = (sink, after, micros(now))
        with self._store.steady():
            # Bodies are read when it is known how many of them there is room for: each may be large.
            last, count = _fitting(self._store.rows(SIZES, (*due, room.items)), room)
            found = self._store.rows(WAITING, (room.largest, *due, last, count)) if count else []
        return [
            Waiting(number, uid, key, octets, b"" if body is None else unpacked(body), tries)
            for number, uid, key, octets, body, tries in found
        ]

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
        with self._change(sink):
            self._store.write(ARRIVED, [(sink, uid) for uid in arrived])
            self._store.write(
                DELAYED, [(each.attempts, micros(each.until), plain(each.why), sink, each.uid) for each in delayed]
            )
            self._store.write(REFUSED, [(1, plain(why), sink, uid) for uid, why in refused])

    def standing(self) -> tuple[Standing, ...]:
        """How much waits, for each sink that something waits for."""
        with self._store.steady():
            rows = self._store.rows(STANDING)
        return tuple(
            Standing(sink, int(waiting), int(refused), int(octets), _time(oldest))
            for sink, waiting, refused, octets, oldest in rows
        )

    def due(self, sink: str) -> datetime | None:
        """When the next event of a sink may be tried; None where none waits."""
        ((first,),) = self._store.rows(FIRST_DUE, (sink, 0, FOR_EVER))
        return _time(first)

    def reasons(self, sink: str, most: int) -> tuple[Reasons, ...]:
        """Why events of a sink were refused or delayed, the most frequent first."""
        rows = self._store.rows(REASONS, (sink, most))
        return tuple(Reasons(bool(refused), why, count, uid) for refused, why, count, uid in rows)

    def retry(self, sink: str, now: datetime) -> None:
        """Try all at the next occasion, also what was refused, as if for the first time.

        Events of the same keys that came after what was refused may have arrived: it follows them now.
        """
        with self._change(sink):
            self._store.run(RETRIED, (micros(now), sink, micros(now)))

    def drop(self, sink: str, *, refused: bool) -> None:
        """Give events of a sink up, which will then never arrive: those that were refused, or all."""
        condition = " AND refused = 1" if refused else ""
        with self._change(sink):
            self._store.run(f"DELETE FROM outbox WHERE sink = ?{condition}", (sink,))  # noqa: S608  # no value in it

    @contextmanager
    def _change(self, sink: str) -> Iterator[None]:
        """Changes of a sink's events wait for each other: none sees half of another."""
        self._store.begin(f"outbox {sink}")
        try:
            yield
            self._store.commit()
        finally:
            self._store.rollback()


def _fitting(sizes: Sequence[tuple[int, int]], room: Room) -> tuple[int, int]:
    """The last number that there is room for, and how many there are up to it."""
    last, count, filled = 0, 0, 0
    for number, octets in sizes:
        filled += room.of_size(octets)
        if count and filled > room.octets:
            break
        last, count = number, count + 1
    return last, count


def _short(text: str) -> str:
    """A text that an index takes whole, equal for equal texts."""
    kept = plain(text)
    return kept if len(kept) <= LONGEST else f"{kept[: LONGEST - 33]} {long_key_of(kept.encode()).hex()}"


def _time(number: int | None) -> datetime | None:
    return None if number is None else moment(number)
