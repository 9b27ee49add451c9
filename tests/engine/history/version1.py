"""A history as the first version of its tables had it, written out so that it stays what it was."""

from __future__ import annotations

import msgspec

from scanner.history.address import _store

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
CREATE INDEX events_by_time ON events (at);
INSERT INTO ourside_schema (version) VALUES (1)
"""


def begin(url: str) -> None:
    """Make such a history, with nothing in it."""
    store = _store(url)
    words = msgspec.structs.asdict(store.dialect)
    for statement in TABLES.split(";"):
        store.run(statement.format(**words))
    store.close()
