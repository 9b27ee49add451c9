"""Judge estates as they are completed: findings, who answers for them, what became of them, the record of the run."""

from __future__ import annotations

import itertools
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.check import Check, Severity
from scanner.collect import Collection
from scanner.evaluate import Cause, Evaluation, Tally
from scanner.facts import INCOMPLETE
from scanner.finding import Finding, State, Status
from scanner.history import Begin, HistoryError, Looked, Read
from scanner.model import Estate
from scanner.report import GapRecord, Report, Run, ScopeRecord, Spool, TypeCount
from scanner.responsibility.model import ResponsibilityModel

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.history import History, Recording

AT_ONCE = 1_000
"""Findings that go from hand to hand together."""


@dataclass(frozen=True, slots=True)
class Judging:
    """How estates are judged."""

    checks: Sequence[Check[Any]]
    model: ResponsibilityModel
    people: Accountability
    history: History | None = None
    statuses: frozenset[str] = frozenset()
    """Findings that are reported; all where empty. The history is told of all."""
    keep: bool = False
    """Keep the estates, for a snapshot."""
    over_time: bool = True
    """Whether reports tell the lifecycle of findings one by one."""


@dataclass(slots=True)
class Result:
    """A judged scan."""

    report: Report
    spool: Spool
    estates: list[Estate]
    failed: set[Severity]
    """Severities of failed findings."""
    failed_anew: set[Severity]
    """Severities of those that the history did not know to fail; none without a history."""
    internal: bool
    """Whether a check of ours failed in a way that has no name."""
    unrecorded: str
    """Why the history does not have all of it; empty where it does."""


@dataclass(slots=True)
class _Count:
    """What is added up while findings stream by."""

    statuses: Counter[Status] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    failed: set[Severity] = field(default_factory=set)
    failed_anew: set[Severity] = field(default_factory=set)
    scopes: list[ScopeRecord] = field(default_factory=list)
    inventory: list[TypeCount] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    vanished: int = 0
    defects: list[str] = field(default_factory=list)
    taken_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def add(self, finding: Finding) -> None:
        """Take one finding in."""
        self.statuses[finding.status] += 1
        if finding.status == "fail":
            self.failed.add(finding.severity)
            if finding.lifecycle is not None and finding.lifecycle.state in ("new", "reopened"):
                self.failed_anew.add(finding.severity)


class _Recorder:
    """The history while a scan is judged: a history that fails costs the scan nothing but what it would have told."""

    def __init__(self, history: History | None, scan: str) -> None:
        self._history = history
        self._scan = scan
        self.failure = ""

    def scope(self, evaluation: Evaluation, people: Accountability, count: _Count) -> Iterator[Finding]:
        """The findings of a scope, settled, and with what the history knows of them."""
        settled = map(people.settle, evaluation)
        if self._history is None or self.failure:
            yield from map(_dated, settled)
            return
        # All is judged before the first of it is recorded: a file of SQLite has one writer, and others wait for it.
        with closing(Spool()) as judged:
            for finding in settled:
                judged.append(finding)
            yield from self._recorded(self._history, evaluation, iter(judged), count)

    def _recorded(
        self, history: History, evaluation: Evaluation, judged: Iterator[Finding], count: _Count
    ) -> Iterator[Finding]:
        estate, tally = evaluation.estate, evaluation.tally
        begin = Begin(
            self._scan, estate.taken_at, _scope_record(estate, tally), tuple(check.id for check in evaluation.checks)
        )
        read = Read(
            complete=_complete(estate, tally),
            unlisted=frozenset(evaluation.unlisted),
            inventory=_inventory(estate),
            gaps=_gaps([tally]),
            looked=_looked(estate),
        )
        try:
            with history.scope(begin) as record:
                for batch in _batches(judged):
                    yield from self._added(record, batch)
                count.states.update(record.finish(read))
        except HistoryError as error:
            self.failure = f"the history does not have {estate.scope.account}: {error}"
            yield from map(_dated, judged)

    def _added(self, record: Recording, batch: list[Finding]) -> Iterator[Finding]:
        try:
            told = record.add(batch)
        except HistoryError:
            yield from map(_dated, batch)
            raise
        yield from told


def judge(judging: Judging, estates: Iterable[Estate] | Collection, calls: Callable[[], int], started: float) -> Result:
    """Judge estates as they are completed."""
    scan = f"scan-{uuid.uuid4()}"
    spool, count, kept = Spool(), _Count(), list[Estate]()
    recorder = _Recorder(judging.history, scan)
    for estate in estates:
        tally = Tally()
        evaluation = Evaluation(estate, judging.checks, judging.model, scan, tally)
        for finding in recorder.scope(evaluation, judging.people, count):
            count.add(finding)
            if not judging.statuses or finding.status in judging.statuses:
                spool.append(finding)
        count.tallies.append(tally)
        count.scopes.append(_scope_record(estate, tally))
        count.inventory += _inventory(estate)
        count.vanished, count.taken_at = count.vanished + estate.vanished, estate.taken_at
        count.defects += [*estate.defects, *tally.defects]
        if judging.keep:
            kept.append(estate)
    run = _run(judging, scan, count, calls(), started, (*judging.people.notices(), *filter(None, [recorder.failure])))
    report = Report(
        spool, run, {check.id: check for check in judging.checks}, judging.model, over_time=judging.over_time
    )
    internal = any(tally.defects for tally in count.tallies)
    return Result(report, spool, kept, count.failed, count.failed_anew, internal, recorder.failure)


def _run(judging: Judging, scan: str, count: _Count, calls: int, started: float, notices: tuple[str, ...]) -> Run:
    return Run(
        scan=scan,
        taken_at=count.taken_at,
        complete=all(scope.complete for scope in count.scopes),
        scopes=tuple(count.scopes),
        gaps=_gaps(count.tallies),
        calls=calls,
        seconds=round(time.monotonic() - started, 3),
        evaluated=sum(tally.evaluated for tally in count.tallies),
        asked=sum(tally.asked for tally in count.tallies),
        vanished=count.vanished,
        statuses=dict(count.statuses),
        defects=tuple(count.defects),
        checks=tuple(check.id for check in judging.checks),
        inventory=tuple(count.inventory),
        notices=notices,
        lifecycle=dict(count.states),
        version=version("ourside"),
    )


def _dated(finding: Finding) -> Finding:
    """Without a history, a failure is due counted from when it was judged, and nobody knows what became of it."""
    if finding.lifecycle is not None:
        finding = msgspec.structs.replace(finding, lifecycle=None)
    if finding.status != "fail" or finding.due_days is None or finding.last_seen is None:
        return finding
    return msgspec.structs.replace(finding, due=finding.last_seen.date() + timedelta(days=finding.due_days))


def _batches(findings: Iterator[Finding]) -> Iterator[list[Finding]]:
    while batch := list(itertools.islice(findings, AT_ONCE)):
        yield batch


def _inventory(estate: Estate) -> tuple[TypeCount, ...]:
    scope = estate.scope
    return tuple(
        TypeCount(scope.provider, scope.account, kind.type_id, len(resources))
        for kind, resources in estate.resources.items()
        if resources
    )


def _looked(estate: Estate) -> tuple[Looked, ...] | None:
    """What was looked for; None where that was all that there is."""
    if not estate.chosen:
        return None
    return tuple(
        Looked(kind.type_id, kind.kind, all(gap.why not in INCOMPLETE for gap in estate.gaps_of(kind)))
        for kind in estate.resources
    )


def _complete(estate: Estate, tally: Tally) -> bool:
    return tally.complete and not any(gap.unread.why in INCOMPLETE for gap in estate.gaps)


def _scope_record(estate: Estate, tally: Tally) -> ScopeRecord:
    scope, complete = estate.scope, _complete(estate, tally)
    return ScopeRecord(
        scope.uid,
        scope.regions,
        complete,
        scope.provider,
        scope.account,
        scope.name,
        scope.level,
        scope.restricted,
        scope.within,
    )


def _gaps(tallies: Sequence[Tally]) -> tuple[GapRecord, ...]:
    """All causes, those that left most unknown first."""
    joined: dict[GapRecord, int] = {}
    for tally in tallies:
        for cause, affects in tally.gaps.items():
            gap = _gap_record(cause)
            joined[gap] = joined.get(gap, 0) + affects
    records = [msgspec.structs.replace(gap, affects=affects) for gap, affects in joined.items()]
    return tuple(sorted(records, key=lambda gap: (-gap.affects, gap.call, gap.region, gap.kind, gap.why)))


def _gap_record(cause: Cause) -> GapRecord:
    unread = cause.unread
    return GapRecord(
        cause.provider, cause.account, cause.region, cause.kind, unread.call, unread.needs, unread.why, unread.detail, 0
    )
