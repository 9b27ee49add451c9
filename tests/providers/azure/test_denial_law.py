"""The denial law for Azure: operation by operation, permission by permission, subscription by subscription, and
Microsoft Graph.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

import pytest

from providers.azure import PROVIDER
from providers.azure.emulator import Emulator
from scanner.provider import Provider
from tests.effort import share
from tests.providers import denial
from tests.providers.asked_once import AskedOnce
from tests.providers.denial import Scanned

CALLS = denial.calls_of(PROVIDER)
WIRES = denial.permissions_of(CALLS)
ROADS = ("auto", "services")
ONCE = {road: AskedOnce(PROVIDER) for road in ROADS}
"""Each road is told its own answers: what one tells out of others is not what a service says."""
FOUND_BY = "Microsoft.Resources:subscriptions.list"
"""Without it there is nothing to scan, which is said at once."""


def scan(cloud: Emulator, road: str, provider: Provider = PROVIDER) -> Scanned:
    return denial.scan(provider, {**cloud.settings(), "azure-road": road}, everything=True)


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
    """Actions are `namespace/type/verb`, permissions of Microsoft Graph `Thing.Read.Extent`.

    https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
    https://learn.microsoft.com/graph/permissions-reference
    """
    return permission.endswith("/read") if "/" in permission else permission.split(".")[1:2] == ["Read"]


def refused(cloud: Emulator, road: str, denied: Collection[str], resource: str | None = None) -> Scanned:
    cloud.allow_all()
    for operation in denied:
        cloud.deny(operation, resource)
    try:
        return scan(cloud, road, ONCE[road].but(denied))
    finally:
        cloud.allow_all()


def operations() -> list[str]:
    return sorted(WIRES.keys() - {FOUND_BY})


@pytest.mark.parametrize("operation", share(operations(), 4))
def test_one_operation_refused(cloud: Emulator, road: str, whole: Scanned, operation: str) -> None:
    denial.assert_law(whole, refused(cloud, road, {operation}), {operation}, WIRES, exists)


def test_every_subscription_refused_in_turn(cloud: Emulator, road: str, whole: Scanned) -> None:
    for subscription in cloud.estate.subscriptions:
        part = refused(cloud, road, operations(), subscription.id)
        denial.assert_law(whole, part, operations(), WIRES, exists)


def test_all_operations_refused(cloud: Emulator, road: str, whole: Scanned) -> None:
    part = refused(cloud, road, operations())
    denial.assert_law(whole, part, operations(), WIRES, exists)
    assert all(f.status == "unknown" for f in part.results.values())


def permissions() -> list[str]:
    return sorted({need for wire in operations() for need in WIRES[wire] if "/" in need})


@pytest.mark.parametrize("permission", share(permissions(), 6))
@pytest.mark.parametrize(
    "everywhere",
    [pytest.param(True, id="everywhere"), pytest.param(False, id="one subscription", marks=pytest.mark.laws)],
)
def test_one_permission_taken_away(
    cloud: Emulator, road: str, whole: Scanned, permission: str, everywhere: bool
) -> None:
    """As Azure does it: lists are refused, and Resource Graph silently leaves out what may not be read."""
    cloud.allow_all()
    cloud.revoke(permission, "/" if everywhere else f"/subscriptions/{cloud.estate.subscriptions[0].id}")
    try:
        part = scan(cloud, road)
    finally:
        cloud.allow_all()
    denied = {wire for wire, needs in WIRES.items() if permission in needs}
    denial.assert_law(whole, part, denied, WIRES, exists)


def pairs(seed: int, count: int) -> list[tuple[str, ...]]:
    chooser = random.Random(seed)
    return [tuple(sorted(chooser.sample(operations(), 2))) for _ in range(count)]


@pytest.mark.laws
@pytest.mark.parametrize("pair", pairs(2026, 40), ids="+".join)
def test_two_operations_refused(cloud: Emulator, road: str, whole: Scanned, pair: tuple[str, ...]) -> None:
    denial.assert_law(whole, refused(cloud, road, pair), pair, WIRES, exists)


def test_every_operation_is_asked(cloud: Emulator, whole: Scanned) -> None:
    """No call is declared for nothing, and none is made undeclared; what was told once is told again."""
    cloud.allow_all()
    cloud.forget()
    for road in ROADS:
        assert scan(cloud, road).statuses == whole.statuses
    signing_in = {wire for wire in cloud.counts if wire.startswith("Microsoft.Entra:")}
    assert set(cloud.counts) - signing_in == set(WIRES)
