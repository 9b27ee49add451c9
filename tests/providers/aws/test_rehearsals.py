"""A breach that was: the scan names each duty that failed, on our side of the line, and none of them once repaired."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator, Rehearsal, rehearsal
from scanner.cli import doors
from scanner.finding import Finding
from scanner.provider import Settings
from tests.providers import denial

DUTIES = {
    "capital-one-2019": {
        "network.edge-protection",
        "identity.workload-identity",
        "identity.least-privilege",
        "logging.resource-telemetry",
    },
    "accenture-2017": {"data.public-access"},
}


@pytest.fixture(scope="module", params=DUTIES)
def told(request: pytest.FixtureRequest) -> Iterator[tuple[str, Rehearsal]]:
    yield request.param, rehearsal(request.param)


def findings(settings: Settings, breach: Rehearsal) -> list[Finding]:
    """What a scan finds by the expected checks; nothing of the account is left open."""
    scanned = denial.scan(PROVIDER, settings)
    run = scanned.result.report.run
    assert run.complete
    assert not run.defects
    assert "unknown" not in scanned.statuses.values()
    assert {finding.resource.account for finding in scanned.results.values()} == {breach.estate.account}
    checks = {expected.check for expected in breach.expected}
    return [finding for finding in scanned.results.values() if finding.check in checks]


def names(found: list[Finding], check: str, status: str) -> set[str]:
    return {finding.resource.name for finding in found if finding.check == check and finding.status == status}


def test_it_says_which_duties_failed(told: tuple[str, Rehearsal]) -> None:
    name, breach = told
    assert breach.title == PROVIDER.demos[name]
    assert {expected.duty for expected in breach.expected} == DUTIES[name]
    assert all(doors.checks()[expected.check].duty == expected.duty for expected in breach.expected)


def test_the_account_as_it_was_fails_each_expected_duty_on_the_customers_side(told: tuple[str, Rehearsal]) -> None:
    name, breach = told
    with PROVIDER.demo(name) as settings:
        found = findings(settings, breach)
    for expected in breach.expected:
        assert set(expected.resources) <= names(found, expected.check, "fail")
    failed = [finding for finding in found if finding.status == "fail"]
    assert {finding.responsibility.side for finding in failed} == {"customer"}
    assert {finding.responsibility.duty for finding in failed} == {expected.duty for expected in breach.expected}
    access = [finding for finding in failed if finding.check in ("storage-public-read", "role-reads-any-bucket")]
    assert access
    assert all(finding.witness is not None for finding in access)


def test_the_repaired_account_fails_none_of_them(told: tuple[str, Rehearsal]) -> None:
    _, breach = told
    with Emulator(breach.repaired) as account:
        settings = {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b", "home-region": "us-east-1"}
        found = findings(settings, breach)
        assert account.unimplemented == []
        assert account.writes == []
    assert {finding.status for finding in found} == {"pass"}
    for expected in breach.expected:
        assert set(expected.resources) <= names(found, expected.check, "pass")
