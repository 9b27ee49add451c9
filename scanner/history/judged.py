"""A result that was met: what is known of it from now on."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import msgspec

from scanner.finding import Finding, Lifecycle, State
from scanner.history.lifecycle import FAILS, UNRESOLVED, is_event, next_state, opens
from scanner.history.schema import Event, Row
from scanner.history.shelf import RANK, day_after, encoded, micros, moment, reasons_key

_TEXT = msgspec.json.Decoder(str)


class Look(msgspec.Struct, frozen=True):
    """One recording's look at the results of a scope."""

    scope: int
    number: int
    at: int

    def judged(
        self, finding: Finding, past: Row | None, sort: int, subject: bytes, document: int | None
    ) -> tuple[Row, Event | None]:
        """A result as it stands now, and the step that brought it there."""
        before, fails = past.state if past else None, finding.status in FAILS
        if not fails and before is None:
            first = past.first_seen if past else self.at
            return self._harmless(finding.id, sort, subject, document, first), None
        reasons = reasons_key(finding) if fails else past.reasons if past else None
        changed = past is not None and fails and before in UNRESOLVED and reasons != past.reasons
        state = next_state(before, finding.status, changed=changed)
        opening = opens(before, finding.status)
        opened = self.at if opening or past is None else past.opened
        due_days = finding.due_days if fails else past.due_days if past and state == "unknowable" else None
        introduced = self._introduced(finding, None if opening else past, opened)
        row = Row(
            scope=self.scope,
            id=finding.id,
            sort=sort,
            subject=subject,
            recording=self.number,
            at=self.at,
            first_seen=self.at if past is None or before is None else past.first_seen,
            last_seen=self.at,
            present=1,
            state=state,
            reasons=reasons,
            opened=opened,
            due_days=due_days,
            due=day_after(opened, due_days) if due_days is not None and opened is not None else None,
            reopened=(past.reopened if past else 0) + (before == "resolved" and opening),
            resolved_at=self._resolved_at(past, state),
            introduced_at=introduced[0],
            introduced_by=introduced[1],
            document=document,
        )
        step = Event(
            self.scope, row.id, self.at, self.number, before, state, finding.status, RANK[finding.severity], opened
        ) if state and is_event(before, state, changed=changed) else None  # fmt: skip
        return row, step

    def _harmless(self, id: str, sort: int, subject: bytes, document: int | None, first: int) -> Row:  # noqa: A002
        """A result that never failed."""
        at = self.at
        return Row(
            self.scope, id, sort, subject, self.number, at, first, at, 1,
            None, None, None, None, None, 0, None, None, None, document,
        )  # fmt: skip

    def _resolved_at(self, past: Row | None, state: State | None) -> int | None:
        if state != "resolved":
            return None
        return past.resolved_at if past and past.state == "resolved" else self.at

    @staticmethod
    def _introduced(finding: Finding, past: Row | None, opened: int | None) -> tuple[int | None, bytes | None]:
        """What an audit log told before, else what it tells now of a change that is older than the failure.

        A later change made nothing that was seen to fail already.
        """
        if past is not None and past.introduced_at is not None:
            return past.introduced_at, past.introduced_by
        now = finding.lifecycle
        if now is None or now.introduced_at is None or (opened is not None and micros(now.introduced_at) > opened):
            return None, None
        return micros(now.introduced_at), None if now.introduced_by is None else encoded(now.introduced_by)


def told(finding: Finding, row: Row, before: State | None = None) -> Finding:
    """A finding with what the history knows of it; `before`: its state before a step that was just taken."""
    if row.state is None:
        return msgspec.structs.replace(finding, first_seen=_moment(row.first_seen), last_seen=_moment(row.last_seen))
    return msgspec.structs.replace(
        finding,
        first_seen=_moment(row.first_seen),
        last_seen=_moment(row.last_seen),
        lifecycle=lifecycle_of(row, before),
        due_days=row.due_days,
        due=None if row.due is None else date.fromordinal(row.due),
    )


def lifecycle_of(row: Row, before: State | None = None) -> Lifecycle | None:
    """What became of a failure; None of what never failed."""
    if row.state is None:
        return None
    return Lifecycle(
        row.state,
        None if row.introduced_at is None else _moment(row.introduced_at),
        None if row.introduced_by is None else _TEXT.decode(row.introduced_by),
        row.reopened,
        None if row.resolved_at is None else _moment(row.resolved_at),
        before,
    )


@lru_cache(maxsize=4096)
def _moment(number: int) -> datetime:
    return moment(number)
