"""The denial law for Google Cloud: operation by operation, project by project, API by API."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

import pytest

from providers.gcp import PROVIDER
from providers.gcp.emulator import Emulator
from scanner.provider import Provider
from tests.effort import share
from tests.providers import denial
from tests.providers.asked_once import AskedOnce
from tests.providers.denial import Scanned

CALLS = denial.calls_of(PROVIDER)
PERMISSIONS = denial.permissions_of(CALLS)
PROJECTS = ("acme-shop", "acme-security")
ROADS = ("auto", "services")
ONCE = {road: AskedOnce(PROVIDER) for road in ROADS}
"""Each road is told its own answers: what one tells out of others is not what a service says."""


def scan(cloud: Emulator, road: str, provider: Provider = PROVIDER) -> Scanned:
    organization = str(cloud.estate.organization.body["name"])
    settings = {**cloud.settings(), "organization": organization, "gcp-road": road}
    return denial.scan(provider, settings, everything=True)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module", params=ROADS)
def road(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(cloud: Emulator, road: str) -> Scanned:
    cloud.allow_all()
    scanned = scan(cloud, road, ONCE[road].but(()))
    assert scanned.result.report.run.complete
    assert not scanned.result.report.run.defects
    assert cloud.unimplemented == []
    assert cloud.writes == []
    return scanned


def exists(permission: str) -> bool:
    """Permissions are `service.resource.verb`: https://cloud.google.com/iam/docs/permissions-reference"""
    return len(permission.split(".")) >= 3


def refused(cloud: Emulator, road: str, denied: Collection[str], project: str | None = None) -> Scanned:
    cloud.allow_all()
    for operation in denied:
        cloud.deny(operation, project)
    try:
        return scan(cloud, road, ONCE[road].but(denied))
    finally:
        cloud.allow_all()


def operations() -> list[str]:
    """All that can be refused without ending the scan: the organisation itself has to be found."""
    return sorted(PERMISSIONS.keys() - {"cloudresourcemanager:organizations.get"})


@pytest.mark.parametrize("operation", share(operations(), 4))
def test_one_operation_refused(cloud: Emulator, road: str, whole: Scanned, operation: str) -> None:
    denial.assert_law(whole, refused(cloud, road, {operation}), {operation}, PERMISSIONS, exists)


@pytest.mark.parametrize("project", PROJECTS)
def test_one_project_refused(cloud: Emulator, road: str, whole: Scanned, project: str) -> None:
    read = [operation for operation in operations() if operation not in ("cloudresourcemanager:projects.get",)]
    denial.assert_law(whole, refused(cloud, road, read, project), read, PERMISSIONS, exists)


def test_all_operations_refused(cloud: Emulator, road: str, whole: Scanned) -> None:
    part = refused(cloud, road, operations())
    denial.assert_law(whole, part, operations(), PERMISSIONS, exists)
    assert all(f.status == "unknown" for f in part.results.values())


def apis() -> list[str]:
    """The APIs that are read beside those without which nothing is found."""
    from providers.gcp.rest import METHODS

    return sorted({row.api for row in METHODS.values()} - {"cloudresourcemanager.googleapis.com"})


@pytest.mark.parametrize("api", share(apis(), 2))
def test_one_api_switched_off(cloud: Emulator, road: str, whole: Scanned, api: str) -> None:
    """What it would have answered is off: not passed, not empty."""
    cloud.allow_all()
    cloud.disable_api(api)
    try:
        part = scan(cloud, road)
    finally:
        cloud.allow_all()
    # An API that is counted against the caller's project says nothing about the project that is scanned.
    # https://cloud.google.com/docs/quotas/quota-project
    denial.assert_law(whole, part, PERMISSIONS, PERMISSIONS, whys=("service-off", "failed"))
    gaps = part.result.report.run.gaps
    assert part.result.report.run.complete is not any(gap.why == "failed" for gap in gaps)
    assert all("counted against" in gap.detail for gap in gaps if gap.why == "failed")


def pairs(seed: int, count: int) -> list[tuple[str, ...]]:
    chooser = random.Random(seed)
    return [tuple(sorted(chooser.sample(operations(), 2))) for _ in range(count)]


@pytest.mark.laws
@pytest.mark.parametrize("pair", pairs(2026, 40), ids="+".join)
def test_two_operations_refused(cloud: Emulator, road: str, whole: Scanned, pair: tuple[str, ...]) -> None:
    denial.assert_law(whole, refused(cloud, road, pair), pair, PERMISSIONS, exists)


def test_every_operation_is_asked(cloud: Emulator, whole: Scanned) -> None:
    """No call is declared for nothing, and none is made undeclared; what was told once is told again."""
    cloud.allow_all()
    cloud.forget()
    for road in ROADS:
        assert scan(cloud, road).statuses == whole.statuses
    # Of an organisation that was looked through, what projects lie in is known.
    known = (".search", "projects.get", "folders.get", "projects.getAncestry")
    searched = {wire for wire in PERMISSIONS if wire.endswith(known)}
    assert set(cloud.counts) - set(PERMISSIONS) == {"oauth2:token"}
    assert set(PERMISSIONS) - set(cloud.counts) <= searched
