"""What became of failures between two scans that are whole files rather than in a history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scanner.finding import Finding, State
from scanner.history.changes import Change
from scanner.history.lifecycle import FAILS, next_state
from scanner.history.scanned import Reach
from scanner.history.shelf import reason_texts, reasons_key
from scanner.history.unlooked import Left, Missed
from scanner.record import Run


def compare(before: Iterable[Finding], after: Iterable[Finding], run: Run, left: Left) -> Iterator[Change]:
    """Failures whose state is another in `after`, of which `run` is the record, in the order of its findings.

    What failed before and is not there any more is resolved only where its scope was read again by the same check and
    wholly; where that is not known, it is unknowable; what was not looked at again is told to `left`.
    """
    failed = {finding.id: finding for finding in before if finding.status in FAILS}
    seen = _Seen(run)
    for finding in after:
        seen.add(finding)
        past = failed.pop(finding.id, None)
        was: State | None = None if past is None else "excepted" if past.status == "excepted" else "standing"
        state = next_state(was, finding.status, changed=past is not None and _fails_otherwise(past, finding))
        if state is not None and state != was:
            yield Change(was, state, finding)
    for past in failed.values():
        missed = seen.missed(past)
        if missed is not None:
            left.add(*missed)
        else:
            yield Change("excepted" if past.status == "excepted" else "standing", seen.state_of_absent(past), past)


def _fails_otherwise(past: Finding, now: Finding) -> bool:
    """Whether a failure is another. One that only lacks reasons while something could not be read is the same."""
    if past.severity != now.severity:
        return True
    if now.unread and set(reason_texts(now)) <= set(reason_texts(past)):
        return False
    return reasons_key(past) != reasons_key(now)


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

    def missed(self, past: Finding) -> tuple[Missed, str] | None:
        """What the scan would have had to look at to tell of a failure; None where it did look."""
        account, region = past.resource.account, past.resource.region
        if account not in self._scopes:
            return "scope", f"{past.resource.provider} {account}"
        if past.check not in self._ran:
            return "check", past.check
        return None if self._reach(account).meets(past.check, region) else ("region", region)

    def state_of_absent(self, past: Finding) -> State:
        """What became of a failure that the scan does not tell of though it looked."""
        whole = dict(self._statuses) == {status: count for status, count in self._run.statuses.items() if count}
        listed = self._reach(past.resource.account).lists_all(past.check, past.resource.region)
        return "resolved" if whole and listed else "unknowable"

    def _reach(self, account: str) -> Reach:
        scope = self._scopes[account]
        unlisted = frozenset((check, where) for each, check, where in self._unlisted if each == account)
        return Reach(self._ran, frozenset(("global", *scope.regions)) if scope.restricted else None, unlisted)
