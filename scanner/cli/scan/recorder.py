"""Findings of a scan on their way through the history, and into the outbox of sinks."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec

from scanner.check import Severity
from scanner.cli.scan.judging import Judging
from scanner.cli.scan.records import gaps_of, inventory_of, looked_of, scope_record_of
from scanner.evaluate import Evaluation, Tally
from scanner.finding import Finding, State, Status, came_to
from scanner.history import Begin, HistoryError, Read
from scanner.model import Estate
from scanner.report import ScopeRecord, Spool, TypeCount
from scanner.report.event import ScopeRead

if TYPE_CHECKING:
    from scanner.cli.deliver.posting import Posting
    from scanner.history import History, Recording

AT_ONCE = 1_000
"""Findings that go from hand to hand together."""


@dataclass(slots=True)
class Count:
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
    untold: list[str] = field(default_factory=list)
    """Events that could not be made as they should be."""
    taken_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    gone: Spool = field(default_factory=Spool)

    def add(self, finding: Finding) -> None:
        """Take one finding in."""
        self.statuses[finding.status] += 1
        if finding.status == "fail":
            self.failed.add(finding.severity)
            if came_to(finding) in ("new", "reopened"):
                self.failed_anew.add(finding.severity)


class Recorder:
    """The history while a scan is judged: a history that fails costs the scan nothing but what it would have told."""

    def __init__(self, judging: Judging, scan: str, count: Count) -> None:
        self._judging = judging
        self._history = judging.history
        self._scan = scan
        self._count = count
        self.posting: Posting | None = None
        if judging.routes:
            from scanner.cli.deliver.posting import Posting

            self.posting = Posting(
                judging.routes, judging.checks, judging.model, version("ourside"), count.untold.append
            )
        self.failure = ""
        self._older = Counter[datetime]()
        """Results that the history has newer ones of, by when the newest of their scope were read."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader of the report has to know of the history."""
        older = [_older_words(self._older, datetime.now(UTC))] if self._older else []
        return tuple(filter(None, [self.failure, *older]))

    def scope(self, evaluation: Evaluation) -> Iterator[Finding]:
        """The findings of a scope, settled, and with what the history knows of them."""
        settled = map(self._judging.people.settle, evaluation)
        failed = 0
        if self._history is None or self.failure:
            for finding in map(_dated, settled):
                failed += finding.status == "fail"
                yield finding
            self._count.scopes.append(scope_record_of(evaluation, failed))
            return
        # All is judged before the first of it is recorded: a file of SQLite has one writer, and others wait for it.
        with closing(Spool()) as judged:
            for finding in settled:
                failed += finding.status == "fail"
                judged.append(finding)
            record = scope_record_of(evaluation, failed)
            self._count.scopes.append(record)
            yield from self._recorded(self._history, evaluation, record, iter(judged))

    def _recorded(
        self, history: History, evaluation: Evaluation, scope: ScopeRecord, judged: Iterator[Finding]
    ) -> Iterator[Finding]:
        estate, tally = evaluation.estate, evaluation.tally
        checks = tuple(check.id for check in evaluation.checks)
        begin = Begin(self._scan, estate.taken_at, scope, checks, self._judging.again(estate))
        read = Read(
            complete=scope.complete,
            unlisted=frozenset(evaluation.unlisted),
            inventory=inventory_of(estate),
            gaps=gaps_of([tally]),
            looked=looked_of(estate),
        )
        try:
            with history.scope(begin) as record:
                if self.posting is not None:
                    self.posting.begin(scope)
                for batch in _batches(judged):
                    yield from self._added(record, batch)
                gone = record.settle(read)
                if self.posting is not None:
                    record.post(self.posting.about(itertools.chain(gone, record.answered)))
                    record.post(self.posting.scope(_scope_read(begin, read, estate, tally)))
                self._count.states.update(record.finish(read))
                if record.newest is not None and record.overtaken:
                    self._older[record.newest] += len(record.overtaken)
        except HistoryError as error:
            self.failure = f"the history does not have {estate.scope.account}: {error}"
            yield from map(_dated, judged)
        else:
            # Who asks for what changed asks for failures; events tell also that a question is no longer open.
            for finding in gone if self._judging.only else itertools.chain(gone, record.answered):
                self._count.gone.append(finding)

    def _added(self, record: Recording, batch: list[Finding]) -> Iterator[Finding]:
        try:
            told = record.add(batch)
            if self.posting is not None:
                # What a newer reading has overtaken is no news.
                record.post(self.posting.about(each for each in told if each.id not in record.overtaken))
        except HistoryError:
            yield from map(_dated, batch)
            raise
        yield from told


def _older_words(older: Counter[datetime], now: datetime) -> str:
    """That what a scan read is no news to the history: it is old, or a clock was ahead once."""
    count, newest = older.total(), max(older)
    ahead = ", which has not come yet: see to the clock of whoever recorded that" if newest > now else ""
    return (
        f"the history has newer readings, the last of {newest:%Y-%m-%d %H:%M:%SZ}{ahead}: "
        f"{count:,} result{'s' * (count != 1)} of this scan changed nothing there, and no sink is told of them"
    )


def _scope_read(begin: Begin, read: Read, estate: Estate, tally: Tally) -> ScopeRead:
    """What sinks are told of a scope: what the history is told."""
    return ScopeRead(
        scan=begin.scan,
        taken_at=begin.taken_at,
        record=begin.scope,
        gaps=read.gaps,
        resources=sum(each.resources for each in read.inventory),
        defects=(*estate.defects, *tally.defects),
        checks=begin.checks,
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
