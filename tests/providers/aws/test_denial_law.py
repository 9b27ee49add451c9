"""The denial law, over HTTP: take any operation away, and each answer stays or turns UNKNOWN with what is missing.

Nothing flips, nothing vanishes without a gap and an UNKNOWN on the scope, and the scan says that it is incomplete.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pytest
from policy_sentry.querying.actions import get_action_data

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from scanner.cli import doors
from scanner.cli.run import Job, Result, scan_live
from scanner.finding import Finding
from scanner.schedule import Limits
from tests.providers.aws.test_calls import CALLS

IDENTITY = "sts:GetCallerIdentity"
"""Cannot be refused: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Scanned:
    """The results of a scan, by check, resource and region, and the run."""

    results: Mapping[Key, Finding]
    result: Result

    @property
    def scope(self) -> str:
        return self.result.report.run.scopes[0].uid


def scan(account: Emulator) -> Scanned:
    settings = {
        "endpoint": account.url,
        "access-key-id": "AKIAIOSFODNN7EXAMPLE",
        "secret-access-key": "secret",
        "home-region": "us-east-1",
    }
    job = Job(tuple(doors.checks().values()), limits=Limits(pause=0.01))
    result = scan_live(job, [(PROVIDER, settings)], None, lambda _: None)
    findings = list(result.report.findings)
    results = {(f.check, f.resource.uid, f.resource.region): f for f in findings}
    assert len(results) == len(findings)
    assert len({f.id for f in findings}) == len(findings)
    return Scanned(results, result)


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


PERMISSIONS = {call.wire: frozenset(call.permissions) for call in CALLS}


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
    run = part.result.report.run
    missing = {permission for operation in denied for permission in PERMISSIONS[operation]}
    scope_unknown = {
        check for (check, uid, _), f in part.results.items() if uid == whole.scope and f.status == "unknown"
    }
    changed = False
    for key, before in whole.results.items():
        after = part.results.get(key)
        if after is None:
            changed = True
            assert key[0] in scope_unknown, f"{key} vanished without an unknown on the scope"
            assert any(gap.why == "denied" for gap in run.gaps), f"{key} vanished without a gap"
        elif after.status != before.status:
            changed = True
            assert after.status == "unknown", f"{key}: {before.status} became {after.status} without {denied}"
            assert missing & set(after.needs), f"{key}: needs {after.needs}, refused was {missing}"
    for key, after in part.results.items():
        if key not in whole.results:
            changed = True
            assert after.status == "unknown", f"{key} appeared as {after.status} without {denied}"
            assert key[1] == whole.scope
    for gap in run.gaps:
        if gap.why == "denied":
            assert gap.call in denied
            assert all(exists(permission) for permission in gap.needs)
            assert set(gap.needs) <= PERMISSIONS[gap.call]
    assert run.complete is not changed
    assert not run.defects


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
