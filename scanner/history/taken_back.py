"""Taking a reading back: the same scan has read the scope once more, because it was ended early and has gone on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.finding import State
from scanner.history.store import Store
from scanner.history.writing import Writing

KEY = ("scope", "id")
STEPS = """
SELECT r.id, e.before, e.state, r.reopened, r.reasons FROM results r
JOIN events e ON e.scope = r.scope AND e.id = r.id AND e.recording = r.recording
WHERE r.scope = ? AND r.recording = ? AND r.state = e.state
"""
BACK = Writing("results", ("state", "present", "resolved_at", "reopened", "reasons", *KEY), KEY, "change")
UNDONE = Writing("events", (*KEY, "recording"), (*KEY, "recording"), "remove")
EARLIER = "SELECT number FROM recordings WHERE scan = ? AND scope = ? AND at < ?"
PASSED_ON = "UPDATE results SET recording = ? WHERE scope = ? AND recording = ?"


class TakenBack:
    """Earlier readings of a scope by the same scan. What became of failures is told as if they had not been.

    Otherwise what they called new would stand by now, though nobody was told of it in a report that is whole. Results
    that another scan has recorded since stay as that left them. What failures were like before is not kept: one that
    changed meanwhile is a change in the end, too.
    """

    def __init__(self, store: Store, scan: str, scope: int, at: int) -> None:
        self._store = store
        self._scope = scope
        self._numbers = [number for (number,) in store.rows(EARLIER, (scan, scope, at))]
        for number in self._numbers:
            self._take_back(number)

    def _take_back(self, number: int) -> None:
        steps = self._store.rows(STEPS, (self._scope, number))
        if steps:
            self._store.write(BACK, list(self._rows(steps)))
            self._store.write(UNDONE, [(self._scope, step[0], number) for step in steps])

    def _rows(self, steps: Sequence[tuple[str, State | None, State, int, int | None]]) -> Iterator[tuple[object, ...]]:
        for id, before, state, reopened, reasons in steps:  # noqa: A001
            yield (
                *(before, 1, None, reopened - (before == "resolved"), None if state == "changed" else reasons),
                *(self._scope, id),
            )

    def forget(self, instead: int) -> None:
        """Forget them, once all has been recorded anew; what nobody met again is left to the recording `instead`."""
        for number in self._numbers:
            self._store.run(PASSED_ON, (instead, self._scope, number))
            self._store.run("DELETE FROM recordings WHERE number = ?", (number,))
