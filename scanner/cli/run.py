"""One scan from the chosen checks to the report: session, plan, collect, evaluate, attribute."""

from __future__ import annotations

import itertools
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from scanner.check import SEVERITIES, Check, Severity
from scanner.cli import doors
from scanner.cli.exits import Exit, Stop
from scanner.collect import Collection, Progress
from scanner.document import DataError
from scanner.evaluate import Cause, Evaluation, Tally
from scanner.facts import INCOMPLETE
from scanner.finding import Status
from scanner.model import Estate, Resource
from scanner.plan import Plan
from scanner.provider import Provider, Session, SessionError, SettingError, Settings
from scanner.report import GapRecord, Report, Run, ScopeRecord, Spool
from scanner.report.cells import listed
from scanner.report.visible import visible
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ResponsibilityModel
from scanner.schedule import Limits
from scanner.snapshot import SnapshotError
from scanner.snapshot import read as read_snapshot

NAMED = 6
"""Scopes that are named before they are scanned; -v names all."""


@dataclass(frozen=True, slots=True)
class Where:
    """Regions and accounts that are read; all where empty."""

    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be scanned and judged."""

    checks: Sequence[Check[Any]]
    statuses: frozenset[str] = frozenset()
    """Findings that are reported; all where empty."""
    where: Where = field(default_factory=Where)
    limits: Limits = field(default_factory=Limits)
    keep: bool = False
    """Keep the estates, for a snapshot."""


@dataclass(slots=True)
class Result:
    """A judged scan."""

    report: Report
    spool: Spool
    estates: list[Estate]
    failed: set[str]
    """Severities of failed findings."""
    internal: bool
    """Whether a check of ours failed in a way that has no name."""


def model_of(names: Sequence[str]) -> ResponsibilityModel:
    """The responsibility model with the documents of these providers."""
    try:
        return load_model([doors.provider(name).responsibility for name in names])
    except DataError as error:
        raise Stop(Exit.INTERNAL, f"the responsibility data is damaged: {error}") from error


def plan_of(checks: Sequence[Check[Any]], kinds: Sequence[type[Resource]], model: ResponsibilityModel) -> Plan:
    """What the checks need, and what the boundary rules of their duties need."""
    boundary = [
        (kind, fact)
        for check in checks
        for kind in kinds
        if check.applies_to(kind)
        for fact in model.boundary_facts(kind.type_id, check.duty)
    ]
    return Plan.of(checks, kinds, boundary)


def scan_live(
    job: Job,
    clouds: Sequence[tuple[Provider, Settings]],
    progress: Progress | None,
    say: Callable[[str], None],
    announce: Callable[[str], None] = lambda _: None,
) -> Result:
    """Scan with providers, one after the other. All are signed in to before the first is read."""
    started = time.monotonic()
    model = model_of([provider.name for provider, _ in clouds])
    with ExitStack() as stack:
        opened = [
            stack.enter_context(
                collecting(
                    plan_of(job.checks, provider.kinds(), model),
                    provider,
                    settings,
                    job.where,
                    job.limits,
                    say,
                    announce,
                )
            )
            for provider, settings in clouds
        ]
        if progress is not None:
            _watch([collection for _, collection in opened], progress)
        estates = itertools.chain.from_iterable(collection for _, collection in opened)

        def calls() -> int:
            return sum(session.own_calls + sum(collection.calls.values()) for session, collection in opened)

        return judge(job, estates, model, calls, started)


def _watch(collections: Sequence[Collection], progress: Progress) -> None:
    def tell(_done: int, _known: int) -> None:
        progress(sum(each.done for each in collections), sum(each.known for each in collections))

    for collection in collections:
        collection.progress = tell


@contextmanager
def collecting(
    plan: Plan,
    provider: Provider,
    settings: Settings,
    where: Where,
    limits: Limits,
    say: Callable[[str], None],
    announce: Callable[[str], None],
) -> Iterator[tuple[Session, Collection]]:
    """Sign in, find what is to be read, and hand out the reading of it."""
    calls = [*provider.session_calls(regional=plan.regional), *plan.calls()]
    try:
        session = provider.connect(settings, calls, limits.attempt)
        target = session.target(where.regions, where.accounts, regional=plan.regional)
    except SessionError as error:
        raise Stop(Exit.NO_TARGET, str(error)) from error
    except SettingError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    who = f"as {session.identity.principal} ({session.identity.source})"
    names = [visible(scope.name or scope.account) for scope in target.scopes]
    if len(names) > 1 or target.found:
        announce(f"scanning {provider.name}: {listed(names[:NAMED], len(names))} {visible(who)}")
    for scope in target.scopes:
        say(visible(f"scanning {provider.name} {scope.account}{f' ({scope.name})' if scope.name else ''} {who}"))
    collection = Collection(plan, session, target, datetime.now(UTC).replace(microsecond=0), limits)
    try:
        yield session, collection
    finally:
        session.close()
    for call, count in sorted(collection.calls.items()):
        say(f"{count:6d} {call}")


def scan_snapshot(job: Job, path: Path) -> Result:
    """Judge a snapshot."""
    started = time.monotonic()
    estates = estates_of(path)
    model = model_of(sorted({estate.scope.provider for estate in estates}))
    return judge(job, iter(estates), model, lambda: 0, started)


def estates_of(path: Path) -> list[Estate]:
    """What a snapshot holds."""
    kinds = [kind for provider in doors.providers().values() for kind in provider.kinds()]
    try:
        return read_snapshot(path, kinds)
    except SnapshotError as error:
        raise Stop(Exit.USAGE, str(error)) from error


def judge(
    job: Job,
    estates: Iterator[Estate] | Collection,
    model: ResponsibilityModel,
    calls: Callable[[], int],
    started: float,
) -> Result:
    """Judge estates as they are completed."""
    scan = f"scan-{uuid.uuid4()}"
    spool, counts, failed = Spool(), Counter[Status](), set[str]()
    scopes: list[ScopeRecord] = []
    tallies: list[Tally] = []
    kept: list[Estate] = []
    vanished, taken_at = 0, datetime.now(UTC).replace(microsecond=0)
    defects: list[str] = []
    for estate in estates:
        tally = Tally()
        for finding in Evaluation(estate, job.checks, model, scan, tally):
            counts[finding.status] += 1
            if finding.status == "fail":
                failed.add(finding.severity)
            if not job.statuses or finding.status in job.statuses:
                spool.append(finding)
        tallies.append(tally)
        scopes.append(_scope_record(estate, tally))
        vanished, taken_at = vanished + estate.vanished, estate.taken_at
        defects += [*estate.defects, *tally.defects]
        if job.keep:
            kept.append(estate)
    run = Run(
        scan=scan,
        taken_at=taken_at,
        complete=all(scope.complete for scope in scopes),
        scopes=tuple(scopes),
        gaps=_gaps(tallies),
        calls=calls(),
        seconds=round(time.monotonic() - started, 3),
        evaluated=sum(tally.evaluated for tally in tallies),
        asked=sum(tally.asked for tally in tallies),
        vanished=vanished,
        statuses=dict(counts),
        defects=tuple(defects),
        version=version("ourside"),
    )
    report = Report(spool, run, {check.id: check for check in job.checks}, model)
    return Result(report, spool, kept, failed, any(tally.defects for tally in tallies))


def _scope_record(estate: Estate, tally: Tally) -> ScopeRecord:
    scope = estate.scope
    complete = tally.complete and not any(gap.unread.why in INCOMPLETE for gap in estate.gaps)
    return ScopeRecord(scope.uid, scope.regions, complete, scope.provider, scope.account, scope.name, scope.level)


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


def exits_of(result: Result, *, fail_on: Severity | None, allow_partial: bool) -> set[Exit]:
    """The exit codes that apply to a result."""
    exits = {Exit.COMPLETE}
    if result.internal:
        exits.add(Exit.INTERNAL)
    if not result.report.run.complete and not allow_partial:
        exits.add(Exit.INCOMPLETE)
    if fail_on is not None and result.failed & set(SEVERITIES[: SEVERITIES.index(fail_on) + 1]):
        exits.add(Exit.FAILED_ON)
    return exits
