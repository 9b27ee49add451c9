"""Who changed what last, by audit logs: changes that were made, and no silence where the log is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from providers.gcp import PROVIDER
from providers.gcp.emulator import Emulator
from scanner.cli import doors
from scanner.collect import Collection
from scanner.facts import Unread
from scanner.kinds.change import FACT, LastChange, last_change_of, tells_changes
from scanner.plan import Plan
from scanner.schedule import Limits

ENTRIES = "logging:entries.list"
Told = dict[str, LastChange | Unread | None]


def told(cloud: Emulator, *, changes: bool = True) -> Told:
    """Of everything that audit logs may tell of, by its uid."""
    kinds = PROVIDER.kinds()
    plan = Plan.of(doors.checks().values(), kinds, [(kind, FACT) for kind in kinds if changes and tells_changes(kind)])
    settings = {**cloud.settings(), "organization": str(cloud.estate.organization.body["name"])}
    session = PROVIDER.connect(settings, [*PROVIDER.session_calls(regional=False), *plan.calls()], 5)
    try:
        limits = Limits(pause=0.01, paced=False)
        target = session.target((), (), regional=False)
        estates = list(Collection(plan, session, target, datetime(2026, 11, 26, tzinfo=UTC), limits))
    finally:
        session.close()
    return {
        resource.uid: last_change_of(resource, estate)
        for estate in estates
        for found in estate.resources.values()
        for resource in found
        if tells_changes(type(resource)) and not resource.identity.provider_owned
    }


@pytest.fixture(scope="module")
def cloud() -> Iterator[Emulator]:
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture(scope="module")
def all_told(cloud: Emulator) -> Told:
    return told(cloud)


@pytest.mark.parametrize(
    ("uid", "by", "event"),
    [
        # An attempt that was refused is later.
        ("//storage.googleapis.com/acme-shop-website", "erin@acme.example", "storage.setIamPermissions"),
        (
            "//compute.googleapis.com/projects/acme-shop/zones/europe-west1-b/instances/web-1",
            "alice@acme.example",
            "v1.compute.instances.setMetadata",
        ),
    ],
)
def test_the_latest_change_that_was_made(all_told: Told, uid: str, by: str, event: str) -> None:
    change = all_told[uid]
    assert isinstance(change, LastChange)
    assert (change.by, change.event) == (by, event)


def test_what_the_log_does_not_tell_is_nothing(cloud: Emulator, all_told: Told) -> None:
    assert all_told["//storage.googleapis.com/acme-shop-invoices"] is None
    assert not [value for value in all_told.values() if isinstance(value, Unread)]
    assert (cloud.writes, cloud.unimplemented) == ([], [])


def test_each_resource_takes_one_call(cloud: Emulator, all_told: Told) -> None:
    cloud.forget()
    assert told(cloud) == all_told
    assert cloud.counts[ENTRIES] == len(all_told)


def test_a_refused_log_is_unread(cloud: Emulator, all_told: Told) -> None:
    cloud.deny(ENTRIES)
    try:
        part = told(cloud)
    finally:
        cloud.allow_all()
    assert part.keys() == all_told.keys()
    for value in part.values():
        assert isinstance(value, Unread)
        assert (value.why, value.call, value.needs) == ("denied", ENTRIES, ("logging.logEntries.list",))


def test_who_does_not_want_to_know_asks_for_nothing(cloud: Emulator) -> None:
    cloud.forget()
    told(cloud, changes=False)
    assert cloud.counts[ENTRIES] == 0
