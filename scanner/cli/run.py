"""One scan from the chosen checks to the report: session, plan, collect, and then judging."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.check import SEVERITIES, Check, Severity
from scanner.cli import doors
from scanner.cli.exits import Exit, Stop
from scanner.cli.judging import Judging, Result, judge
from scanner.collect import Collection, Progress
from scanner.document import DataError
from scanner.finding import State, Status
from scanner.kinds.change import FACT as LAST_CHANGE
from scanner.kinds.change import tells_changes
from scanner.model import Estate, Resource
from scanner.placing import placed, placing_calls
from scanner.plan import Plan
from scanner.provider import Provider, Session, SessionError, SettingError, Settings
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
    started = time.monotonic()
    model = model_of([provider.name for provider, _ in clouds])
    with ExitStack() as stack:
        opened = [
            stack.enter_context(
                collecting(
                    plan_of(job.checks, provider.kinds(), model, tagged=job.people.needs_tags, changed=job.who_changed),
                    provider,
                    settings,
                    job.where,
                    job.limits,
                    say,
                    announce,
                    place=job.people.needs_places,
                )
            )
            for provider, settings in clouds
        ]
        if progress is not None:
            _watch([collection for _, collection in opened], progress)
        estates = itertools.chain.from_iterable(collection for _, collection in opened)

        def calls() -> int:
            return sum(session.own_calls + sum(collection.calls.values()) for session, collection in opened)

        return judge(_judging(job, model), estates, calls, started)


def _judging(job: Job, model: ResponsibilityModel) -> Judging:
    return Judging(
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
    *,
    place: bool = False,
) -> Iterator[tuple[Session, Collection]]:
    """Sign in, find what is to be read, and hand out the reading of it.

    `place`: ask what the scopes lie in, too, because an owner or an exception may depend on it.
    """
    calls = [*provider.session_calls(regional=plan.regional), *plan.calls()]
    calls += placing_calls(provider) if place else ()
    try:
        session = provider.connect(settings, calls, limits.attempt)
        target = session.target(where.regions, where.accounts, regional=plan.regional)
    except SessionError as error:
        raise Stop(Exit.NO_TARGET, str(error)) from error
    except SettingError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    target = placed(session, target) if place else target
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
