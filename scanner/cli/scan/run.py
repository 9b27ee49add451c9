"""One scan from the chosen checks to the report: session, plan, collect, and then judging."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.check import SEVERITIES, Check, Severity
from scanner.cli import doors
from scanner.cli.clock import Clock
from scanner.cli.exits import Exit, Stop
from scanner.cli.scan.judging import Judging, Result, judge
from scanner.cli.scan.purpose import cloud_of
from scanner.collect import Collection, Progress
from scanner.document import DataError
from scanner.finding import State, Status
from scanner.kinds.change import FACT as LAST_CHANGE
from scanner.kinds.change import tells_changes
from scanner.model import Estate, Resource
from scanner.placing import placed, placing_calls
from scanner.plan import Plan
from scanner.provider import Provider, Session, SessionError, SettingError, Settings, Target
from scanner.report.cells import listed
from scanner.report.visible import visible
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ResponsibilityModel
from scanner.schedule import Limits
from scanner.snapshot import SnapshotError
from scanner.snapshot import read as read_snapshot
from scanner.subject import TAGS

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.cli.scan.underway import Underway
    from scanner.deliver.route import Route
    from scanner.history import History

NAMED = 6
"""Scopes that are named before they are scanned; -v names all."""


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
class Where:
    """Regions and accounts that are read; all where empty."""

    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


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


def model_of(names: Sequence[str]) -> ResponsibilityModel:
    """The responsibility model with the documents of these providers."""
    try:
        return load_model([doors.provider(name).responsibility for name in names])
    except DataError as error:
        raise Stop(Exit.INTERNAL, f"the responsibility data is damaged: {error}") from error


def plan_of(
    checks: Sequence[Check[Any]],
    kinds: Sequence[type[Resource]],
    model: ResponsibilityModel,
    *,
    tagged: bool = False,
    changed: bool = False,
) -> Plan:
    """What the checks need, and what the boundary rules of their duties need.

    `tagged`: the tags of all, too; `changed`: who changed each last.
    """
    boundary = [
        (kind, fact)
        for check in checks
        for kind in kinds
        if check.applies_to(kind)
        for fact in model.boundary_facts(kind.type_id, check.duty)
    ]
    tags = [(kind, TAGS) for kind in kinds if tagged and TAGS in kind.facts and kind.answers(TAGS)]
    changes = [(kind, LAST_CHANGE) for kind in kinds if changed and tells_changes(kind)]
    return Plan.of(checks, kinds, [*boundary, *tags, *changes])


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
        taken_at = _now() if underway is None else underway.taken_at
        limits = _resumable(job.limits, underway)
        collections = [
            stack.enter_context(reading(Collection(plan, session, target, taken_at, _within(limits, clock)), say))
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


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _within(limits: Limits, clock: Clock) -> Limits:
    """The limits of what is left of a scan's time."""
    return replace(limits, scan=clock.left)


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
    clock = Clock(limits.scan)
    with ExitStack() as stack:
        with clock.ends("signing in"):
            session = stack.enter_context(signed_in(plan, provider, settings, clock, limits))
            target = found(plan, provider, session, where, say, announce)
        collection = Collection(plan, session, target, _now(), _within(limits, clock))
        yield session, stack.enter_context(reading(collection, say))


@contextmanager
def signed_in(
    plan: Plan, provider: Provider, settings: Settings, clock: Clock, limits: Limits, *, place: bool = False
) -> Iterator[Session]:
    """A session that can make the calls of a plan; Stop where nobody can sign in.

    `place`: and those that tell what the scopes lie in, because an owner or an exception may depend on it.
    """
    calls = [*provider.session_calls(regional=plan.regional), *plan.calls()]
    calls += placing_calls(provider) if place else ()
    # No call takes longer than the scan may.
    longest = limits.attempt if clock.left is None else max(min(limits.attempt, clock.left), 0.1)
    with told_in_one_line(provider):
        session = provider.connect(settings, calls, longest)
    try:
        yield session
    finally:
        session.close()


def found(
    plan: Plan,
    provider: Provider,
    session: Session,
    where: Where,
    say: Callable[[str], None],
    announce: Callable[[str], None],
    *,
    place: bool = False,
) -> Target:
    """What is to be read, said before it is read; Stop where there is nothing."""
    with told_in_one_line(provider):
        target = session.target(where.regions, where.accounts, regional=plan.regional)
    target = placed(session, target) if place else target
    who = f"as {session.identity.principal} ({session.identity.source})"
    names = [visible(scope.name or scope.account) for scope in target.scopes]
    if len(names) > 1 or target.found:
        announce(f"scanning {provider.name}: {listed(names[:NAMED], len(names))} {visible(who)}")
    for scope in target.scopes:
        say(visible(f"scanning {provider.name} {scope.account}{f' ({scope.name})' if scope.name else ''} {who}"))
    return target


@contextmanager
def reading(collection: Collection, say: Callable[[str], None]) -> Iterator[Collection]:
    """A collection, and at its end how often what was asked."""
    yield collection
    for call, count in sorted(collection.calls.items()):
        say(f"{count:6d} {call}")


@contextmanager
def told_in_one_line(provider: Provider) -> Iterator[None]:
    """Stop with one line where nobody can sign in, or nothing is there to be read."""
    try:
        yield
    except SessionError as error:
        raise Stop(Exit.NO_TARGET, str(error)) from error
    except SettingError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    except OSError as error:  # a file of credentials that may not be read, a network that is not there
        raise Stop(Exit.NO_TARGET, f"{provider.title} cannot be reached from here: {error}") from error


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
