"""What a history need not keep for ever."""

from __future__ import annotations

from datetime import datetime

from scanner.history.shelf import micros
from scanner.history.store import Store

RESOLVED = "SELECT scope, id FROM results WHERE present = 0 AND state = 'resolved' AND resolved_at < ?"
STEPS = (
    "DELETE FROM results WHERE present = 0 AND state = 'resolved' AND at < ?",
    "DELETE FROM events WHERE at < ? AND NOT EXISTS "
    "(SELECT 1 FROM results r WHERE r.scope = events.scope AND r.id = events.id)",
)
OVERTAKEN = """
DELETE FROM events WHERE at < ? AND EXISTS (
  SELECT 1 FROM events later WHERE later.scope = events.scope AND later.id = events.id AND later.at < ?
  AND (later.at > events.at OR (later.at = events.at AND later.recording > events.recording))
)
"""
RECORDINGS = """
DELETE FROM recordings WHERE at < ?
AND NOT EXISTS (SELECT 1 FROM results r WHERE r.scope = recordings.scope AND r.recording = recordings.number)
AND at < (SELECT MAX(other.at) FROM recordings other WHERE other.scope = recordings.scope)
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
        _forget(store, number, at)
        store.commit()


def _forget(store: Store, scope: int, at: int) -> None:
    mine = "scope = ? AND "
    store.run(STEPS[0].replace("WHERE ", f"WHERE {mine}", 1), (scope, at))
    store.run(STEPS[1].replace("WHERE ", f"WHERE {mine}", 1), (scope, at))
    store.run(OVERTAKEN.replace("WHERE ", f"WHERE events.{mine}", 1), (scope, at, at))
    store.run(RECORDINGS.replace("WHERE ", f"WHERE {mine}", 1), (scope, at))
    for statement in ORPHANS:
        store.run(statement, (scope, scope))
