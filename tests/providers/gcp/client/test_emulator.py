"""The session against the emulated Google Cloud: all that the kinds ask, on both roads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from providers.gcp import PROVIDER
from providers.gcp.emulator import Emulator
from scanner.collect import Collection
from scanner.facts import every
from scanner.model import Estate
from scanner.plan import Plan
from scanner.schedule import Limits

KINDS = PROVIDER.kinds()
PLAN = Plan.reading(
    [every(kind, *(fact for fact in kind.facts.values() if kind.answers(fact.name))) for kind in KINDS], KINDS
)
TAKEN = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def emulated() -> Iterator[Emulator]:
    with Emulator() as cloud:
        yield cloud


def scan(cloud: Emulator, **settings: str) -> dict[str, Estate]:
    """What is read, by account."""
    named = {name.replace("_", "-"): value for name, value in settings.items()}
    organization = str(cloud.estate.organization.body["name"])
    base = {**cloud.settings(), "credentials-file": str(cloud.credentials_file), "organization": organization}
    session = PROVIDER.connect(base | named, [*PROVIDER.session_calls(regional=False), *PLAN.calls()], 5)
    target = session.target((), (), regional=False)
    try:
        return {
            estate.scope.account: estate for estate in Collection(PLAN, session, target, TAKEN, Limits(paced=False))
        }
    finally:
        session.close()


def told(estates: dict[str, Estate]) -> dict[str, object]:
    """All facts and gaps."""
    facts: dict[str, object] = {
        f"{resource.type_id} {resource.uid} {name}": value
        for estate in estates.values()
        for resources in estate.resources.values()
        for resource in resources
        for name, value in resource.stored.items()
    }
    gaps = {f"{account} {gap.kind.__name__}": gap.unread for account, one in estates.items() for gap in one.gaps}
    return facts | gaps


def test_both_roads_read_the_same_and_the_bulk_one_is_shorter(emulated: Emulator) -> None:
    bulk = told(scan(emulated))
    calls = sum(emulated.counts.values())
    told_in_bulk = {"storage:buckets.list", "compute:firewalls.list", "cloudresourcemanager:projects.getIamPolicy"}
    assert not told_in_bulk & emulated.counts.keys()
    assert emulated.unimplemented == []
    emulated.forget()
    assert told(scan(emulated, gcp_road="services")) == bulk
    assert told_in_bulk <= emulated.counts.keys()
    assert calls < 0.8 * sum(emulated.counts.values())
    assert emulated.counts["cloudasset:assets.list"] == 0
    assert (emulated.unimplemented, emulated.writes) == ([], [])
    assert len(bulk) > 200


@pytest.mark.parametrize("road", ["auto", "services"])
@pytest.mark.parametrize("api", ["compute.googleapis.com", "storage.googleapis.com", "cloudkms.googleapis.com"])
def test_an_api_that_is_off_is_off_on_both_roads(emulated: Emulator, api: str, road: str) -> None:
    emulated.disable_api(api, "acme-shop")
    estate = scan(emulated, gcp_road=road)["acme-shop"]
    listed = {kind: kind.listed.call for kind in KINDS if kind.listed and kind.listed.call}
    gaps = {gap.kind: gap.unread.why for gap in estate.gaps}
    concerned = [kind for kind, call in listed.items() if call.service == api.partition(".")[0]]
    assert concerned
    for kind in concerned:
        assert gaps[kind] == "service-off"
        assert not estate.resources.get(kind)


@pytest.mark.parametrize("refused", ["cloudasset:assets.list", "serviceusage:*"])
def test_a_refused_inventory_changes_no_answer(emulated: Emulator, refused: str) -> None:
    plain = told(scan(emulated, gcp_road="services"))
    emulated.deny(refused)
    assert told(scan(emulated)) == plain


def test_the_demo_is_read_whole() -> None:
    with PROVIDER.demo("gcp") as settings:
        session = PROVIDER.connect(settings, PROVIDER.session_calls(regional=False), 5)
        target = session.target((), (), regional=False)
        session.close()
    assert len(target.scopes) > 3
    assert target.unread == ()
