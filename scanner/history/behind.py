"""What failures were before the look that made them what they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanner.finding import Finding, State
from scanner.history.schema import Row
from scanner.history.store import Store

HIDDEN = """
SELECT p.id, e.before FROM picked p LEFT JOIN events e ON e.scope = ? AND e.id = p.id AND e.state = 'unknowable'
ORDER BY e.at, e.recording
"""


class Behind:
    """Of one scope."""

    def __init__(self, store: Store, scope: int, steps: Mapping[str, State | None]) -> None:
        """`steps`: what failures were of which that is known already."""
        self._store = store
        self._scope = scope
        self._steps = dict(steps)
        self._hidden: dict[str, State | None] = {}

    def step(self, id: str, before: State | None) -> None:  # noqa: A002  # the contract's word
        """A failure has just become something else."""
        self._steps[id] = before

    def look(self, rows: Iterable[Row]) -> None:
        """Find out about failures of which nothing could be known lately, at most AT_ONCE of them."""
        ids = [row.id for row in rows if "unknowable" in (row.state, self._steps.get(row.id))]
        if ids:
            self._hidden.update(self._store.rows_of(ids, HIDDEN, (self._scope,)))

    def of(self, finding: Finding, step: State | None = None) -> State | None:
        """What it was before this look; None where that made it nothing else. `step`: as the step itself has it.

        Where nothing was known of it for a while, its exception may have ended meanwhile.
        """
        before = step or self._steps.get(finding.id)
        ended = before == "unknowable" and finding.status == "fail" and self._hidden.get(finding.id) == "excepted"
        return "excepted" if ended else before
