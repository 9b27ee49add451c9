"""One scan from the chosen checks to the report: session, plan, collect, and then judging."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.check import SEVERITIES, Check, Severity
from scanner.cli import doors
from scanner.cli.clock import Clock
from scanner.cli.exits import Exit, Stop
from scanner.cli.planning import model_of, plan_of
from scanner.cli.scan.judge import Result, judge
from scanner.cli.scan.judging import Judging
from scanner.cli.scan.purpose import cloud_of
from scanner.cli.scan.signing_in import Where, found, now, read_at, reading, signed_in, within
from scanner.collect import Collection, Progress
from scanner.finding import State, Status
from scanner.model import Estate, Resource
from scanner.provider import Provider, Settings
from scanner.responsibility.model import ResponsibilityModel
from scanner.schedule import Limits
from scanner.snapshot import SnapshotError
from scanner.snapshot import read as read_snapshot

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.cli.scan.underway import Underway
    from scanner.deliver.route import Route
    from scanner.history import History


@dataclass(frozen=True, slots=True)
class FailOn:
    """Failures that make a run end with an exit code of their own."""

    severity: Severity
    """And all that are worse."""
    new: bool = False
    """Only those that the history did not know."""

    def met_by(self, failed: Set[Severity]) -> bool:
        """Whether one of these severities is as bad."""
        return any(severity in SEVERITIES[: SEVERITIES.index(self.severity) + 1] for severity in failed)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be scanned and judged."""

    checks: Sequence[Check[Any]]
    people: Accountability
    history: History | None = None
    statuses: frozenset[Status] = frozenset()
    """Findings that are reported; all where empty."""
    where: Where = field(default_factory=Where)
    limits: Limits = field(default_factory=Limits)
    keep: bool = False
    """Keep the estates, for a snapshot."""
    who_changed: bool = False
    """Ask the providers' audit logs who changed each resource last."""
    over_time: bool = True
    """Whether reports tell the lifecycle of findings one by one."""
    only: frozenset[State] = frozenset()
    """States that reported findings came to by this scan; any where empty."""
    routes: Sequence[Route] = ()
    """Sinks that are told, by way of the history."""
    underway: Underway | None = None
    """The lock and the checkpoint of a live scan; None to do without."""


def scan_live(
    job: Job,
    clouds: Sequence[tuple[Provider, Settings]],
    progress: Progress | None,
    say: Callable[[str], None],
    announce: Callable[[str], None] = lambda _: None,
) -> Result:
    """Scan with providers, one after the other. All are signed in to before the first is read."""
    underway = job.underway
    clock = Clock(job.limits.scan) if underway is None else underway.clock
    model = model_of([provider.name for provider, _ in clouds])
    with ExitStack() as stack:
        plans = [
            plan_of(job.checks, provider.kinds(), model, tagged=job.people.needs_tags, changed=job.who_changed)
            for provider, _ in clouds
        ]
        place = job.people.needs_places
        with clock.ends("signing in"):
            sessions = [
                stack.enter_context(signed_in(plan, provider, settings, clock, job.limits, place=place))
                for plan, (provider, settings) in zip(plans, clouds, strict=True)
            ]
        if underway is not None:
            underway.alone(cloud_of(session.identity) for session in sessions)
        with clock.ends("finding out what there is to scan"):
            targets = [
                found(plan, provider, session, job.where, say, announce, place=place)
                for plan, (provider, _), session in zip(plans, clouds, sessions, strict=True)
            ]
        taken_at = now() if underway is None else underway.taken_at
        limits = _resumable(job.limits, underway)
        collections = [
            stack.enter_context(
                reading(Collection(plan, session, target, taken_at, within(limits, clock), clock=read_at), say)
            )
            for plan, session, target in zip(plans, sessions, targets, strict=True)
        ]
        if progress is not None:
            _watch(collections, progress)
        estates: Iterable[Estate] = itertools.chain.from_iterable(collections)
        if underway is not None:
            kinds = [kind for provider, _ in clouds for kind in provider.kinds()]
            estates = _going_on(underway, collections, kinds)

        def calls() -> int:
            return sum(session.own_calls for session in sessions) + sum(
                count for collection in collections for count in collection.calls.values()
            )

        return judge(_judging(job, model), estates, calls, clock.started)


def _going_on(
    underway: Underway, collections: Sequence[Collection], kinds: Sequence[type[Resource]]
) -> Iterator[Estate]:
    """What was read before the scan was cut short, and then what is read now."""
    underway.out_of_time = lambda: any(collection.out_of_time for collection in collections)
    yield from underway.begin([scope for collection in collections for scope in collection.target.scopes], kinds)
    for collection in collections:
        collection.left_out = underway.done
        yield from underway.kept(collection)


def _resumable(limits: Limits, underway: Underway | None) -> Limits:
    """The limits of a scan that can go on when its time is up."""
    return limits if underway is None else replace(limits, out_of_time=f"{limits.out_of_time}; --resume goes on")


def _judging(job: Job, model: ResponsibilityModel) -> Judging:
    judging = Judging(
        job.checks,
        model,
        job.people,
        job.history,
        job.statuses,
        job.only,
        job.routes,
        keep=job.keep,
        over_time=job.over_time,
    )
    underway = job.underway
    if underway is None:
        return judging
    return replace(
        judging,
        scan=underway.scan,
        again=lambda estate: estate.scope.uid in underway.done,
        judged=lambda estate, tally: underway.judged(
            estate, {gap.unread.why for gap, count in tally.gaps.items() if count}
        ),
    )


def _watch(collections: Sequence[Collection], progress: Progress) -> None:
    def tell(_done: int, _known: int) -> None:
        progress(sum(each.done for each in collections), sum(each.known for each in collections))

    for collection in collections:
        collection.progress = tell


def scan_snapshot(job: Job, path: Path) -> Result:
    """Judge a snapshot."""
    started = time.monotonic()
    estates = estates_of(path)
    model = model_of(sorted({estate.scope.provider for estate in estates}))
    return judge(_judging(job, model), estates, lambda: 0, started)


def estates_of(path: Path) -> list[Estate]:
    """What a snapshot holds."""
    kinds = [kind for provider in doors.providers().values() for kind in provider.kinds()]
    try:
        return read_snapshot(path, kinds)
    except SnapshotError as error:
        raise Stop(Exit.USAGE, str(error)) from error


def exits_of(result: Result, fail_on: FailOn | None, *, allow_partial: bool) -> set[Exit]:
    """The exit codes that apply to a result."""
    exits = {Exit.COMPLETE}
    if result.internal:
        exits.add(Exit.INTERNAL)
    if not result.report.run.complete and not allow_partial:
        exits.add(Exit.INCOMPLETE)
    if result.unrecorded:
        exits.add(Exit.NOT_DELIVERED)
    if fail_on is not None and fail_on.met_by(result.failed_anew if fail_on.new else result.failed):
        exits.add(Exit.FAILED_ON)
    return exits
