"""The tables of a history, and their version."""

from __future__ import annotations

import msgspec

from scanner.finding import State
from scanner.history.error import HistoryError
from scanner.history.store import Store

VERSION = 2

TABLES = """
CREATE TABLE ourside_schema (version INTEGER NOT NULL);
CREATE TABLE scopes (
  number {serial}, uid TEXT NOT NULL UNIQUE, at {number} NOT NULL, record {blob}, inventory {blob}, gaps {blob}
);
CREATE TABLE recordings (
  number {serial}, scan {exact} NOT NULL, scope {number} NOT NULL, at {number} NOT NULL, complete INTEGER NOT NULL,
  reach {number} NOT NULL, counts {blob} NOT NULL
);
CREATE INDEX recordings_by_scope ON recordings (scope, at);
CREATE TABLE reaches (reach {number} PRIMARY KEY, body {blob} NOT NULL);
CREATE TABLE responsibilities (
  responsibility {number} PRIMARY KEY, duty TEXT NOT NULL, owner TEXT, body {blob} NOT NULL
);
CREATE TABLE sorts (
  scope {number} NOT NULL, sort {number} NOT NULL, provider TEXT NOT NULL, account TEXT NOT NULL, type TEXT NOT NULL,
  rule TEXT NOT NULL, severity INTEGER NOT NULL, status TEXT NOT NULL, why TEXT NOT NULL,
  responsibility {number} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (scope, sort)
) {clustered};
CREATE TABLE subjects (
  scope {number} NOT NULL, subject {blob} NOT NULL, region TEXT NOT NULL, body {blob} NOT NULL,
  PRIMARY KEY (scope, subject)
) {clustered};
CREATE TABLE results (
  scope {number} NOT NULL, id {exact} NOT NULL, sort {number} NOT NULL, subject {blob} NOT NULL,
  recording {number} NOT NULL, at {number} NOT NULL, first_seen {number} NOT NULL, last_seen {number} NOT NULL,
  present INTEGER NOT NULL, state TEXT, reasons {number}, opened {number}, due_days INTEGER, due INTEGER,
  reopened INTEGER NOT NULL, resolved_at {number}, introduced_at {number}, introduced_by {blob}, document {number},
  PRIMARY KEY (scope, id)
) {clustered};
CREATE TABLE documents (
  scope {number} NOT NULL, id {exact} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (scope, id)
);
CREATE TABLE events (
  scope {number} NOT NULL, id {exact} NOT NULL, at {number} NOT NULL, recording {number} NOT NULL, before TEXT,
  state TEXT NOT NULL, status TEXT NOT NULL, severity INTEGER NOT NULL, opened {number}
);
CREATE INDEX events_by_result ON events (scope, id);
CREATE INDEX events_by_time ON events (at)
"""
OUTBOX = """
CREATE TABLE outbox (
  number {serial}, sink {exact} NOT NULL, uid {exact} NOT NULL, subject {exact} NOT NULL, body {blob} NOT NULL,
  octets INTEGER NOT NULL, at {number} NOT NULL, due {number} NOT NULL, attempts INTEGER NOT NULL,
  refused INTEGER NOT NULL DEFAULT 0, why TEXT
);
CREATE UNIQUE INDEX outbox_once ON outbox (sink, uid);
CREATE INDEX outbox_by_subject ON outbox (sink, subject, refused, number);
CREATE INDEX outbox_in_order ON outbox (sink, refused, number, due, octets, at);
CREATE TABLE couriers (sink {exact} PRIMARY KEY, holder TEXT NOT NULL, until {number} NOT NULL)
"""
UPGRADES = {1: OUTBOX}
"""What makes the next version of one."""


class Row(msgspec.Struct, frozen=True):
    """A result as it is known: a row of `results`, in the order of its columns."""

    scope: int
    id: str
    sort: int
    """What it counts among: its group in a posture."""
    subject: bytes
    recording: int
    """The last that decided it."""
    at: int
    """When that was read."""
    first_seen: int
    """Of a result that once failed: when it first did."""
    last_seen: int
    present: int
    """0 for what is gone."""
    state: State | None
    reasons: int | None
    """What it failed for when it last failed."""
    opened: int | None
    due_days: int | None
    due: int | None
    reopened: int
    resolved_at: int | None
    introduced_at: int | None
    introduced_by: bytes | None
    document: int | None


class Event(msgspec.Struct, frozen=True):
    """A step of a failure: a row of `events`."""

    scope: int
    id: str
    at: int
    recording: int
    before: State | None
    state: State
    status: str
    severity: int
    opened: int | None
    """Since when it was unresolved."""


COLUMNS = Row.__struct_fields__
"""Of results."""
COLUMNS_OF_R = ", ".join(f"r.{column}" for column in COLUMNS)


def prepare(store: Store) -> None:
    """Make the tables where there are none; refuse those that we do not know."""
    if "ourside_schema" not in store.tables():
        store.begin("ourside_schema")
        if "ourside_schema" not in store.tables():
            _make(store)
        store.commit()
    version = _version(store)
    if version in UPGRADES:
        version = _upgrade(store)
    if version > VERSION:
        raise HistoryError(
            f"{store.where}: the history was written by a newer ourside (schema {version}, this one knows {VERSION}): "
            "install that version, or name another history"
        )
    if version < VERSION:
        raise HistoryError(f"{store.where}: the history says no version: name another one, or restore it from a backup")


def _make(store: Store) -> None:
    if store.is_foreign():
        store.rollback()
        raise HistoryError(f"{store.where}: this is a database of something else: name another history")
    _run(store, TABLES)
    _run(store, OUTBOX)
    store.run("INSERT INTO ourside_schema (version) VALUES (?)", (VERSION,))


def _upgrade(store: Store) -> int:
    """Make an older history one of ours; another process may be doing the same."""
    store.begin("ourside_schema")
    try:
        version = _version(store)
        while version in UPGRADES:
            _run(store, UPGRADES[version])
            version += 1
            store.run("UPDATE ourside_schema SET version = ?", (version,))
        store.commit()
    finally:
        store.rollback()
    return version


def _version(store: Store) -> int:
    return max((int(row[0]) for row in store.rows("SELECT version FROM ourside_schema")), default=0)


def _run(store: Store, statements: str) -> None:
    words = msgspec.structs.asdict(store.dialect)
    for statement in statements.split(";"):
        store.run(statement.format(**words))
