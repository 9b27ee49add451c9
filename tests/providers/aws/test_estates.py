"""The emulated accounts together show every check what it is there for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator, Estate, default_estate, hardened_estate, new_estate
from scanner.cli import doors
from scanner.finding import Finding
from tests.providers.aws.test_denial_law import scan

Results = Mapping[str, list[Finding]]


def findings_of(estate: Estate) -> list[Finding]:
    with Emulator(estate) as account:
        scanned = scan(account)
        assert account.unimplemented == []
        assert account.writes == []
        assert not scanned.result.report.run.defects
        return list(scanned.results.values())


@pytest.fixture(scope="module")
def demo() -> Iterator[list[Finding]]:
    yield findings_of(default_estate())


@pytest.fixture(scope="module")
def results(demo: list[Finding]) -> Results:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in [*demo, *findings_of(hardened_estate()), *findings_of(new_estate())]:
        found[finding.check].append(finding)
    return found


APPLYING = sorted(
    name for name, check in doors.checks().items() if any(check.applies_to(kind) for kind in PROVIDER.kinds())
)


@pytest.mark.parametrize("check", APPLYING)
def test_every_check_fails_and_passes(results: Results, check: str) -> None:
    statuses = {finding.status for finding in results[check]}
    assert {"fail", "pass"} <= statuses


def test_the_demo_shows_three_kinds_of_unknown(demo: list[Finding]) -> None:
    whys = {gap.why for finding in demo for gap in finding.unread}
    assert len(whys) >= 3 or len({(gap.why, gap.call) for finding in demo for gap in finding.unread}) >= 3


def test_what_belongs_to_the_provider_never_fails(results: Results) -> None:
    owned = [f for found in results.values() for f in found if f.responsibility.side == "provider"]
    assert owned
    assert {f.status for f in owned} == {"not-applicable"}
    assert any(":aws:policy/" in f.resource.uid for f in owned)
    assert any("/aws-service-role/" in f.resource.uid for f in owned)


EXPECTED = {
    "storage-public-read": {
        "fail": {"acme-website", "acme-downloads", "acme-signed-in", "acme-halfway-open", "acme-trails-open"},
        "pass": {"acme-office", "acme-blocked", "acme-stale-acl", "acme-partner", "acme-tls-only", "acme-archive"},
        "unknown": {"acme-secret-policy"},
    },
    "storage-public-write": {"fail": {"acme-dropbox"}, "pass": {"acme-website", "acme-office"}},
    "storage-plain-text-allowed": {"pass": {"acme-tls-only"}, "fail": {"acme-archive"}},
    "storage-unversioned": {"pass": {"acme-archive", "acme-legal"}, "fail": {"acme-backups", "acme-scratch"}},
    "storage-unencrypted": {"pass": {"acme-archive", "acme-scratch"}, "fail": {"acme-old"}},
    "storage-provider-key": {"pass": {"acme-archive", "acme-trails"}, "fail": {"acme-scratch"}},
    "principal-services-unused": {
        "fail": {"alice", "ci-runner", "PostureAudit", "vendor-without-id", "lambda-admin"},
        "pass": {"bob", "climber", "nobody", "dormant", "vendor-with-id"},  # `dormant` is for `role-unused`
    },
    "storage-shared-outside": {"fail": {"acme-partner", "acme-office"}, "pass": {"acme-tls-only"}},
}


@pytest.mark.parametrize("check", sorted(EXPECTED))
def test_answers_per_resource(demo: list[Finding], check: str) -> None:
    for status, names in EXPECTED[check].items():
        got = {f.resource.name for f in demo if f.check == check and f.status == status}
        assert names <= got, f"{status}: {sorted(names - got)} missing"


def test_every_access_failure_has_a_witness(demo: list[Finding]) -> None:
    access = [f for f in demo if f.status == "fail" and f.check in ("storage-public-read", "role-trusts-anyone")]
    assert access
    assert all(f.witness is not None for f in access)


def test_the_layer_that_saves_is_named(demo: list[Finding]) -> None:
    (blocked,) = [f for f in demo if f.check == "storage-public-read" and f.resource.name == "acme-blocked"]
    assert "bucket's public access block" in blocked.mitigated_by
