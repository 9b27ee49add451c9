"""What the history knows of all that was scanned, counted by equal answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from scanner.finding import State
from scanner.history.error import HistoryError
from scanner.history.rebuild import Rebuilder
from scanner.history.shelf import MICROSECOND, moment, unpacked
from scanner.history.sorts import SORT
from scanner.history.store import Store
from scanner.posture import Counted, Group, OlderReading, Posture
from scanner.record import GapRecord, ScopeRecord, TypeCount

COUNTS = """
SELECT t.body, t.responsibility, c.results
FROM (SELECT scope, sort, COUNT(*) AS results FROM results WHERE present = 1 GROUP BY scope, sort) c
JOIN sorts t ON t.scope = c.scope AND t.sort = c.sort
ORDER BY t.scope, t.rule, t.type, t.status, t.sort
"""
SCANS = """
SELECT g.scan, g.at, g.complete, g.counts, s.record
FROM recordings g JOIN scopes s ON s.number = g.scope ORDER BY g.at, g.number
"""
OLDER = """
SELECT at, record FROM scopes
WHERE record IS NOT NULL AND number NOT IN (SELECT scope FROM recordings WHERE scan = ?) AND (at < ? OR number IN (
    SELECT scope FROM recordings WHERE scan IN (
        SELECT scan FROM recordings WHERE scope IN (SELECT scope FROM recordings WHERE scan = ?))))
ORDER BY at, uid
"""
"""Scopes that were once scanned together with those of the newest scan; and any that was not read for some days.

Where each account has a scan of its own, no newest scan has the others, and that alone is no news.
"""
STALE = timedelta(days=2)
INVENTORY = msgspec.json.Decoder(tuple[TypeCount, ...])
GAPS = msgspec.json.Decoder(tuple[GapRecord, ...])


class ScanRecord(msgspec.Struct, frozen=True):
    """A scan that was recorded."""

    scan: str
    taken_at: datetime
    """When the newest of it was read."""
    scopes: tuple[ScopeRecord, ...]
    complete: bool
    lifecycle: Mapping[State, int]


def posture_of_history(store: Store) -> Posture:
    """Current results of all scopes; of each, types and gaps as they were last looked at."""
    rebuilder = Rebuilder(store)
    scopes = store.rows("SELECT at, record, inventory, gaps FROM scopes WHERE record IS NOT NULL ORDER BY uid")
    if not scopes:
        raise HistoryError(f"{store.where}: nothing was recorded yet: scan first, with this history")
    counted = []
    for body, responsibility, results in store.rows(COUNTS):
        sort = SORT.decode(body)
        group = Group(**msgspec.structs.asdict(sort), responsibility=rebuilder.responsibility(responsibility))
        counted.append(Counted(group, results))
    return Posture(
        counted=tuple(counted),
        scopes=tuple(msgspec.json.decode(unpacked(record), type=ScopeRecord) for _, record, _, _ in scopes),
        inventory=tuple(
            each for _, _, body, _ in scopes for each in INVENTORY.decode(unpacked(body)) if each.resources
        ),
        gaps=tuple(each for _, _, _, body in scopes for each in GAPS.decode(unpacked(body))),
        taken_at=moment(max(at for at, _, _, _ in scopes)),
        origin=f"the history in {store.where}",
        older=tuple(_older(store)),
    )


def _older(store: Store) -> Iterator[OlderReading]:
    """Scopes that the newest scan should have looked at, and did not."""
    for newest, last in store.rows("SELECT scan, at FROM recordings ORDER BY at DESC, number DESC LIMIT 1"):
        for at, record in store.rows(OLDER, (newest, last - STALE // MICROSECOND, newest)):
            yield OlderReading(msgspec.json.decode(unpacked(record), type=ScopeRecord), moment(at))


def scans_of(store: Store) -> tuple[ScanRecord, ...]:
    """All scans, the oldest first."""
    found: dict[str, ScanRecord] = {}
    for scan, at, complete, counts, record in store.rows(SCANS):
        scope = msgspec.json.decode(unpacked(record), type=ScopeRecord)
        told = msgspec.json.decode(counts, type=dict[State, int])
        earlier = found.get(scan)
        sums = dict(earlier.lifecycle) if earlier else {}
        for state, count in told.items():
            sums[state] = sums.get(state, 0) + count
        found[scan] = ScanRecord(
            scan,
            moment(at),
            (*(earlier.scopes if earlier else ()), scope),
            bool(complete) and (earlier is None or earlier.complete),
            sums,
        )
    return tuple(sorted(found.values(), key=lambda each: each.taken_at))
