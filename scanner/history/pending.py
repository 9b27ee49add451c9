"""Changes to results that wait to be written together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import astuple, replace

from scanner.history.schema import COLUMNS, Event, Row
from scanner.history.store import Store
from scanner.history.writing import Writing

KEY = ("scope", "id")
FORGET = Writing("results", KEY, KEY, "remove")
FORGET_DOCUMENT = Writing("documents", KEY, KEY, "remove")
SEEN_AGAIN = Writing("results", ("recording", "at", "last_seen", *KEY), KEY, "change")
WRITE = Writing("results", COLUMNS, KEY, "replace")
WRITE_DOCUMENT = Writing("documents", (*KEY, "body"), KEY, "replace")
WRITE_EVENT = Writing("events", Event.__struct_fields__)


@dataclass(slots=True)
class Pending:
    """Rows by id, so that the last word counts."""

    rows: dict[str, Row] = field(default_factory=dict)
    again: list[Sequence[object]] = field(default_factory=list)
    """Rows of which nothing changed but when they were seen: most of them, in most scans."""
    gone: dict[str, Row] = field(default_factory=dict)
    documents: dict[str, Sequence[object]] = field(default_factory=dict)
    undocumented: list[Sequence[object]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def put(self, row: Row, past: Row | None, event: Event | None) -> None:
        """Write a row where `past` was, and a step."""
        if event is not None:
            self.events.append(event)
        if past is not None and past.document is not None and row.document is None:
            self.documents.pop(row.id, None)
            self.undocumented.append((row.scope, row.id))
        seen = (row.recording, row.at, row.last_seen)
        if past is not None and row.id not in self.rows and row == _seen(past, seen):
            self.again.append((*seen, row.scope, row.id))
        else:
            self.rows[row.id] = row

    def drop(self, row: Row) -> None:
        """Forget a row, also one that was only put."""
        self.rows.pop(row.id, None)
        self.documents.pop(row.id, None)
        self.gone[row.id] = row

    def write(self, store: Store) -> None:
        """Write all."""
        keys = [(row.scope, row.id) for row in self.gone.values()]
        for writing, rows in (
            (FORGET, keys),
            (FORGET_DOCUMENT, [*keys, *self.undocumented]),
            (SEEN_AGAIN, self.again),
            (WRITE, [astuple(row) for row in self.rows.values()]),
            (WRITE_DOCUMENT, list(self.documents.values())),
            (WRITE_EVENT, [astuple(event) for event in self.events]),
        ):
            if rows:
                store.write(writing, rows)


def _seen(past: Row, seen: tuple[int, int, int]) -> Row:
    recording, at, last_seen = seen
    return replace(past, recording=recording, at=at, last_seen=last_seen)
