"""How failures come and go: by day, by duty or by owner."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Literal

import msgspec

from scanner.finding import State
from scanner.history.lifecycle import OPEN
from scanner.history.shelf import EPOCH, MICROSECOND, micros
from scanner.history.store import Store

By = Literal["duty", "owner"]
DAY = timedelta(days=1) // MICROSECOND
STEPS = """
SELECT d.{by}, e.at / {day}, e.before, e.state, COUNT(*)
FROM events e
JOIN results r ON r.scope = e.scope AND r.id = e.id
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN responsibilities d ON d.responsibility = t.responsibility
GROUP BY 1, 2, 3, 4
"""
DURATIONS = """
SELECT d.{by}, e.at - e.opened
FROM events e
JOIN results r ON r.scope = e.scope AND r.id = e.id
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN responsibilities d ON d.responsibility = t.responsibility
WHERE e.state = 'resolved' AND e.at >= ?
"""
LAGS = """
SELECT d.{by}, r.opened - r.introduced_at
FROM results r
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN responsibilities d ON d.responsibility = t.responsibility
WHERE r.introduced_at IS NOT NULL AND r.opened >= ?
"""
OVERDUE = """
SELECT d.{by}, COUNT(*)
FROM results r
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN responsibilities d ON d.responsibility = t.responsibility
WHERE r.due < ? AND r.state IN ('new', 'standing', 'changed', 'reopened')
GROUP BY 1
"""


class Day(msgspec.Struct, frozen=True):
    """A day on which something was scanned."""

    day: date
    open: int
    """Failures at its end: those that can no longer be known among them, accepted ones not."""
    opened: int
    """New, or back."""
    resolved: int


class TrendRow(msgspec.Struct, frozen=True, kw_only=True):
    """Failures of one duty or owner."""

    name: str | None
    """None: those that nobody answers for."""
    days: tuple[Day, ...]
    open: int
    opened: int
    resolved: int
    overdue: int
    """Those whose day has passed."""
    resolution: timedelta | None
    """The median time from being seen to being resolved, of what was resolved; None where nothing was."""
    lag: timedelta | None
    """The median time from being made to being seen, of what was opened and an audit log tells of."""


class Trend(msgspec.Struct, frozen=True):
    """Failures since a day. Each counts with who answers for it now."""

    by: By
    since: date
    days: tuple[date, ...]
    """Days since then on which something was scanned."""
    rows: tuple[TrendRow, ...]
    """By name; what nobody answers for first."""


def trend_of(store: Store, by: By, since: date, today: date) -> Trend:
    """Add the steps up."""
    start = micros(datetime.combine(since, time(), UTC))
    scanned = store.rows(f"SELECT DISTINCT at / {DAY} FROM recordings WHERE at >= ? ORDER BY 1", (start,))  # noqa: S608
    days = tuple(day for (day,) in scanned)
    steps: dict[str | None, list[tuple[int, State | None, State, int]]] = defaultdict(list)
    for name, *step in store.rows(STEPS.format(by=by, day=DAY)):
        steps[name].append(tuple(step))
    resolutions = _medians(store, DURATIONS.format(by=by), start)
    lags = _medians(store, LAGS.format(by=by), start)
    overdue = dict(store.rows(OVERDUE.format(by=by), (today.toordinal(),)))
    rows = []
    for name in sorted(steps, key=lambda name: (name is not None, name or "")):
        told = _days(steps[name], days)
        rows.append(
            TrendRow(
                name=name,
                days=told,
                open=sum(_delta(before, state) * count for _, before, state, count in steps[name]),
                opened=sum(day.opened for day in told),
                resolved=sum(day.resolved for day in told),
                overdue=overdue.get(name, 0),
                resolution=resolutions.get(name),
                lag=lags.get(name),
            )
        )
    return Trend(by, since, tuple(map(_date, days)), tuple(rows))


def _days(steps: list[tuple[int, State | None, State, int]], days: tuple[int, ...]) -> tuple[Day, ...]:
    deltas, opened, resolved = Counter[int](), Counter[int](), Counter[int]()
    for day, before, state, count in steps:
        deltas[day] += _delta(before, state) * count
        opened[day] += count if state in ("new", "reopened") else 0
        resolved[day] += count if state == "resolved" else 0
    return tuple(
        Day(_date(day), sum(delta for other, delta in deltas.items() if other <= day), opened[day], resolved[day])
        for day in days
    )


def _delta(before: State | None, state: State) -> int:
    return (state in OPEN) - (before in OPEN)


def _medians(store: Store, statement: str, start: int) -> dict[str | None, timedelta]:
    values: dict[str | None, list[int]] = defaultdict(list)
    for name, value in store.rows(statement, (start,)):
        values[name].append(value)
    return {name: round(median(each)) * MICROSECOND for name, each in values.items()}


def _date(day: int) -> date:
    return (EPOCH + timedelta(days=day)).date()
