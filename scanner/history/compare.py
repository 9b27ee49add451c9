"""What became of failures between two scans that are whole files rather than in a history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scanner.finding import Finding, State
from scanner.history.changes import Change
from scanner.history.lifecycle import FAILS, next_state
from scanner.history.scanned import Reach
from scanner.history.shelf import reasons_key
from scanner.record import Run


def compare(before: Iterable[Finding], after: Iterable[Finding], run: Run) -> Iterator[Change]:
    """Failures whose state is another in `after`, of which `run` is the record, in the order of its findings.

    What failed before and is not there any more is resolved only where its scope was read again by the same check and
    wholly; where that is not known, it is unknowable; what was not looked at again is left out.
    """
    failed = {finding.id: finding for finding in before if finding.status in FAILS}
    seen = _Seen(run)
    for finding in after:
        seen.add(finding)
        past = failed.pop(finding.id, None)
        was: State | None = None if past is None else "excepted" if past.status == "excepted" else "standing"
        other = past is not None and (past.severity != finding.severity or reasons_key(past) != reasons_key(finding))
        state = next_state(was, finding.status, changed=other)
        if state is not None and state != was:
            yield Change(was, state, finding)
    for past in failed.values():
        gone = seen.state_of_absent(past)
        if gone is not None:
            yield Change("excepted" if past.status == "excepted" else "standing", gone, past)


class _Seen:
    """What a scan looked at, as far as its report tells."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._scopes = {scope.account: scope for scope in run.scopes}
        self._unlisted: set[tuple[str, str, str]] = set()
        self._statuses: Counter[str] = Counter()
        self._ran = frozenset(run.checks)

    def add(self, finding: Finding) -> None:
        """A result of it."""
        subject = finding.resource
        self._statuses[finding.status] += 1
        scope = self._scopes.get(subject.account)
        if scope is not None and subject.uid == scope.uid and finding.status == "unknown":
            # A listing that was refused stands on the scope itself.
            self._unlisted.add((subject.account, finding.check, subject.region))

    def state_of_absent(self, past: Finding) -> State | None:
        """What became of a failure that the scan does not tell of; None where it did not look."""
        account, region = past.resource.account, past.resource.region
        scope = self._scopes.get(account)
        if scope is None:
            return None
        unlisted = frozenset((check, where) for each, check, where in self._unlisted if each == account)
        regions = frozenset(("global", *scope.regions)) if scope.restricted else None
        reach = Reach(self._ran, regions, unlisted)
        if not reach.meets(past.check, region):
            return None
        whole = dict(self._statuses) == {status: count for status, count in self._run.statuses.items() if count}
        return "resolved" if whole and reach.lists_all(past.check, region) else "unknowable"
