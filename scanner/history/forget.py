"""What a history need not keep for ever."""

from __future__ import annotations

from datetime import datetime

from scanner.history.error import HistoryError
from scanner.history.shelf import micros
from scanner.history.store import Store

GONE = "DELETE FROM results WHERE scope = ? AND present = 0 AND state = 'resolved' AND at < ?"
STEPS = """
DELETE FROM events WHERE scope = ? AND at < ?
AND NOT EXISTS (SELECT 1 FROM results r WHERE r.scope = events.scope AND r.id = events.id)
"""
OVERTAKEN = """
DELETE FROM events WHERE scope = ? AND at < ? AND EXISTS (
  SELECT 1 FROM events later WHERE later.scope = events.scope AND later.id = events.id AND later.at < ?
  AND (later.at > events.at OR (later.at = events.at AND later.recording > events.recording))
)
"""
RECORDINGS = """
DELETE FROM recordings WHERE scope = ? AND at < ? AND number NOT IN (SELECT recording FROM results WHERE scope = ?)
AND at < (SELECT MAX(other.at) FROM recordings other WHERE other.scope = ?)
"""
ORPHANS = (
    "DELETE FROM subjects WHERE scope = ? AND subject NOT IN (SELECT subject FROM results WHERE scope = ?)",
    "DELETE FROM sorts WHERE scope = ? AND sort NOT IN (SELECT sort FROM results WHERE scope = ?)",
)


def forget_before(store: Store, before: datetime) -> None:
    """Remove it scope by scope, so that nobody waits for long."""
    at = micros(before)
    for number, uid in store.rows("SELECT number, uid FROM scopes ORDER BY number"):
        store.begin(f"scope {uid}")
        try:
            _forget(store, number, at)
        except HistoryError:
            store.rollback()
            raise
        store.commit()


def _forget(store: Store, scope: int, at: int) -> None:
    store.run(GONE, (scope, at))
    store.run(STEPS, (scope, at))
    store.run(OVERTAKEN, (scope, at, at))
    store.run(RECORDINGS, (scope, at, scope, scope))
    for statement in ORPHANS:
        store.run(statement, (scope, scope))
