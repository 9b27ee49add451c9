"""What goes wrong arrives at the SDK as the real service's trouble would."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from providers.aws.emulator import Emulator, Faults, Rule
from tests.providers.aws.emulator.conftest import Clients, clients_of

Ask = Callable[[Clients], Any]

ASKED: dict[str, Ask] = {
    "s3:GetBucketAcl": lambda client: client("s3").get_bucket_acl(Bucket="acme-scratch"),
    "s3control:ListAccessPoints": lambda client: client("s3control").list_access_points(AccountId="111122223333"),
    "iam:GetAccountSummary": lambda client: client("iam").get_account_summary(),
    "sts:GetCallerIdentity": lambda client: client("sts").get_caller_identity(),
    "ec2:DescribeRegions": lambda client: client("ec2").describe_regions(),
    "cloudtrail:DescribeTrails": lambda client: client("cloudtrail").describe_trails(),
    "kms:ListAliases": lambda client: client("kms").list_aliases(),
    "account:GetAlternateContact": lambda client: client("account").get_alternate_contact(
        AlternateContactType="BILLING"
    ),
}
TROUBLE: dict[str, dict[str, tuple[str, int]]] = {
    "s3:GetBucketAcl": {
        "denied": ("AccessDenied", 403),
        "throttled": ("SlowDown", 503),
        "failed": ("InternalError", 500),
        "expired": ("ExpiredToken", 400),
        "region-off": ("InvalidAccessKeyId", 403),
    },
    "s3control:ListAccessPoints": {"denied": ("AccessDenied", 403), "throttled": ("SlowDown", 503)},
    "iam:GetAccountSummary": {
        "denied": ("AccessDenied", 403),
        "throttled": ("Throttling", 400),
        "failed": ("ServiceFailure", 500),
        "expired": ("ExpiredToken", 403),
        "region-off": ("InvalidClientTokenId", 403),
    },
    "sts:GetCallerIdentity": {"denied": ("AccessDenied", 403), "expired": ("ExpiredToken", 403)},
    "ec2:DescribeRegions": {
        "denied": ("UnauthorizedOperation", 403),
        "throttled": ("RequestLimitExceeded", 503),
        "failed": ("InternalError", 500),
        "expired": ("RequestExpired", 400),
        "region-off": ("AuthFailure", 401),
    },
    "cloudtrail:DescribeTrails": {
        "denied": ("AccessDeniedException", 400),
        "throttled": ("ThrottlingException", 400),
        "failed": ("InternalServerException", 500),
        "expired": ("ExpiredTokenException", 400),
        "region-off": ("UnrecognizedClientException", 400),
    },
    "kms:ListAliases": {
        "denied": ("AccessDeniedException", 400),
        "unsupported": ("UnsupportedOperationException", 400),
    },
    "account:GetAlternateContact": {
        "denied": ("AccessDeniedException", 403),
        "throttled": ("TooManyRequestsException", 429),
    },
}
CASES = [(operation, why, *answer) for operation, kinds in TROUBLE.items() for why, answer in kinds.items()]


@pytest.fixture(autouse=True)
def _nothing_stays(aws: Emulator) -> Iterator[None]:
    yield
    aws.allow_all()
    aws.forget()


@pytest.mark.parametrize("operation", ASKED)
def test_without_trouble_every_question_is_answered(aws: Emulator, client: Clients, operation: str) -> None:
    assert ASKED[operation](client)
    assert aws.counts == {operation: 1}


@pytest.mark.parametrize(("operation", "why", "code", "status"), CASES)
def test_each_protocol_words_its_trouble_as_aws_does(
    aws: Emulator, client: Clients, operation: str, why: Any, code: str, status: int
) -> None:
    aws.disturb(Rule(operation=operation, why=why))
    with pytest.raises(ClientError) as error:
        ASKED[operation](client)
    assert error.value.response["Error"]["Code"] == code
    assert error.value.response["Error"]["Message"]
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize("denied", ASKED)
def test_a_refused_operation_leaves_the_others_alone(aws: Emulator, client: Clients, denied: str) -> None:
    aws.deny(denied)
    for operation, ask in ASKED.items():
        if operation != denied:
            assert ask(client)


def test_refusal_of_one_resource_or_region_only(aws: Emulator, client: Clients) -> None:
    aws.deny("s3:GetBucketAcl", resource="acme-scratch")
    aws.deny("cloudtrail:*", region="eu-west-1")
    assert client("s3").get_bucket_acl(Bucket="acme-website")
    assert client("cloudtrail", "us-east-1").describe_trails()
    with pytest.raises(ClientError, match="AccessDenied"):
        client("s3").get_bucket_acl(Bucket="acme-scratch")
    with pytest.raises(ClientError, match="AccessDenied"):
        client("cloudtrail", "eu-west-1").describe_trails()
    aws.allow_all()
    assert client("s3").get_bucket_acl(Bucket="acme-scratch")


def test_the_demo_has_three_kinds_of_unknown() -> None:
    with Emulator() as aws:
        client = clients_of(aws)
        with pytest.raises(ClientError, match="AccessDenied"):
            client("s3", "eu-central-1").get_bucket_policy(Bucket="acme-secret-policy")
        assert client("s3", "eu-central-1").get_bucket_policy(Bucket="acme-blocked")
        with pytest.raises(ClientError, match="AccessDenied"):
            client("iam").get_account_password_policy()
        with pytest.raises(ClientError, match="UnsupportedOperationException"):
            client("kms", "eu-central-1").list_aliases()
        assert client("kms", "eu-west-1").list_aliases()


@pytest.mark.parametrize(("why", "expected"), [("reset", ConnectionClosedError), ("unreachable", ReadTimeoutError)])
def test_networks_fail_as_networks_do(aws: Emulator, why: Any, expected: type[Exception]) -> None:
    aws.disturb(Rule(operation="sts:GetCallerIdentity", why=why))
    with pytest.raises(expected):
        clients_of(aws, timeout=1)("sts").get_caller_identity()


def asked_plainly(aws: Emulator) -> http.client.HTTPConnection:
    """A connection on which a bucket's ACL has been asked for, with no SDK in between."""
    connection = http.client.HTTPConnection(aws.url.removeprefix("http://"), timeout=5)
    scope = "Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request"
    connection.request("GET", "/acme-scratch?acl", headers={"Authorization": f"AWS4-HMAC-SHA256 {scope}"})
    return connection


def test_a_dripping_answer_comes_a_byte_a_second(aws: Emulator) -> None:
    aws.disturb(Rule(operation="s3:GetBucketAcl", why="drip"))
    started = time.monotonic()
    with closing(asked_plainly(aws)) as connection:
        assert connection.getresponse().read(1) == b"<"
    assert time.monotonic() - started > 0.9


def test_a_cut_answer_announces_more_than_it_brings(aws: Emulator) -> None:
    aws.disturb(Rule(operation="s3:GetBucketAcl", why="truncated"))
    with closing(asked_plainly(aws)) as connection, pytest.raises(http.client.IncompleteRead) as error:
        connection.getresponse().read()
    assert error.value.partial


def test_an_answer_without_its_members_is_a_success_to_the_sdk(aws: Emulator, client: Clients) -> None:
    aws.disturb(Rule(operation="cloudtrail:DescribeTrails", why="keyless"))
    assert "trailList" not in client("cloudtrail").describe_trails()


def test_a_token_runs_out_in_the_middle() -> None:
    with Emulator(faults=Faults(expired_from=3)) as aws:
        sts = clients_of(aws)("sts")
        assert sts.get_caller_identity()
        assert sts.get_caller_identity()
        for _ in range(2):
            with pytest.raises(ClientError, match="ExpiredToken"):
                sts.get_caller_identity()


def fates(seed: int) -> list[str]:
    """What happens to forty requests, by code or exception."""
    found = []
    with Emulator(faults=Faults(seed=seed, failed=0.2, throttled=0.2, reset=0.2)) as aws:
        iam = clients_of(aws)("iam")
        for _ in range(40):
            try:
                iam.get_account_summary()
                found.append("answered")
            except ClientError as error:
                found.append(error.response["Error"]["Code"])
            except ConnectionClosedError as error:
                found.append(type(error).__name__)
    return found


def test_the_same_seed_gives_the_same_faults() -> None:
    first = fates(7)
    assert set(first) == {"answered", "ServiceFailure", "Throttling", "ConnectionClosedError"}
    assert fates(7) == first
    assert fates(8) != first
