"""The denial law for AWS, operation by operation and pair by pair."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pytest
from policy_sentry.querying.actions import get_action_data

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from scanner.provider import Provider
from tests.effort import share
from tests.providers import denial
from tests.providers.asked_once import AskedOnce
from tests.providers.denial import Scanned

IDENTITY = "sts:GetCallerIdentity"
"""Cannot be refused: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
CALLS = denial.calls_of(PROVIDER)
PERMISSIONS = denial.permissions_of(CALLS)


def scan(account: Emulator, provider: Provider = PROVIDER, *, everything: bool = True) -> Scanned:
    settings = {
        "endpoint": account.url,
        "access-key-id": "AKIAIOSFODNN7EXAMPLE",
        "secret-access-key": "secret",
        "home-region": "us-east-1",
    }
    return denial.scan(provider, settings, everything=everything)


@dataclass(frozen=True)
class Account:
    """An emulated account, what it told so far, and what a scan finds in it where nothing is refused."""

    emulator: Emulator
    once: AskedOnce
    whole: Scanned


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Emulator() as emulator:
        emulator.allow_all()
        once = AskedOnce(PROVIDER)
        whole = scan(emulator, once.but(()))
        assert whole.result.report.run.complete
        assert not whole.result.report.run.defects
        assert emulator.unimplemented == []
        assert emulator.writes == []
        yield Account(emulator, once, whole)


def operations() -> list[str]:
    return sorted({call.wire for call in CALLS} - {IDENTITY})


def exists(permission: str) -> bool:
    service, _, name = permission.partition(":")
    return bool(get_action_data(service, name))


def refused(account: Account, denied: Collection[str]) -> Scanned:
    """A scan in which these operations are asked and refused; what others answer does not depend on that."""
    for operation in denied:
        account.emulator.deny(operation)
    try:
        return scan(account.emulator, account.once.but(denied))
    finally:
        account.emulator.allow_all()


def assert_law(account: Account, denied: Collection[str]) -> Scanned:
    """The law for one set of refused operations."""
    part = refused(account, denied)
    denial.assert_law(account.whole, part, denied, PERMISSIONS, exists)
    return part


@pytest.mark.parametrize("operation", share(operations(), 4))
def test_one_operation_refused(account: Account, operation: str) -> None:
    assert_law(account, {operation})


def test_every_operation_is_asked(account: Account) -> None:
    """No call is declared for nothing, and none is made undeclared; what was told once is what is told again."""
    account.emulator.forget()
    again = scan(account.emulator)
    assert set(account.emulator.counts) == {call.wire for call in CALLS}
    assert again.statuses == account.whole.statuses


def test_all_operations_refused(account: Account) -> None:
    part = assert_law(account, operations())
    assert all(f.status == "unknown" for f in part.results.values())


def on_demand() -> list[str]:
    """Operations that are asked only where somebody wants to know more than verdicts."""
    return sorted({call.wire for call in CALLS} - {call.wire for call in denial.calls_of(PROVIDER, everything=False)})


def test_what_is_asked_on_demand_changes_no_verdict(account: Account) -> None:
    """Not when it is refused, and not when it is not asked."""
    part = assert_law(account, on_demand())
    assert part.statuses == account.whole.statuses
    account.emulator.forget()
    plain = scan(account.emulator, everything=False)
    assert plain.statuses == account.whole.statuses
    assert account.emulator.counts.keys().isdisjoint(on_demand())


def pairs(seed: int, count: int) -> list[tuple[str, str]]:
    every = list(itertools.combinations(operations(), 2))
    return random.Random(seed).sample(every, count)


@pytest.mark.parametrize("pair", pairs(2026, 6), ids="+".join)
def test_two_operations_refused(account: Account, pair: tuple[str, str]) -> None:
    assert_law(account, pair)


def pairs_inside_services() -> list[tuple[str, str]]:
    by_service = itertools.groupby(operations(), key=lambda operation: operation.split(":")[0])
    return [pair for _, inside in by_service for pair in itertools.combinations(inside, 2)]


@pytest.mark.laws
@pytest.mark.parametrize("pair", pairs_inside_services(), ids="+".join)
def test_two_operations_of_a_service_refused(account: Account, pair: tuple[str, str]) -> None:
    assert_law(account, pair)
