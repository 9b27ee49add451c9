"""Signing in to a cloud, and what there is to be read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scanner.attempt import attempt
from scanner.cli.clock import Clock
from scanner.cli.exits import Exit, Stop
from scanner.collect import Collection
from scanner.placing import placed, placing_calls
from scanner.plan import Plan
from scanner.provider import Provider, Session, SessionError, SettingError, Settings, Target
from scanner.report.cells import listed
from scanner.report.visible import visible
from scanner.schedule import Limits

NAMED = 6
"""Scopes that are named before they are scanned; -v names all."""


@dataclass(frozen=True, slots=True)
class Where:
    """Regions and accounts that are read; all where empty."""

    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


def now() -> datetime:
    """The time that is written on what is read from now on."""
    return datetime.now(UTC).replace(microsecond=0)


def read_at() -> datetime:
    """What time it is, as readings of scopes are told: to the millisecond."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def within(limits: Limits, clock: Clock) -> Limits:
    """The limits of what is left of a scan's time."""
    return replace(limits, scan=clock.left)


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
        collection = Collection(plan, session, target, now(), within(limits, clock))
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
        attempt(session.close)  # what was read is read


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
