"""What a file of findings can tell of the past: a part of a scan does not tell what else failed then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.finding import Finding
from scanner.history.changes import Change
from scanner.history.lifecycle import FAILS
from scanner.record import Run


class Past:
    """The first of two scans that are compared, as far as its file tells."""

    def __init__(self, run: Run) -> None:
        self._untold = sum(run.statuses.get(status, 0) for status in FAILS)
        self._ran = frozenset(run.checks)
        self.left_out = 0
        """Failures of the second scan that may have failed before."""

    def watch(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Its findings, while it counts the failures that are missing."""
        for finding in findings:
            self._untold -= finding.status in FAILS
            yield finding

    def known(self, changes: Iterable[Change]) -> Iterator[Change]:
        """The changes without failures of which nobody knows whether they are new; those are counted."""
        for change in changes:
            if change.before is None and not self._tells_of(change.finding.check):
                self.left_out += 1
            else:
                yield change

    def _tells_of(self, check: str) -> bool:
        return self._untold <= 0 and (not self._ran or check in self._ran)
