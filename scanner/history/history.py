"""Findings over time, in a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from types import TracebackType

from scanner.finding import Finding
from scanner.history.changes import Change, changes_between, point_of
from scanner.history.counted import ScanRecord, posture_of_history, scans_of
from scanner.history.error import HistoryError
from scanner.history.forget import forget_before
from scanner.history.leases import Leases
from scanner.history.outbox import Outbox
from scanner.history.rebuild import Key, Rebuilder
from scanner.history.recording import Recording
from scanner.history.scanned import Begin
from scanner.history.schema import prepare
from scanner.history.store import Store
from scanner.history.trend import By, Trend, trend_of
from scanner.history.unlooked import Unlooked, unlooked_between
from scanner.history.wanted import Wanted
from scanner.posture import Posture

KEYS = """
SELECT r.scope, r.id FROM results r
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN responsibilities d ON d.responsibility = t.responsibility
"""
BY_PREFIX = """
SELECT s.number, r.id FROM scopes s JOIN results r ON r.scope = s.number AND r.id >= ? AND r.id < ?
ORDER BY r.last_seen DESC
"""
SHOWN = 5


class History:
    """Findings over time. All its methods raise HistoryError where the database fails."""

    def __init__(self, store: Store) -> None:
        self._store = store
        prepare(store)

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    @property
    def where(self) -> str:
        """Its address, without secrets."""
        return self._store.where

    @property
    def outbox(self) -> Outbox:
        """Events that wait for sinks."""
        return Outbox(self._store)

    @property
    def leases(self) -> Leases:
        """Who sends to which sink."""
        return Leases(self._store)

    def scope(self, begin: Begin) -> Recording:
        """Record a scope's results: a context that gives back what it wrote unless it is finished."""
        return Recording(self._store, begin)

    def posture(self) -> Posture:
        """Current results of all scopes, counted."""
        with self._store.steady():
            return posture_of_history(self._store)

    def findings(self, wanted: Wanted | None = None) -> Iterator[Finding]:
        """Findings as they now stand, the most severe first. Passed ones come without evidence, which is not kept."""
        condition, values = (wanted or Wanted()).condition()
        limit = f" LIMIT {int(wanted.limit)}" if wanted and wanted.limit is not None else ""
        keys: list[Key] = self._store.rows(
            f"{KEYS} WHERE {condition} ORDER BY t.severity, r.first_seen, r.id{limit}", values
        )
        return Rebuilder(self._store).of(keys)

    def find(self, prefix: str) -> Finding:
        """The one finding whose id begins so, with `f1:` or without."""
        begin = prefix if prefix.startswith("f1:") else f"f1:{prefix}"
        keys: dict[str, Key] = {}
        for scope, id in self._store.rows(BY_PREFIX, (begin, begin + "~")):  # noqa: A001  # the contract's word
            keys.setdefault(id, (scope, id))
        if len(keys) > 1:
            some = ", ".join(sorted(keys)[:SHOWN])
            raise HistoryError(
                f"{self.where}: {len(keys)} findings begin with {prefix!r}: {some}: write more of its id"
            )
        for finding in Rebuilder(self._store).of(list(keys.values())):
            return finding
        raise HistoryError(f"{self.where}: no finding begins with {prefix!r}: `ourside findings list` names them")

    def scans(self) -> tuple[ScanRecord, ...]:
        """All scans that were recorded, the oldest first."""
        with self._store.steady():
            return scans_of(self._store)

    def changes(self, since: str | datetime, until: str | datetime) -> Iterator[Change]:
        """What became of failures between two scans or times; a scan stands for the time when it was read."""
        return changes_between(self._store, since, until)

    def unlooked(self, since: str | datetime, until: str | datetime) -> tuple[Unlooked, ...]:
        """Failures of which `changes` says nothing, because nobody looked there between the two."""
        with self._store.steady():
            return unlooked_between(self._store, point_of(self._store, since), point_of(self._store, until))

    def trend(self, by: By, since: date, today: date) -> Trend:
        """How failures came and went since a day, by duty or by owner."""
        with self._store.steady():
            return trend_of(self._store, by, since, today)

    def forget(self, before: datetime) -> None:
        """Remove what was resolved, and steps that later ones have overtaken, from before a time.

        States at that time and later are known as before.
        """
        forget_before(self._store, before)
