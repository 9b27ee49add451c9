"""The sink `security-hub` over HTTP, against hubs that enforce what AWS documents."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from providers.aws.sinks.asff import Asff
from providers.aws.sinks.security_hub import TYPE, SecurityHub
from providers.aws.sinks.security_hub_options import SecurityHubOptions
from scanner.deliver.courier import Courier
from scanner.deliver.route import Route
from scanner.deliver.sink import SENT, Delivery, Outcome, Sink, SinkError
from scanner.finding import Finding
from scanner.history import Outgoing, open_history
from scanner.report.event import Background
from tests.engine.history.mail import post
from tests.providers.aws.sinks.account import ACCOUNT, CHECKS, TAKEN, bucket, finding, gone, model, scope
from tests.providers.aws.sinks.hub_fake import Hubs, Told

OTHER = "210987654321"
ROLE = f"arn:aws:iam::{OTHER}:role/OursideDelivers"


@pytest.fixture
def hubs(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Hubs]:
    """Hubs of the caller's account in two regions, and nothing of the machine's own configuration."""
    with Hubs(enabled={(ACCOUNT, "eu-west-1"), (ACCOUNT, "us-east-1")}) as fake:
        for name, value in {
            "AWS_ENDPOINT_URL_STS": fake.url,
            "AWS_ENDPOINT_URL_SECURITYHUB": fake.url,
            "AWS_ACCESS_KEY_ID": "AKIDOWN",
            "AWS_SECRET_ACCESS_KEY": "secret-of-the-test",
            "AWS_REGION": "eu-west-1",
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            monkeypatch.setenv(name, value)
        yield fake


def deliveries(*findings: Finding) -> list[Delivery]:
    scopes = {("aws", account): scope(account) for account in (ACCOUNT, OTHER)}
    maker = Asff(Background(CHECKS, model(), scopes))
    events = [maker.finding(each) for each in findings]
    return [Delivery(event.uid, event.key, event.body.encode()) for event in events if event is not None]


@contextmanager
def opened(**options: Any) -> Iterator[Sink]:
    sink = TYPE.make(SecurityHubOptions(**options))
    sink.open()
    try:
        yield sink
    finally:
        sink.close()


def send(*findings: Finding, **options: Any) -> Sequence[Outcome]:
    return send_bodies(deliveries(*findings), **options)


def send_bodies(batch: Sequence[Delivery], **options: Any) -> Sequence[Outcome]:
    with opened(**options) as sink:
        return sink.send(batch)


def many(count: int, **more: Any) -> list[Finding]:
    return [finding(number=number, **more) for number in range(count)]


def test_findings_go_to_the_hub_of_their_region(hubs: Hubs) -> None:
    in_ireland, nowhere = finding(number=1), finding(number=2, subject=bucket(region="global"))
    assert send(in_ireland, nowhere) == [SENT, SENT]
    assert {place[:2] for place in hubs.stored} == {(ACCOUNT, "eu-west-1"), (ACCOUNT, "us-east-1")}
    assert hubs.stored[(ACCOUNT, "us-east-1", nowhere.id)]["Compliance"]["Status"] == "FAILED"


def test_what_is_nowhere_goes_home(hubs: Hubs) -> None:
    nowhere = finding(subject=bucket(region="global"))
    assert send(nowhere, home_region="eu-west-1") == [SENT]
    stored = hubs.stored[(ACCOUNT, "eu-west-1", nowhere.id)]
    assert stored["ProductArn"] == f"arn:aws:securityhub:eu-west-1:{ACCOUNT}:product/{ACCOUNT}/default"


def test_one_region_may_take_all(hubs: Hubs) -> None:
    far = finding(subject=bucket(region="ap-south-1"))
    assert send(far, region="eu-west-1") == [SENT]
    stored = hubs.stored[(ACCOUNT, "eu-west-1", far.id)]
    assert stored["Resources"][0]["Region"] == "ap-south-1"


def test_a_batch_is_cut_to_what_a_hub_takes(hubs: Hubs) -> None:
    assert TYPE.limits.items >= 201
    assert send(*many(201)) == [SENT] * 201
    assert [count for _, _, count in hubs.requests] == [100, 100, 1]
    assert len(hubs.stored) == 201


def test_a_batch_of_the_largest_findings_is_cut_to_what_a_hub_takes(hubs: Hubs) -> None:
    batch = []
    for delivery in deliveries(*many(30)):
        told = json.loads(delivery.body)
        fat = {f"k{number:02}": "x" * 2048 for number in range(50)}
        details = {"Other": {f"k{number:02}": "\u00e9" * 2048 for number in range(10)}}
        told |= {"ProductFields": fat, "Resources": [{**told["Resources"][0], "Details": details}]}
        batch.append(Delivery(delivery.uid, delivery.key, json.dumps(told).encode()))
    assert 200_000 < len(batch[0].body) <= TYPE.limits.largest
    assert send_bodies(batch) == [SENT] * 30
    assert len(hubs.requests) == 2


def test_sent_again_changes_nothing_and_later_news_does(hubs: Hubs) -> None:
    first, place = finding(), (ACCOUNT, "eu-west-1", finding().id)
    with opened() as sink:
        assert sink.send(deliveries(first)) == sink.send(deliveries(first)) == [SENT]
        hubs.stored[place] |= {"Workflow": {"Status": "NOTIFIED"}, "Note": {"Text": "asked", "UpdatedBy": "x"}}
        mended = finding("pass", at=TAKEN + timedelta(days=1), scan="scan-2")
        assert sink.send(deliveries(mended)) == [SENT]
        stored = hubs.stored[place]
        assert (stored["Compliance"]["Status"], stored["RecordState"]) == ("PASSED", "ARCHIVED")
        assert (stored["Workflow"], stored["Note"]["Text"]) == ({"Status": "NOTIFIED"}, "asked")
        assert sink.send(deliveries(first)) == [SENT]
        assert hubs.stored[place] == stored, "an older one came later, and undid it"


def test_what_is_gone_is_archived(hubs: Hubs) -> None:
    before = finding(at=TAKEN - timedelta(days=1))
    assert send(before) == send(gone()) == [SENT]
    stored = hubs.stored[(ACCOUNT, "eu-west-1", before.id)]
    assert (stored["Compliance"]["Status"], stored["RecordState"]) == ("NOT_AVAILABLE", "ARCHIVED")


def test_a_bad_finding_costs_only_itself(hubs: Hubs) -> None:
    batch = deliveries(*many(5))
    bad = json.loads(batch[2].body)
    batch[2] = Delivery("u", batch[2].key, json.dumps({**bad, "Title": "x" * 300}).encode())
    outcomes = send_bodies(batch)
    assert [outcome.state for outcome in outcomes] == ["sent", "sent", "refused", "sent", "sent"]
    assert "InvalidInput" in outcomes[2].why and "Title" in outcomes[2].why


def test_what_is_no_finding_is_refused(hubs: Hubs) -> None:
    head = b'{"Id":"a","AwsAccountId":"123456789012","ProductArn":"arn:aws:securityhub:x:123456789012:product/","X":'
    bodies = [
        b"{}",
        b"[]",
        b"not json",
        b'{"Id":"a","AwsAccountId":"1","ProductArn":"arn:aws:securityhub:x:1:product/"}',
        head + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ]
    outcomes = send_bodies([Delivery(f"u{number}", "k", body) for number, body in enumerate(bodies)])
    assert [(outcome.state, "no finding in ASFF" in outcome.why) for outcome in outcomes] == [("refused", True)] * 5
    assert hubs.requests == []


def test_a_request_that_is_refused_whole_is_taken_apart(hubs: Hubs) -> None:
    """Whoever is wrong is found; the others are taken."""
    batch = deliveries(*many(7))
    unknown = json.loads(batch[4].body) | {"FindingProviderFields": {"Severity": {"Label": 5}}}
    batch[4] = Delivery("u", batch[4].key, json.dumps(unknown).encode())
    outcomes = send_bodies(batch)
    assert [outcome.state for outcome in outcomes] == ["sent"] * 4 + ["refused"] + ["sent"] * 2
    assert len(hubs.stored) == 6


def test_a_hub_that_is_not_enabled_waits_and_says_what_to_do(hubs: Hubs) -> None:
    far = [finding(number=number, subject=bucket(region="ap-south-1")) for number in range(150)]
    outcomes = send(*far, finding(number=900))
    assert outcomes[-1] == SENT
    assert {outcome.state for outcome in outcomes[:-1]} == {"again"}
    assert "aws securityhub enable-security-hub --region ap-south-1" in outcomes[0].why
    assert outcomes[0].after == 900
    assert [count for _, region, count in hubs.requests if region == "ap-south-1"] == [100], "it was asked once"


def test_a_hub_that_was_closed_is_asked_again_when_its_events_are_sent_again(hubs: Hubs) -> None:
    """A sender may be at work for hours, and somebody enables the hub meanwhile."""
    now = [0.0]
    sink = SecurityHub(SecurityHubOptions(), lambda: now[0])
    sink.open()
    batch = deliveries(finding(subject=bucket(region="ap-south-1")))
    (outcome,) = sink.send(batch)
    hubs.enabled.add((ACCOUNT, "ap-south-1"))
    assert sink.send(batch) == [outcome], "it is not asked for each batch"
    assert outcome.after is not None
    now[0] += outcome.after
    assert sink.send(batch) == [SENT]
    sink.close()


def test_an_account_whose_hub_is_closed_holds_up_no_other(hubs: Hubs, tmp_path: Path) -> None:
    """Batches that are all of such an account come first, and a mixed one; then others."""
    theirs = [finding(number=number, subject=bucket(account=OTHER)) for number in range(25)]
    batch = deliveries(*theirs, *(finding(number=100 + number) for number in range(25)))
    with open_history(str(tmp_path / "history.db")) as history:
        post(history, [Outgoing("hub", each.uid, each.key, each.body.decode()) for each in batch])
    kind = replace(TYPE, limits=replace(TYPE.limits, items=10))
    route = Route(name="hub", type=kind, options=SecurityHubOptions(), format="asff")
    carried = Courier(route, lambda: open_history(str(tmp_path / "history.db"))).carry()
    assert (carried.delivered, carried.end) == (25, "waits")
    assert "name under `role` one to take on there" in carried.why
    assert {account for account, _, _ in hubs.stored} == {ACCOUNT}


def test_hubs_that_say_so_of_each_finding_are_understood_too(hubs: Hubs) -> None:
    """The documentation says that they are returned so."""
    given = many(2)
    failed = [{"Id": each.id, "ErrorCode": "InvalidAccess", "ErrorMessage": "no"} for each in given]
    hubs.faults.append(lambda *_: (200, {"FailedCount": 2, "SuccessCount": 0, "FailedFindings": failed}))
    outcomes = send(*given)
    assert {outcome.state for outcome in outcomes} == {"again"} and "is not enabled" in outcomes[0].why


def test_each_account_is_sent_to_by_a_role_in_it(hubs: Hubs) -> None:
    hubs.enabled.add((OTHER, "eu-west-1"))
    hubs.roles[ROLE] = "shared-word"
    own, theirs = finding(number=1), finding(number=2, subject=bucket(account=OTHER))
    third = finding(number=3, subject=bucket(account=OTHER))
    assert send(own, theirs, third, role="OursideDelivers", external_id="shared-word") == [SENT] * 3
    assert hubs.taken_on == [ROLE]
    assert {(account, region) for account, region, _ in hubs.stored} == {(ACCOUNT, "eu-west-1"), (OTHER, "eu-west-1")}


@pytest.mark.parametrize("named", ["arn:aws:iam::{account}:role/OursideDelivers", "path/OursideDelivers"])
def test_a_role_is_named_by_name_or_arn(hubs: Hubs, named: str) -> None:
    hubs.enabled.add((OTHER, "eu-west-1"))
    hubs.roles[ROLE.replace("OursideDelivers", "path/OursideDelivers") if named.startswith("path") else ROLE] = None
    assert send(finding(subject=bucket(account=OTHER)), role=named) == [SENT]


def test_without_a_role_other_accounts_wait(hubs: Hubs) -> None:
    outcomes = send(finding(number=1, subject=bucket(account=OTHER)), finding(number=2))
    assert outcomes[1] == SENT
    assert outcomes[0].state == "again" and "name under `role` one to take on there" in outcomes[0].why
    assert OTHER in outcomes[0].why and ACCOUNT in outcomes[0].why


def test_a_role_that_may_not_be_taken_on_says_so(hubs: Hubs) -> None:
    hubs.roles[ROLE] = "another-word"
    (outcome,) = send(finding(subject=bucket(account=OTHER)), role="OursideDelivers")
    assert outcome.state == "again" and f"grant the caller sts:AssumeRole on {ROLE}" in outcome.why


def refusal(code: str, status: int, message: str = "no") -> Any:
    def told(account: str, region: str) -> Told:
        return status, {"__type": code, "message": message, "Message": message}

    return told


def test_a_refusal_names_the_permission(hubs: Hubs) -> None:
    hubs.faults.append(refusal("AccessDeniedException", 403, "User: u is not authorized"))
    (outcome,) = send(finding())
    product = f"arn:aws:securityhub:eu-west-1:{ACCOUNT}:product/{ACCOUNT}/default"
    assert outcome.state == "again" and f"securityhub:BatchImportFindings on {product}" in outcome.why


def test_what_passes_is_tried_again_and_the_hub_rests(hubs: Hubs) -> None:
    many_there, elsewhere = many(101), finding(number=900, subject=bucket(region="us-east-1"))
    with opened() as sink:
        for code, status, after in (
            ("ThrottlingException", 429, 2.0),
            ("LimitExceededException", 429, 2.0),
            ("InternalException", 500, None),
            ("Mysterious", 418, None),
        ):
            hubs.requests.clear()
            hubs.faults.append(refusal(code, status))
            outcomes = sink.send(deliveries(*many_there, elsewhere))
            assert outcomes[-1] == SENT, "another hub was held up"
            assert {(outcome.state, outcome.after) for outcome in outcomes[:-1]} == {("again", after)}, code
            assert [region for _, region, _ in hubs.requests] == ["us-east-1"], "the hub was asked again at once"
            assert sink.send(deliveries(*many(2))) == [SENT] * 2


def test_where_nobody_answers_nobody_else_is_waited_for(hubs: Hubs) -> None:
    hubs.silent.add("eu-west-1")
    given = [finding(number=1), finding(number=2, subject=bucket(region="us-east-1"))]
    outcomes = send(*given, timeout=0.3)
    assert [outcome.state for outcome in outcomes] == ["again", "again"]
    assert "whether it was taken is not known" in outcomes[0].why and "was not asked" in outcomes[1].why
    assert hubs.requests == []


def test_a_connection_that_breaks_off_may_have_sent_all(hubs: Hubs) -> None:
    hubs.broken.add("eu-west-1")
    outcomes = send(finding(number=1), finding(number=2, subject=bucket(region="us-east-1")))
    assert [outcome.state for outcome in outcomes] == ["again", "sent"]


def test_what_is_not_said_to_be_taken_is_sent_again(hubs: Hubs) -> None:
    with opened() as sink:
        for told in ({}, {"FailedCount": 1, "SuccessCount": 1, "FailedFindings": []}):
            hubs.faults.append(lambda *_, told=told: (200, told))
            assert [outcome.state for outcome in sink.send(deliveries(*many(2)))] == ["again", "again"]


def test_credentials_that_expire_stop_the_sink_and_lose_nothing(hubs: Hubs) -> None:
    with opened() as sink:
        hubs.dead.add("AKIDOWN")
        with pytest.raises(SinkError) as caught:
            sink.send(deliveries(finding()))
        hubs.dead.clear()
        assert sink.send(deliveries(finding())) == [SENT]
    assert caught.value.lasting and "ExpiredToken" in caught.value.message and "aws configure" in caught.value.message
    assert "secret-of-the-test" not in caught.value.message


def test_a_roles_credentials_are_renewed(hubs: Hubs) -> None:
    hubs.enabled.add((OTHER, "eu-west-1"))
    hubs.roles[ROLE] = None
    theirs = deliveries(finding(subject=bucket(account=OTHER)))
    with opened(role="OursideDelivers") as sink:
        assert sink.send(theirs) == [SENT]
        hubs.dead.add("ASIA1")
        assert [outcome.state for outcome in sink.send(theirs)] == ["again"]
        assert sink.send(theirs) == [SENT]
    assert hubs.taken_on == [ROLE, ROLE]


def test_bad_credentials_are_told_when_it_is_opened(hubs: Hubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDUNKNOWN")
    with pytest.raises(SinkError) as caught:
        TYPE.make(SecurityHubOptions()).open()
    assert caught.value.lasting and "AWS does not say who we are" in caught.value.message


def test_no_credentials_are_told_when_it_is_opened(hubs: Hubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(SinkError) as caught:
        TYPE.make(SecurityHubOptions()).open()
    assert caught.value.lasting and "no AWS credentials were found" in caught.value.message


def test_an_unknown_profile_is_told_when_it_is_opened(hubs: Hubs) -> None:
    with pytest.raises(SinkError, match="the AWS profile 'nobody' does not exist") as caught:
        TYPE.make(SecurityHubOptions(profile="nobody")).open()
    assert caught.value.lasting


def test_plain_text_goes_to_this_machine_only(hubs: Hubs, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="use https"):
        SecurityHubOptions(endpoint="http://hub.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECURITYHUB", "http://hub.example")
    with pytest.raises(SinkError, match="plain http to another machine"):
        TYPE.make(SecurityHubOptions()).open()


def test_an_endpoint_may_be_given(hubs: Hubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECURITYHUB", "https://nowhere.invalid")
    assert send(finding(), endpoint=hubs.url) == [SENT]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"role": "a b"}, "`role` has to be"),
        ({"role": "arn:aws:iam::123:role/x"}, "`role` has to be"),
        ({"external-id": "xy"}, "belongs to a `role`"),
        ({"role": "r", "external-id": "a b"}, "`external-id` has to be"),
        ({"region": "Ireland"}, "`region` has to be a region"),
        ({"home-region": "eu west"}, "`home-region` has to be a region"),
        ({"timeout": 0}, "`timeout` has to be"),
        ({"regoin": "eu-west-1"}, "unknown field"),
    ],
)
def test_options_that_cannot_be_are_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert(options, SecurityHubOptions)


def test_the_test_of_a_sink_leaves_an_archived_sample(hubs: Hubs) -> None:
    assert TYPE.test_body is not None
    assert send_bodies([Delivery("t", "t", TYPE.test_body())]) == [SENT]
    stored = hubs.stored[(ACCOUNT, "eu-west-1", "ourside-test")]
    assert (stored["Sample"], stored["RecordState"]) == (True, "ARCHIVED")


def test_sinks_are_named_without_loading_what_they_need() -> None:
    code = (
        "import sys, providers.aws.sinks.security_hub, providers.aws.sinks.security_lake, providers.aws.sinks.asff; "
        "print({'boto3', 'botocore', 'duckdb', 'urllib3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_sink_that_was_not_opened_says_so() -> None:
    with pytest.raises(SinkError):
        SecurityHub(SecurityHubOptions()).send(deliveries(finding()))
