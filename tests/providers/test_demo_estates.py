"""The emulated clouds show every check what it is there for, and every failure is attributed to the customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from scanner.cli import doors
from scanner.finding import Finding
from tests.providers import denial
from tests.providers.clouds import NAMES, cloud

Results = Mapping[str, list[Finding]]

CHECKS = [
    (name, check.id)
    for name in NAMES
    for check in doors.checks().values()
    if any(check.applies_to(kind) for kind in doors.provider(name).kinds())
]

NEVER = {
    # https://learn.microsoft.com/azure/role-based-access-control/role-assignments
    ("azure", "account-granted-to-anyone"): "a role is assigned to principals, and everybody is none",
    # https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure
    ("azure", "storage-public-write"): "anonymous access to a container only reads",
    # https://learn.microsoft.com/azure/storage/common/storage-sas-overview
    ("azure", "storage-shared-outside"): "sharing is by signed link, which no setting shows",
    # https://learn.microsoft.com/azure/storage/common/storage-service-encryption
    # https://learn.microsoft.com/azure/virtual-machines/disk-encryption
    # https://cloud.google.com/logging/docs/audit#admin-activity
    ("gcp", "audit-trail-missing"): "Google always keeps the log of changes",
}
"""Checks that apply, and that nothing in the cloud can fail today, with the reason."""


@pytest.fixture(scope="module")
def results() -> Iterator[Mapping[str, Results]]:
    found: dict[str, dict[str, list[Finding]]] = {}
    for name in NAMES:
        by_check: dict[str, list[Finding]] = defaultdict(list)
        with cloud(name) as at:
            scanned = denial.scan(at.provider, at.settings)
        assert scanned.result.report.run.complete
        for finding in scanned.results.values():
            by_check[finding.check].append(finding)
        found[name] = by_check
    yield found


@pytest.mark.parametrize(("name", "check"), [one for one in CHECKS if one not in NEVER])
def test_each_check_is_shown_what_it_is_for(results: Mapping[str, Results], name: str, check: str) -> None:
    statuses = {finding.status for finding in results[name][check]}
    assert "fail" in statuses, f"{check} never fails in the demo of {name}: {statuses}"


@pytest.mark.parametrize(("name", "check"), NEVER)
def test_what_nothing_can_fail_is_judged_all_the_same(results: Mapping[str, Results], name: str, check: str) -> None:
    assert (name, check) in CHECKS
    statuses = {finding.status for finding in results[name][check]}
    assert "pass" in statuses
    assert "fail" not in statuses, f"{check} can fail in {name}: {NEVER[name, check]} is no reason"


@pytest.mark.parametrize("name", NAMES)
def test_each_failure_is_the_customers(results: Mapping[str, Results], name: str) -> None:
    failed = [finding for findings in results[name].values() for finding in findings if finding.status == "fail"]
    assert {finding.responsibility.side for finding in failed} == {"customer"}
    assert all(finding.reasons and finding.responsibility.customer_part for finding in failed)
    owned = [f for findings in results[name].values() for f in findings if f.status == "not-applicable"]
    assert {finding.responsibility.side for finding in owned} == {"provider"}


@pytest.mark.parametrize("name", NAMES)
def test_each_type_is_described(name: str) -> None:
    from scanner.cli.planning import model_of

    types = model_of([name]).types
    assert {kind.type_id for kind in doors.provider(name).kinds()} <= types.keys()


@pytest.mark.parametrize("name", NAMES)
def test_at_least_35_checks_apply(name: str) -> None:
    applying = [check for cloud_name, check in CHECKS if cloud_name == name]
    assert len(applying) >= 35
    families = {doors.checks()[check].duty.partition(".")[0] for check in applying}
    assert families >= {"data", "identity", "logging", "network"}
