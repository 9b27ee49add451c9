"""What a scan asks, as literals: nothing twice, nothing that no chosen check needs, pages as large as they may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from providers.aws.emulator.size import big_estate
from scanner.accountability.settle import Accountability
from scanner.cli.options import choose_checks
from scanner.cli.scan.run import Job, scan_live

SETTINGS = {"access-key-id": "AKIAIOSFODNN7EXAMPLE", "secret-access-key": "secret", "home-region": "us-east-1"}
BUCKETS, PRINCIPALS = 120, 80
"""So many that a call for each stands out from one for each region."""


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator(big_estate(buckets=BUCKETS, users=PRINCIPALS // 2, roles=PRINCIPALS // 2, regions=4)) as emulator:
        yield emulator


UNTIL_READY = ("GenerateCredentialReport", "GetServiceLastAccessedDetails")
"""Asked again until a report is ready: in this account it is the second time."""


def asked(account: Emulator, *checks: str) -> Counter[str]:
    """The calls of a scan with these checks."""
    account.forget()
    job = Job(choose_checks(checks), Accountability())
    result = scan_live(job, [(PROVIDER, {**SETTINGS, "endpoint": account.url})], None, lambda _: None)
    assert result.report.run.complete
    assert account.unimplemented == []
    assert account.writes == []
    twice = [request for request, count in Counter(map(repr, account.requests)).items() if count > 1]
    assert [request for request in twice if not any(operation in request for operation in UNTIL_READY)] == []
    return Counter(account.counts)


PER_BUCKET = (
    "s3:GetBucketAcl",
    "s3:GetBucketEncryption",
    "s3:GetBucketLogging",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketVersioning",
    "s3:GetPublicAccessBlock",
)
EXPOSURE = ("s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetPublicAccessBlock")


def test_one_check_makes_its_own_calls_only(account: Emulator) -> None:
    assert asked(account, "storage-public-read") == {
        "sts:GetCallerIdentity": 1,
        "s3:ListBuckets": 1,
        "s3control:GetPublicAccessBlock": 1,
        # What a bucket hands over to its access points, they let in: one list in each region.
        "ec2:DescribeRegions": 1,
        "s3control:ListAccessPoints": 4,
        **dict.fromkeys(EXPOSURE, BUCKETS),
    }


def test_a_check_of_one_setting_asks_one_call_per_bucket(account: Emulator) -> None:
    assert asked(account, "storage-unversioned") == {
        "sts:GetCallerIdentity": 1,
        "s3:ListBuckets": 1,
        "s3:GetBucketVersioning": BUCKETS,
    }


def test_a_check_of_users_asks_no_user(account: Emulator) -> None:
    assert asked(account, "user-password-without-mfa") == {
        "sts:GetCallerIdentity": 1,
        "iam:GetAccountAuthorizationDetails": 1,
        "iam:GenerateCredentialReport": 2,
        "iam:GetCredentialReport": 1,
    }


def test_services_cost_two_calls_per_principal_and_one_for_each_time_that_is_too_early(account: Emulator) -> None:
    calls = asked(account, "principal-services-unused")
    assert calls.pop("iam:GenerateCredentialReport") in (1, 2)  # it may be there from another scan
    assert calls == {
        "sts:GetCallerIdentity": 1,
        "iam:GetAccountAuthorizationDetails": 1,
        "iam:GetCredentialReport": 1,
        "iam:GenerateServiceLastAccessedDetails": PRINCIPALS,
        "iam:GetServiceLastAccessedDetails": 2 * PRINCIPALS,
    }


def test_all_checks(account: Emulator) -> None:
    calls = asked(account)
    assert {call: calls[call] for call in PER_BUCKET} == dict.fromkeys(PER_BUCKET, BUCKETS)
    assert calls["iam:GetAccountAuthorizationDetails"] == 1
    assert calls["ec2:DescribeRegions"] == 1
    assert calls["cloudtrail:DescribeTrails"] == 4
    assert calls["s3control:ListAccessPoints"] == 4
    assert calls["iam:GenerateServiceLastAccessedDetails"] == PRINCIPALS
