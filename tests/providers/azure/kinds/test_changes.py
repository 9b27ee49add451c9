"""Who changed what last, by the activity log: writes that succeeded, and no silence where it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from providers.azure import PROVIDER
from providers.azure.changes import changed
from providers.azure.emulator import Emulator
from scanner.cli import doors
from scanner.collect import Collection
from scanner.facts import FromCall, Unread
from scanner.kinds.change import FACT, LastChange, last_change_of, tells_changes
from scanner.plan import Plan
from scanner.schedule import Limits

EVENTS = "Microsoft.Insights:eventtypes/values.list"
Told = dict[str, LastChange | Unread | None]


def told(tenant: Emulator, *, changes: bool = True) -> Told:
    """Of everything that the log may tell of, by its name."""
    kinds = PROVIDER.kinds()
    plan = Plan.of(doors.checks().values(), kinds, [(kind, FACT) for kind in kinds if changes and tells_changes(kind)])
    session = PROVIDER.connect(tenant.settings(), [*PROVIDER.session_calls(regional=False), *plan.calls()], 5)
    try:
        limits = Limits(pause=0.01, paced=False)
        target = session.target((), (), regional=False)
        estates = list(Collection(plan, session, target, datetime(2026, 11, 26, tzinfo=UTC), limits))
    finally:
        session.close()
    return {
        resource.name: last_change_of(resource, estate)
        for estate in estates
        for found in estate.resources.values()
        for resource in found
        if tells_changes(type(resource)) and not resource.identity.provider_owned
    }


@pytest.fixture(scope="module")
def tenant() -> Iterator[Emulator]:
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture(scope="module")
def all_told(tenant: Emulator) -> Told:
    return told(tenant)


def test_the_latest_write_that_succeeded(tenant: Emulator, all_told: Told) -> None:
    """Later ones read keys, failed, or are the same one as it began."""
    change = all_told["acmewebsite"]
    assert isinstance(change, LastChange)
    assert (change.by, change.event) == ("erin@acme.example", "Microsoft.Storage/storageAccounts/write")
    assert (tenant.writes, tenant.unimplemented) == ([], [])


@pytest.mark.parametrize("name", ["acmeledger", "acme-shop-sql"])
def test_what_the_log_does_not_tell_is_nothing(all_told: Told, name: str) -> None:
    """It goes back 90 days."""
    assert all_told[name] is None


def test_a_refused_log_is_unread(tenant: Emulator, all_told: Told) -> None:
    tenant.deny(EVENTS)
    try:
        part = told(tenant)
    finally:
        tenant.allow_all()
    assert part.keys() == all_told.keys()
    for value in part.values():
        assert isinstance(value, Unread)
        assert (value.why, value.call, value.needs) == (
            "denied",
            EVENTS,
            ("Microsoft.Insights/eventtypes/values/read",),
        )


def test_who_does_not_want_to_know_asks_for_nothing(tenant: Emulator) -> None:
    tenant.forget()
    told(tenant, changes=False)
    assert tenant.counts[EVENTS] == 0


@pytest.mark.parametrize("answer", [{}, {"value": [{}]}, {"value": [{"operationName": {"value": "a/write"}}]}])
def test_an_answer_without_members_is_no_silence(answer: dict[str, Sequence[object]]) -> None:
    source = changed().source
    assert isinstance(source, FromCall)
    with pytest.raises(KeyError):
        source.take(answer)
