"""The denial law for AWS, operation by operation and pair by pair."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator

import pytest
from policy_sentry.querying.actions import get_action_data

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from tests.providers import denial
from tests.providers.aws.test_calls import CALLS
from tests.providers.denial import Scanned

IDENTITY = "sts:GetCallerIdentity"
"""Cannot be refused: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""


def scan(account: Emulator) -> Scanned:
    settings = {
        "endpoint": account.url,
        "access-key-id": "AKIAIOSFODNN7EXAMPLE",
        "secret-access-key": "secret",
        "home-region": "us-east-1",
    }
    return denial.scan(PROVIDER, settings)


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture(scope="module")
def whole(account: Emulator) -> Scanned:
    scanned = scan(account)
    assert scanned.result.report.run.complete
    assert not scanned.result.report.run.defects
    assert account.unimplemented == []
    assert account.writes == []
    return scanned


def operations() -> list[str]:
    return sorted({call.wire for call in CALLS} - {IDENTITY})


PERMISSIONS = denial.permissions_of(CALLS)


def exists(permission: str) -> bool:
    service, _, name = permission.partition(":")
    return bool(get_action_data(service, name))


def refused(account: Emulator, denied: Collection[str]) -> Scanned:
    account.allow_all()
    for operation in denied:
        account.deny(operation)
    try:
        return scan(account)
    finally:
        account.allow_all()


def assert_law(whole: Scanned, part: Scanned, denied: Collection[str]) -> None:
    """The law for one set of refused operations."""
    denial.assert_law(whole, part, denied, PERMISSIONS, exists)


@pytest.mark.parametrize("operation", operations())
def test_one_operation_refused(account: Emulator, whole: Scanned, operation: str) -> None:
    assert_law(whole, refused(account, {operation}), {operation})


def test_every_operation_is_asked(account: Emulator, whole: Scanned) -> None:
    """No call is declared for nothing, and none is made undeclared."""
    account.forget()
    scan(account)
    assert set(account.counts) == {call.wire for call in CALLS}


def test_all_operations_refused(account: Emulator, whole: Scanned) -> None:
    part = refused(account, operations())
    assert_law(whole, part, operations())
    assert all(f.status == "unknown" for f in part.results.values())


def pairs(seed: int, count: int) -> list[tuple[str, str]]:
    every = list(itertools.combinations(operations(), 2))
    return random.Random(seed).sample(every, count)


@pytest.mark.parametrize("pair", pairs(2026, 40), ids="+".join)
def test_two_operations_refused(account: Emulator, whole: Scanned, pair: tuple[str, str]) -> None:
    assert_law(whole, refused(account, pair), pair)


def pairs_inside_services() -> list[tuple[str, str]]:
    by_service = itertools.groupby(operations(), key=lambda operation: operation.split(":")[0])
    return [pair for _, inside in by_service for pair in itertools.combinations(inside, 2)]


@pytest.mark.laws
@pytest.mark.parametrize("pair", pairs_inside_services(), ids="+".join)
def test_two_operations_of_a_service_refused(account: Emulator, whole: Scanned, pair: tuple[str, str]) -> None:
    assert_law(whole, refused(account, pair), pair)
