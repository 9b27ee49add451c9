"""Taking a reading back: the same scan has read the scope once more, because it was ended early and has gone on."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from scanner.finding import State
from scanner.history.schema import Event, Row
from scanner.history.store import Store
from scanner.history.writing import Writing

EVENT = len(Event.__struct_fields__)
KEY = ("scope", "id")
STEPS = """
SELECT e.scope, e.id, e.at, e.recording, e.before, e.state, e.status, e.severity, e.opened,
  r.present, r.resolved_at, r.reopened, r.reasons
FROM results r JOIN events e ON e.scope = r.scope AND e.id = r.id AND e.recording = r.recording
WHERE r.scope = ? AND r.recording = ? AND r.state = e.state AND r.at < ?
"""
BACK = Writing("results", ("state", "present", "resolved_at", "reopened", "reasons", *KEY), KEY, "change")
UNDONE = Writing("events", (*KEY, "recording"), (*KEY, "recording"), "remove")
EARLIER = "SELECT number FROM recordings WHERE scan = ? AND scope = ? AND at < ?"
PASSED_ON = "UPDATE results SET recording = ? WHERE scope = ? AND recording = ?"


class Step(msgspec.Struct, frozen=True):
    """What an earlier reading made of a failure."""

    event: Event
    present: int
    resolved_at: int | None
    reopened: int
    reasons: int | None

    def taken(self, row: Row) -> Row:
        """A row that was taken back, as it was before that."""
        return replace(
            row,
            state=self.event.state,
            present=self.present,
            resolved_at=self.resolved_at,
            reopened=self.reopened,
            reasons=self.reasons,
        )

    @property
    def back(self) -> tuple[object, ...]:
        """The row without the step."""
        before, state = self.event.before, self.event.state
        return (
            *(before, 1, None, self.reopened - (before == "resolved"), None if state == "changed" else self.reasons),
            *(self.event.scope, self.event.id),
        )


class TakenBack:
    """Earlier readings of a scope by the same scan. What became of failures is told as if they had not been.

    Otherwise what they called new would stand by now, though nobody was told of it in a report that is whole. Results
    that another scan has recorded since, or that newer readings have overtaken, stay as those left them. What failures
    were like before is not kept: one that changed meanwhile is a change in the end, too.

    Sinks may have been told meanwhile. So a step that the new reading does not take as well has been made: what was
    new, and is gone by now, was resolved.
    """

    def __init__(self, store: Store, scan: str, scope: int, at: int) -> None:
        self._store = store
        self._scope = scope
        self._at = at
        self._numbers = [number for (number,) in store.rows(EARLIER, (scan, scope, at))]
        self._steps: dict[str, Step] = {}
        for number in self._numbers:
            self._take_back(number)

    def _take_back(self, number: int) -> None:
        steps = [
            Step(Event(*columns[:EVENT]), *columns[EVENT:])
            for columns in self._store.rows(STEPS, (self._scope, number, self._at))
        ]
        if steps:
            self._store.write(BACK, [step.back for step in steps])
            self._store.write(UNDONE, [(self._scope, step.event.id, number) for step in steps])
            self._steps.update((step.event.id, step) for step in steps)

    def made(self, row: Row, came_to: State | None) -> Step | None:
        """The step that was taken back of a row, where the new reading comes to something else.

        That nothing could be known was no news of what is known now.
        """
        step = self._steps.pop(row.id, None)
        return None if step is None or step.event.state in (came_to, "unknowable") else step

    def forget(self, instead: int) -> None:
        """Forget them, once all has been recorded anew; what nobody met again is left to the recording `instead`."""
        for number in self._numbers:
            self._store.run(PASSED_ON, (instead, self._scope, number))
            self._store.run("DELETE FROM recordings WHERE number = ?", (number,))
