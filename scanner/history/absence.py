"""A result that a scan did not meet again: mended, gone, or hidden from it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from scanner.finding import Status
from scanner.history.lifecycle import UNRESOLVED, is_event
from scanner.history.scanned import Reach
from scanner.history.schema import COLUMNS_OF_R, Event, Row
from scanner.history.sorts import Sorts
from scanner.history.store import Store

UNMET = f"""
WITH r AS MATERIALIZED (
  SELECT * FROM results
  WHERE scope = ? AND recording <> ? AND at <= ? AND (present = 1 OR state IS NULL OR state <> 'resolved')
)
SELECT t.rule, s.region, t.severity, t.status, {COLUMNS_OF_R}
FROM r
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN subjects s ON s.scope = r.scope AND s.subject = r.subject
"""  # noqa: S608  # our own names alone


class Place(msgspec.Struct, frozen=True):
    """Where a result is looked for, and how severe it would be."""

    check: str
    region: str
    severity: int
    status: Status


class Absence:
    """What becomes of results that a recording did not meet."""

    def __init__(self, sorts: Sorts, number: int) -> None:
        self._sorts = sorts
        self._number = number

    def unmet(self, store: Store, scope: int, at: int) -> Iterator[tuple[Place, Row]]:
        """Each that is not known to be gone."""
        for check, region, severity, status, *columns in store.rows(UNMET, (scope, self._number, at)):
            yield Place(check, region, severity, status), Row(*columns)

    def of(self, row: Row, place: Place, reach: Reach, at: int) -> tuple[Row | None, Event | None]:
        """The row as a reading leaves it that would have met it, and the step; None where nothing is left to know.

        What never failed is forgotten once all was listed; while that is not so, it only does not count any more.
        """
        listed = reach.lists_all(place.check, place.region)
        if row.state is None and listed:
            return None, None
        if row.state not in UNRESOLVED:
            return replace(row, recording=self._number, at=at, present=0), None
        if listed:
            left = replace(
                row,
                sort=self._sorts.turned(row.sort, "not-applicable"),
                recording=self._number,
                at=at,
                present=0,
                state="resolved",
                resolved_at=at,
                due_days=None,
                due=None,
                document=None,
            )
        else:
            left = replace(
                row,
                sort=self._sorts.turned(row.sort, "unknown", ("stale",)),
                recording=self._number,
                at=at,
                state="unknowable",
            )
        return left, self._event(row, left, place.severity)

    def _event(self, row: Row, left: Row, severity: int) -> Event | None:
        if left.state is None or not is_event(row.state, left.state, changed=False):
            return None
        status = "not-applicable" if left.state == "resolved" else "unknown"
        return Event(row.scope, row.id, left.at, self._number, row.state, left.state, status, severity, row.opened)
