"""The emulator keeps its own books, shares nothing, and says loudly what it cannot do."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from providers.aws.emulator import Emulator, Estate, default_estate, hardened_estate, read_estate
from providers.aws.emulator.estate import Bucket
from providers.aws.emulator.size import big_estate
from scanner.document import DataError
from tests.providers.aws.emulator.conftest import Clients, clients_of


def test_counts_say_what_was_asked(aws: Emulator, client: Clients) -> None:
    aws.forget()
    client("iam").get_account_authorization_details(MaxItems=1000)
    client("s3", "eu-west-1").get_bucket_acl(Bucket="acme-archive")
    client("cloudtrail", "eu-central-1").get_trail_status(Name="stopped")
    client("s3").list_buckets(MaxBuckets=10)
    assert [(item.id, item.region, dict(item.parameters)) for item in aws.requests] == [
        ("iam:GetAccountAuthorizationDetails", "us-east-1", {"MaxItems": "1000"}),
        ("s3:GetBucketAcl", "eu-west-1", {"Bucket": "acme-archive"}),
        ("cloudtrail:GetTrailStatus", "eu-central-1", {"Name": "stopped"}),
        ("s3:ListBuckets", "us-east-1", {"max-buckets": "10"}),
    ]
    assert aws.counts.total() == 4
    assert aws.writes == []


def test_what_changes_the_account_is_a_write_and_is_seen_afterwards() -> None:
    with Emulator(Estate(account="123456789012")) as aws:
        s3 = clients_of(aws)("s3")
        assert s3.list_buckets()["Buckets"] == []
        s3.create_bucket(Bucket="made-here")
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["made-here"]
        s3.put_object(Bucket="made-here", Key="a key", Body=b"content")
        assert s3.get_object(Bucket="made-here", Key="a key")["Body"].read() == b"content"
        assert [operation.id for operation in aws.writes] == ["s3:CreateBucket", "s3:PutObject"]
        assert aws.unimplemented == []


def test_what_cannot_be_answered_is_loud_and_noted(aws: Emulator, client: Clients) -> None:
    aws.forget()
    questions: tuple[Callable[[], Any], ...] = (
        lambda: client("s3").get_bucket_metrics_configuration(Bucket="acme-scratch", Id="all"),
        lambda: client("iam").get_organizations_access_report(JobId="0" * 36),
        lambda: client("account").list_regions(),
    )
    for ask in questions:
        with pytest.raises(ClientError) as error:
            ask()
        assert error.value.response["Error"]["Code"] == "EmulatorNotImplemented"
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert [item.operation for item in aws.unimplemented] == [
        "s3:GetBucketMetricsConfiguration",
        "iam:GetOrganizationsAccessReport",
        "account:ListRegions",
    ]
    aws.forget()


def test_emulators_share_nothing_not_even_with_the_same_account_and_buckets() -> None:
    with Emulator() as first, Emulator() as second, Emulator(Estate(account=first.account)) as empty:
        assert first.account == second.account
        one, other, none = (clients_of(emulator)("s3") for emulator in (first, second, empty))
        one.delete_bucket(Bucket="acme-scratch")
        names = [{bucket["Name"] for bucket in s3.list_buckets()["Buckets"]} for s3 in (one, other, none)]
        assert names[1] - names[0] == {"acme-scratch"}
        assert names[2] == set()
        assert other.get_bucket_acl(Bucket="acme-scratch")
        second.deny("s3:ListBuckets")
        assert one.list_buckets()
        assert second.writes == []


def test_many_ask_at_once_and_each_gets_its_own_answer(aws: Emulator, client: Clients) -> None:
    places = {bucket.name: bucket.region for bucket in default_estate().buckets}
    s3 = {region: client("s3", region) for region in set(places.values())}

    def name_of(bucket: str) -> str:
        return str(s3[places[bucket]].get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1")

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(name_of, list(places) * 5))
    assert found == list(places.values()) * 5


def test_nothing_is_left_when_it_has_stopped() -> None:
    before = threading.active_count()
    with Emulator(Estate(account="123456789012")) as aws:
        url = aws.url
        clients_of(aws)("sts").get_caller_identity()
    assert threading.active_count() == before
    with Emulator(Estate(account="123456789012"), port=int(url.rpartition(":")[2])) as again:
        assert again.url == url


def test_the_hardened_account_is_in_good_order() -> None:
    with Emulator(hardened_estate()) as aws:
        client = clients_of(aws)
        summary = client("iam").get_account_summary()["SummaryMap"]
        assert (summary["AccountMFAEnabled"], summary["AccountAccessKeysPresent"]) == (1, 0)
        policy = client("iam").get_account_password_policy()["PasswordPolicy"]
        assert (policy["MinimumPasswordLength"], policy["PasswordReusePrevention"]) == (16, 24)
        block = client("s3control").get_public_access_block(AccountId=aws.account)["PublicAccessBlockConfiguration"]
        assert all(block.values())
        assert client("account").get_alternate_contact(AlternateContactType="SECURITY")
        trail = client("cloudtrail").describe_trails()["trailList"][0]
        assert trail["IsMultiRegionTrail"]
        assert trail["LogFileValidationEnabled"]
        assert aws.unimplemented == []


def test_a_large_account_is_there_at_once() -> None:
    started = time.monotonic()
    with Emulator(big_estate(buckets=500, users=200, roles=200, regions=4)) as aws:
        client = clients_of(aws)
        buckets = client("s3").list_buckets(MaxBuckets=10_000)["Buckets"]
        assert len(buckets) == 500
        assert len({bucket["BucketRegion"] for bucket in buckets}) == 4
        details = client("iam").get_account_authorization_details(MaxItems=1000)
        assert (len(details["UserDetailList"]), len(details["RoleDetailList"])) == (200, 200)
        assert not details["IsTruncated"]
    assert time.monotonic() - started < 10


def test_recorded_answers_come_fast(aws: Emulator) -> None:
    """A question asked before costs no moto; a thousand of them take far less than ten seconds on any machine."""
    connection = http.client.HTTPConnection(aws.url.removeprefix("http://"))
    scope = "Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request"
    started = time.monotonic()
    for _ in range(1000):
        connection.request("GET", "/acme-scratch?acl", headers={"Authorization": f"AWS4-HMAC-SHA256 {scope}"})
        assert b"FULL_CONTROL" in connection.getresponse().read()
    assert time.monotonic() - started < 10
    connection.close()


def test_an_estate_file_is_read_or_says_where_it_is_wrong(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text('account: "123456789012"\nbuckets:\n  - name: of-{account}\n', encoding="utf-8")
    assert read_estate(good).buckets == (Bucket(name="of-123456789012"),)
    bad = tmp_path / "bad.yaml"
    bad.write_text('account: "123456789012"\nbuckets:\n  - nmae: slip\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.yaml:3: .*nmae"):
        read_estate(bad)


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text('account: "123456789012"\n', encoding="utf-8")
    command = [sys.executable, "-m", "providers.aws.emulator", "--estate", str(estate)]
    root = Path(__file__).resolve().parents[4]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["account"] == "123456789012"
        assert said["environment"]["AWS_ENDPOINT_URL"] == said["url"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
