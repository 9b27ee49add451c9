"""Findings as they were, from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from scanner.facts import Unread
from scanner.finding import Finding, Subject
from scanner.history.judged import lifecycle_of
from scanner.history.schema import COLUMNS_OF_R, Row
from scanner.history.shelf import Document, moment, unpacked
from scanner.history.sorts import SORT
from scanner.history.store import AT_ONCE, Store
from scanner.responsibility.attribution import Responsibility

Key = tuple[int, str]
"""Scope and id of a result."""
NOT_LISTED = Unread("stale", detail="it failed when it was last judged, and could not be listed since")
PARTS = f"""
SELECT t.body, s.body, t.responsibility, g.scan, o.body, {COLUMNS_OF_R}
FROM picked p
JOIN results r ON r.scope = ? AND r.id = p.id
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN subjects s ON s.scope = r.scope AND s.subject = r.subject
JOIN recordings g ON g.number = r.recording
LEFT JOIN documents o ON o.scope = r.scope AND o.id = r.id
"""  # noqa: S608  # our own names alone


class Rebuilder:
    """Findings from their rows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._subjects = msgspec.json.Decoder(Subject)
        self._documents = msgspec.json.Decoder(Document)
        self._responsibility_of = msgspec.json.Decoder(Responsibility)
        self._responsibilities: dict[int, Responsibility] = {}

    def of(self, keys: Sequence[Key]) -> Iterator[Finding]:
        """The findings of these keys, in their order; those that are gone meanwhile are left out."""
        return (finding for _, finding in self.with_keys(keys))

    def with_keys(self, keys: Sequence[Key]) -> Iterator[tuple[Key, Finding]]:
        """The same, each with its key."""
        for start in range(0, len(keys), AT_ONCE):
            part = keys[start : start + AT_ONCE]
            found: dict[Key, Finding] = {}
            for scope in dict.fromkeys(scope for scope, _ in part):
                ids = [key[1] for key in part if key[0] == scope]
                for sort, subject, responsibility, scan, document, *row in self._store.rows_of(ids, PARTS, (scope,)):
                    finding = self._finding(sort, subject, responsibility, scan, document, Row(*row))
                    found[scope, finding.id] = finding
            yield from ((key, found[key]) for key in part if key in found)

    def _finding(
        self, sort_body: bytes, subject: bytes, responsibility: int, scan: str, body: bytes | None, row: Row
    ) -> Finding:
        sort = SORT.decode(sort_body)
        document = self._documents.decode(unpacked(body)) if body is not None else Document()
        unread = document.unread
        if row.state == "unknowable" and not unread:
            unread = (NOT_LISTED,)
        return Finding(
            id=row.id,
            check=sort.check,
            status=sort.status,
            severity=sort.severity,
            resource=self._subjects.decode(unpacked(subject)),
            reasons=document.reasons,
            witness=next((reason.witness for reason in document.reasons if reason.witness), None),
            unread=unread,
            needs=tuple(sorted({permission for gap in unread for permission in gap.needs})),
            responsibility=self.responsibility(responsibility),
            evidence=document.evidence,
            mitigated_by=document.mitigated_by,
            first_seen=moment(row.first_seen),
            last_seen=moment(row.last_seen),
            scan=scan,
            exception=document.exception if sort.status == "excepted" else None,
            lifecycle=lifecycle_of(row),
            due_days=row.due_days,
            due=None if row.due is None else date.fromordinal(row.due),
            notices=document.notices,
        )

    def responsibility(self, key: int) -> Responsibility:
        """A responsibility; each is read once."""
        if key not in self._responsibilities:
            ((body,),) = self._store.rows("SELECT body FROM responsibilities WHERE responsibility = ?", (key,))
            self._responsibilities[key] = self._responsibility_of.decode(unpacked(body))
        return self._responsibilities[key]
