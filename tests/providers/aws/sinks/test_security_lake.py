"""The sink `security-lake` over HTTP, into an emulated S3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from providers.aws.emulator import Emulator, Estate, Rule
from providers.aws.sinks.lake_part import part_of
from providers.aws.sinks.security_lake import TYPE, SecurityLake
from providers.aws.sinks.security_lake_options import SecurityLakeOptions, Sources
from scanner.deliver.sink import SENT, Delivery, Outcome, Sink, SinkError
from scanner.record import GapRecord
from scanner.report.event import Event, ScopeRead
from scanner.report.ocsf import OcsfEvents
from tests.providers.aws.emulator.conftest import clients_of
from tests.providers.aws.sinks.account import ACCOUNT, TAKEN, background, bucket, finding, scope
from tests.providers.aws.sinks.test_lake_file import as_told, rows

BUCKET = "aws-security-data-lake-eu-west-1-abc"
OPTIONS = {"bucket": BUCKET, "region": "eu-west-1"}
GAP = GapRecord("aws", ACCOUNT, "eu-west-1", "bucket", "s3:ListAllMyBuckets", ("s3:ListAllMyBuckets",), "denied", "", 5)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("aws")
    with Emulator(Estate(account=ACCOUNT)) as emulator, pytest.MonkeyPatch.context() as environment:
        client(emulator).create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        environment.setenv("AWS_CONFIG_FILE", str(folder / "config"))
        environment.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
        yield emulator


@pytest.fixture
def lake(account: Emulator) -> Emulator:
    account.allow_all()
    account.forget()
    for key in keys(account):
        client(account).delete_object(Bucket=BUCKET, Key=key)
    return account


@pytest.fixture(scope="module")
def usual(account: Emulator) -> Iterator[Sink]:
    """With the usual options, and opened once."""
    account.allow_all()
    with opened() as sink:
        yield sink


@cache
def client(account: Emulator) -> Any:
    return clients_of(account)("s3", "eu-west-1")


def keys(account: Emulator) -> list[str]:
    return [each["Key"] for each in client(account).list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def stored(account: Emulator, key: str, folder: Path) -> list[dict[str, Any]]:
    path = folder / "stored.parquet"
    path.write_bytes(client(account).get_object(Bucket=BUCKET, Key=key)["Body"].read())
    return [as_told(row) for row in rows(path)]


def told() -> list[Event]:
    """Two findings of the account, one of another, a scope, and what was not read of it."""
    maker = OcsfEvents(background())
    made = [
        maker.finding(finding(number=1)),
        maker.finding(finding("pass", number=2)),
        maker.finding(finding(number=3, subject=bucket(account="210987654321"))),
        *maker.scope(ScopeRead(scan="scan-1", taken_at=TAKEN, record=scope(), gaps=(GAP,), resources=3)),
    ]
    return [event for event in made if event is not None]


def deliveries(events: Sequence[Event]) -> list[Delivery]:
    return [Delivery(event.uid, event.key, event.body.encode()) for event in events]


@contextmanager
def opened(**options: Any) -> Iterator[Sink]:
    sink = TYPE.make(msgspec.convert({**OPTIONS, **options}, SecurityLakeOptions))
    sink.open()
    try:
        yield sink
    finally:
        sink.close()


def send(batch: Sequence[Delivery], **options: Any) -> Sequence[Outcome]:
    with opened(**options) as sink:
        return sink.send(batch)


def test_events_lie_under_source_region_account_and_day(lake: Emulator, usual: Sink, tmp_path: Path) -> None:
    events = told()
    assert usual.send(deliveries(events)) == [SENT] * len(events)
    found = {key.rpartition("/")[0]: stored(lake, key, tmp_path) for key in keys(lake)}
    assert {place: sorted(event["metadata"]["uid"] for event in held) for place, held in found.items()} == {
        f"ext/ourside-findings/region=eu-west-1/accountId={ACCOUNT}/eventDay=20261122": sorted(
            event.uid for event in events[:2]
        ),
        "ext/ourside-findings/region=eu-west-1/accountId=210987654321/eventDay=20261122": [events[2].uid],
        f"ext/ourside-errors/region=eu-west-1/accountId={ACCOUNT}/eventDay=20261122": [events[3].uid],
        f"ext/ourside-scans/region=eu-west-1/accountId={ACCOUNT}/eventDay=20261122": [events[4].uid],
    }
    bodies = {event.uid: json.loads(event.body) for event in events}
    assert all(event == bodies[event["metadata"]["uid"]] for held in found.values() for event in held)
    assert lake.unimplemented == []


def test_a_copy_takes_the_place_of_the_same(lake: Emulator, usual: Sink) -> None:
    batch = deliveries(told()[:2])
    usual.send(batch)
    before = keys(lake)
    usual.send(list(reversed(batch)))
    assert keys(lake) == before
    usual.send(batch[:1])
    assert len(keys(lake)) == len(before) + 1


def test_sources_have_names_of_their_own(lake: Emulator) -> None:
    send(deliveries(told()[2:]), sources={"findings": "acme.posture", "scans": "acme.scans"})
    assert {key.split("/")[1] for key in keys(lake)} == {"acme.posture", "acme.scans", "ourside-errors"}


def test_objects_are_encrypted_with_a_key_that_is_named(lake: Emulator) -> None:
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    send(deliveries(told()[:1]), **{"kms-key": key, "bucket-owner": ACCOUNT})
    (made,) = keys(lake)
    head = client(lake).head_object(Bucket=BUCKET, Key=made)
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)
    assert head["ContentType"] == "application/vnd.apache.parquet"


def test_a_role_is_taken_on_for_each_source(lake: Emulator) -> None:
    role = "arn:aws:iam::210987654321:role/AmazonSecurityLake-Provider-{source}-eu-west-1"
    send(deliveries(told()[2:]), role=role, **{"external-id": "shared-word"})
    assumed = [each.parameters for each in lake.writes if each.id == "sts:AssumeRole"]
    assert {each["RoleArn"].rpartition("-Provider-")[2] for each in assumed} == {
        "ourside-findings-eu-west-1",
        "ourside-scans-eu-west-1",
        "ourside-errors-eu-west-1",
    }
    assert {each["ExternalId"] for each in assumed} == {"shared-word"}


def test_what_no_source_takes_is_refused_alone(lake: Emulator, usual: Sink) -> None:
    batch = deliveries(told()[:2])
    unfit = json.loads(batch[0].body) | {"activity_id": "several"}
    batch += [Delivery("u1", "k1", json.dumps(unfit).encode()), Delivery("u2", "k2", b'{"class_uid":2004,"time":1}')]
    outcomes = usual.send(batch)
    assert [outcome.state for outcome in outcomes] == ["sent", "sent", "refused", "refused"]
    assert "does not fit the columns" in outcomes[2].why and "2004" in outcomes[3].why


def test_a_refusal_says_what_to_grant(lake: Emulator) -> None:
    lake.deny("s3:PutObject")
    outcomes = send(deliveries(told()))
    assert {(outcome.state, outcome.apart) for outcome in outcomes} == {("again", True)}
    assert f"s3://{BUCKET}/ext/ourside-findings/" in outcomes[0].why and "s3:PutObject" in outcomes[0].why
    assert lake.counts["s3:PutObject"] == 3, "each source was asked once"


@pytest.mark.parametrize("number", [3, 4])
def test_a_source_that_takes_nothing_holds_up_no_other(lake: Emulator, number: int) -> None:
    """As where one of the three was not made in the lake, or its role may not be taken on."""
    batch = deliveries(told())
    batch.insert(0, batch.pop(number))
    part = part_of(batch[0].body)
    lake.disturb(Rule(operation="s3:PutObject", resource=part.key(part.source(Sources()), "eu-west-1", [batch[0].uid])))
    now = [0.0]
    sink = SecurityLake(SecurityLakeOptions(bucket=BUCKET, region="eu-west-1"), lambda: now[0])
    sink.open()
    first, *others = sink.send(batch)
    asked = lake.counts["s3:PutObject"]
    assert sink.send(batch[:1]) == [first]
    assert lake.counts["s3:PutObject"] == asked, "it was asked once"
    assert (first.state, first.apart, first.after) == ("again", True, 900)
    assert others == [SENT] * 4
    lake.allow_all()
    now[0] += 900
    assert sink.send(batch[:1]) == [SENT], "it is asked again when its events are"
    sink.close()


def test_a_bucket_that_is_not_there_is_told(lake: Emulator) -> None:
    with pytest.raises(SinkError, match="correct `bucket` and `region`") as caught:
        send(deliveries(told()[:1]), bucket="aws-security-data-lake-eu-west-1-other")
    assert caught.value.lasting


@pytest.mark.parametrize(("why", "after"), [("throttled", 5.0), ("failed", None), ("reset", None)])
def test_what_passes_is_tried_again(lake: Emulator, usual: Sink, why: Any, after: float | None) -> None:
    lake.disturb(Rule(why=why, operation="s3:PutObject"))
    batch = deliveries(told()[:1])
    assert {(outcome.state, outcome.after) for outcome in usual.send(batch)} == {("again", after)}
    lake.allow_all()
    assert usual.send(batch) == [SENT]


def test_where_nobody_answers_the_bucket_is_asked_once(lake: Emulator) -> None:
    lake.disturb(Rule(why="unreachable", operation="s3:PutObject"))
    outcomes = send(deliveries(told()[1:3]), timeout=0.3)
    assert {outcome.state for outcome in outcomes} == {"again"}
    assert lake.counts["s3:PutObject"] == 1


def test_credentials_that_expire_stop_the_sink(lake: Emulator, usual: Sink) -> None:
    lake.disturb(Rule(why="expired", operation="s3:PutObject"))
    with pytest.raises(SinkError, match="aws configure") as caught:
        usual.send(deliveries(told()[:1]))
    assert caught.value.lasting


def test_a_folder_that_cannot_be_made_stops_the_sink(
    lake: Emulator, usual: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with pytest.raises(SinkError, match="TMPDIR") as caught:
        usual.send(deliveries(told()[:1]))
    assert not caught.value.lasting


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bucket": "Upper"}, "`bucket` has to be"),
        ({"region": "nowhere"}, "`region` has to be a region"),
        ({"kms-key": "alias/x"}, "`kms-key` has to be"),
        ({"bucket-owner": "12"}, "`bucket-owner` has to be"),
        ({"role": "OnlyAName"}, "`role` has to be a role's ARN"),
        ({"sources": {"findings": "a/b"}}, "cannot be the name of a source"),
        ({"sources": {"findings": "same", "scans": "same"}}, "different names"),
        ({"timeout": 0}, "`timeout` has to be"),
    ],
)
def test_options_that_cannot_be_are_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert({**OPTIONS, **options}, SecurityLakeOptions)


def test_a_sink_that_was_not_opened_says_so() -> None:
    with pytest.raises(SinkError):
        SecurityLake(SecurityLakeOptions(bucket=BUCKET, region="eu-west-1")).send(deliveries(told()))
