"""What became of failures between two scans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from scanner.finding import Finding, State
from scanner.history.error import HistoryError
from scanner.history.lifecycle import settled
from scanner.history.rebuild import Key, Rebuilder
from scanner.history.shelf import micros, plain
from scanner.history.store import Store

STEPS = """
SELECT scope, id, before, state FROM events
WHERE (at > ? OR (at = ? AND recording > ?)) AND (at < ? OR (at = ? AND recording <= ?))
ORDER BY at, recording
"""
ALL = 2**62
"""After every recording."""
Point = tuple[int, int]
"""A time and the last recording that lies before it."""


class Change(msgspec.Struct, frozen=True):
    """A failure that is not as it was."""

    before: State | None
    """None: it was not known to fail."""
    state: State
    finding: Finding
    """As it stands now, which may be later than both scans."""


def changes_between(store: Store, since: str | datetime, until: str | datetime) -> Iterator[Change]:
    """Failures whose state at one point is not what it was at the other."""
    (at, last), (end, end_last) = point_of(store, since), point_of(store, until)
    steps: dict[Key, list[tuple[State | None, State]]] = {}
    for scope, id, before, state in store.rows(STEPS, (at, at, last, end, end, end_last)):  # noqa: A001
        steps.setdefault((scope, id), []).append((before, state))
    changed = {key: word for key, path in steps.items() if (word := _joined(path)) is not None}
    for key, finding in Rebuilder(store).with_keys(list(changed)):
        yield Change(*changed[key], finding)


def _joined(path: list[tuple[State | None, State]]) -> tuple[State | None, State] | None:
    """Several steps as one; None where they lead nowhere."""
    before, after = settled(path[0][0]), path[-1][1]
    fails = after not in ("resolved", "excepted", "unknowable")
    if fails and before is None:
        return before, "new"
    if fails and before == "resolved":
        return before, "reopened"
    if fails and any(state == "reopened" for _, state in path):
        return before, "reopened"
    if fails and any(state == "changed" for _, state in path):
        return before, "changed"
    return None if before == after else (before, after)


def point_of(store: Store, point: str | datetime) -> Point:
    """Where a scan or a time lies among the recordings."""
    if isinstance(point, datetime):
        return micros(point), ALL
    ((at, number),) = store.rows("SELECT MAX(at), MAX(number) FROM recordings WHERE scan = ?", (plain(point),))
    if at is None:
        raise HistoryError(f"{store.where}: no scan {point!r} was recorded: `ourside findings scans` names them")
    return at, number
