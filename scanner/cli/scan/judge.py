"""Judge estates as they are completed: findings, who answers for them, what became of them, the record of the run."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version

from scanner.check import Severity
from scanner.cli.scan.backdrop import against_backdrop
from scanner.cli.scan.judging import Judging
from scanner.cli.scan.recorder import Count, Recorder
from scanner.cli.scan.records import gaps_of, inventory_of
from scanner.collect import Collection
from scanner.evaluate import Evaluation, Tally
from scanner.model import Estate
from scanner.report import Report, Run, Spool


@dataclass(slots=True)
class Result:
    """A judged scan."""

    report: Report
    spool: Spool
    gone: Spool
    """Failures that were resolved because their resources are gone; the report tells of them."""
    estates: list[Estate]
    failed: set[Severity]
    """Severities of failed findings."""
    failed_anew: set[Severity]
    """Severities of those that the history did not know to fail; none without a history."""
    internal: bool
    """Whether a check of ours failed in a way that has no name."""
    unrecorded: str
    """Why the history does not have all of it; empty where it does."""


def judge(judging: Judging, estates: Iterable[Estate] | Collection, calls: Callable[[], int], started: float) -> Result:
    """Judge estates as they are completed."""
    scan = judging.scan or f"scan-{uuid.uuid4()}"
    spool, count, kept = Spool(), Count(), list[Estate]()
    recorder = Recorder(judging, scan, count)
    for estate in estates:
        tally = Tally()
        evaluation = Evaluation(estate, judging.checks, judging.model, scan, tally)
        for finding in recorder.scope(evaluation):
            count.add(finding)
            if judging.reports(finding):
                spool.append(finding)
        judging.judged(estate, tally)
        count.tallies.append(tally)
        count.inventory += inventory_of(estate)
        count.vanished, count.taken_at = count.vanished + estate.vanished, estate.taken_at
        count.defects += [*estate.defects, *tally.defects]
        if judging.keep:
            kept.append(estate)
    run = _run(judging, scan, count, calls(), started, (*judging.people.notices(), *recorder.notices))
    if judging.only:
        # Who asks for what has changed is told of what is gone, too, by every writer.
        for finding in filter(judging.reports, count.gone):
            spool.append(finding)
    told = Spool() if judging.only else count.gone
    report = Report(
        spool,
        run,
        {check.id: check for check in judging.checks},
        judging.model,
        told,
        over_time=judging.over_time,
        only=judging.only,
    )
    internal = bool(count.untold) or any(tally.defects for tally in count.tallies)
    report = against_backdrop(report, judging.people)
    return Result(report, spool, count.gone, kept, count.failed, count.failed_anew, internal, recorder.failure)


def _run(judging: Judging, scan: str, count: Count, calls: int, started: float, notices: tuple[str, ...]) -> Run:
    return Run(
        scan=scan,
        taken_at=count.taken_at,
        complete=all(scope.complete for scope in count.scopes),
        scopes=tuple(count.scopes),
        gaps=gaps_of(count.tallies),
        calls=calls,
        seconds=round(time.monotonic() - started, 3),
        evaluated=sum(tally.evaluated for tally in count.tallies),
        asked=sum(tally.asked for tally in count.tallies),
        vanished=count.vanished,
        statuses=dict(count.statuses),
        defects=(*count.defects, *count.untold),
        checks=tuple(check.id for check in judging.checks),
        inventory=tuple(count.inventory),
        notices=notices,
        lifecycle=dict(count.states),
        version=version("ourside"),
    )
