"""What goes wrong goes wrong as announced: by rule, by rate, by quota, and again the same way."""

from __future__ import annotations

import time

import pytest
import requests

from providers.azure.emulator import Emulator, Faults, Rule
from providers.emulation.faults import Kind
from tests.providers.azure.emulator.conftest import NEW, ONE, TWO, Caller

DISKS, ACCOUNTS = "providers/Microsoft.Compute/disks", "providers/Microsoft.Storage/storageAccounts"


@pytest.fixture
def azure() -> object:
    """A tenant for each test: these leave it changed."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def caller(azure: Emulator) -> Caller:
    return Caller(azure)


@pytest.mark.parametrize(
    ("why", "status", "code"),
    [
        ("denied", 403, "AuthorizationFailed"),
        ("throttled", 429, "SubscriptionRequestsThrottled"),
        ("failed", 500, "InternalServerError"),
        ("unavailable", 503, "ServiceUnavailable"),
        ("expired", 401, "ExpiredAuthenticationToken"),
        ("service-off", 409, "MissingSubscriptionRegistration"),
        ("gone", 404, "ResourceNotFound"),
    ],
)
def test_a_rule_covers_its_operation_and_no_other(
    azure: Emulator, caller: Caller, why: Kind, status: int, code: str
) -> None:
    azure.disturb(Rule(why=why, operation="Microsoft.Compute:disks.list", resource=ONE))
    told = caller.get(f"{ONE}/{DISKS}")
    assert (told.status, told.code) == (status, code)
    assert caller.get(f"{TWO}/{DISKS}").status == 200
    assert caller.get(f"{ONE}/{ACCOUNTS}").status == 200
    azure.allow_all()
    assert caller.get(f"{ONE}/{DISKS}").status == 200


def test_a_denial_has_the_body_of_a_missing_right(azure: Emulator, caller: Caller) -> None:
    denied = f"{ONE}/{ACCOUNTS}"
    azure.deny("Microsoft.Storage:storageAccounts.list")
    by_rule = caller.get(denied)
    azure.allow_all()
    azure.revoke("Microsoft.Storage/storageAccounts/read")
    assert caller.get(denied).body == by_rule.body


def test_microsoft_graph_and_resource_graph_refuse_in_their_own_words(azure: Emulator, caller: Caller) -> None:
    azure.deny("Microsoft.Graph:users.list")
    azure.disturb(Rule(why="throttled", operation="Microsoft.ResourceGraph:resources.list"))
    azure.disturb(Rule(why="throttled", operation="Microsoft.Graph:groups.list"))
    assert caller.graph("users").code == "Authorization_RequestDenied"
    assert caller.graph("groups").code == "TooManyRequests"
    told = caller.query("resources | project id")
    assert (told.status, told.code, told.headers["Retry-After"]) == (429, "RateLimiting", "1")
    assert told.headers["x-ms-user-quota-remaining"] == "0"


def test_a_rule_may_pass(azure: Emulator, caller: Caller) -> None:
    azure.disturb(Rule(why="throttled", operation="*", times=2))
    assert [caller.get(f"{ONE}/{DISKS}").status for _ in range(3)] == [429, 429, 200]
    assert caller.get(f"{TWO}/{DISKS}").status == 429


@pytest.mark.parametrize("why", ["reset", "truncated"])
def test_a_bad_delivery_is_no_answer(azure: Emulator, caller: Caller, why: Kind) -> None:
    azure.disturb(Rule(why=why, operation="Microsoft.Compute:*"))
    with pytest.raises(requests.RequestException):
        caller.get(f"{ONE}/{DISKS}")


def test_the_same_seed_is_the_same_weather() -> None:
    def weather(seed: int) -> list[int]:
        with Emulator(faults=Faults(seed=seed, failed=0.3, throttled=0.3)) as azure:
            caller = Caller(azure)
            return [caller.get(f"{path}/{kind}").status for path in (ONE, TWO, NEW) for kind in (DISKS, ACCOUNTS) * 4]

    assert weather(1) == weather(1)
    assert len({tuple(weather(seed)) for seed in range(3)}) > 1
    assert set(weather(2)) == {200, 429, 500}


def test_each_subscription_has_a_quota_of_its_own() -> None:
    with Emulator(faults=Faults(per_second=5, burst=3)) as azure:
        caller = Caller(azure)
        caller.token()
        asked = [caller.get(f"{ONE}/{DISKS}") for _ in range(6)]
        assert [told.status for told in asked[:3]] == [200, 200, 200]
        refused = [told for told in asked if told.status == 429]
        assert refused
        assert {told.headers["Retry-After"] for told in refused} == {"1"}
        assert caller.get(f"{TWO}/{DISKS}").status == 200
        time.sleep(0.5)
        assert caller.get(f"{ONE}/{DISKS}").status == 200


def test_one_operation_may_be_slow() -> None:
    with Emulator(
        faults=Faults(slow=0.3, rules=(Rule(why="slow", operation="Microsoft.Compute:disks.list"),))
    ) as azure:
        caller = Caller(azure)
        caller.token()
        start = time.monotonic()
        assert caller.get(f"{ONE}/{DISKS}").status == 200
        between = time.monotonic()
        assert caller.get(f"{ONE}/{ACCOUNTS}").status == 200
        assert between - start >= 0.3 > time.monotonic() - between


def test_a_slow_answer_takes_its_time() -> None:
    with Emulator(faults=Faults(delay=0.3)) as azure:
        caller = Caller(azure)
        caller.token()
        start = time.monotonic()
        assert caller.get(f"{ONE}/{DISKS}").status == 200
        assert time.monotonic() - start >= 0.3
