"""All that a scan of the demo tells: valid in ASFF, taken by Security Hub, and read back from the lake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from providers.aws import PROVIDER
from providers.aws.sinks import asff
from providers.aws.sinks.lake_columns import CLASSES, columns_of
from providers.aws.sinks.security_hub import TYPE
from providers.aws.sinks.security_hub_options import SecurityHubOptions
from scanner.accountability.settle import Accountability
from scanner.cli import doors
from scanner.cli.scan.run import Job, scan_live
from scanner.deliver.sink import SENT, Delivery
from scanner.report import Report, ocsf
from scanner.schedule import Limits
from tests.providers.aws.sinks.asff_schema import problems
from tests.providers.aws.sinks.hub_fake import Hubs
from tests.providers.aws.sinks.test_lake_file import written


def test_all_that_the_demo_tells_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One test, since to scan the demo takes longer than to tell of it."""
    job = Job(tuple(doors.checks().values()), Accountability(), limits=Limits(pause=0.01, paced=False))
    with PROVIDER.demo("aws") as settings:
        report = scan_live(job, [(PROVIDER, settings)], None, lambda _: None).report
    assert_asff_is_valid(report)
    assert_security_hub_takes_it(report, monkeypatch)
    assert_the_lake_gives_it_back(report, tmp_path)


def assert_asff_is_valid(demo: Report) -> None:
    told = [json.loads(line) for line in asff.write(demo)]
    for finding in told:
        assert problems(finding) == [], finding
    assert len({finding["Id"] for finding in told}) == len(told) == len(list(demo.findings))
    assert {finding["Compliance"]["Status"] for finding in told} >= {"FAILED", "PASSED", "WARNING"}
    assert {"AwsS3Bucket", "AwsIamRole", "AwsAccount"} <= {finding["Resources"][0]["Type"] for finding in told}


def assert_security_hub_takes_it(demo: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of each type of resource and verdict: the others are alike."""
    chosen = {}
    for line in asff.write(demo):
        finding = json.loads(line)
        chosen[finding["Resources"][0]["Type"], finding["Compliance"]["Status"], finding["ProductArn"]] = line
    batch = [Delivery(str(number), "", line.strip().encode()) for number, line in enumerate(chosen.values())]
    account = demo.run.scopes[0].account
    enabled = {(account, product.split(":")[3]) for _, _, product in chosen}
    assert len(enabled) > 1
    with Hubs(own=account, enabled=enabled) as hubs:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", hubs.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOWN")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        sink = TYPE.make(SecurityHubOptions(endpoint=hubs.url))
        sink.open()
        assert set(sink.send(batch)) == {SENT}
        sink.close()
        assert len(hubs.stored) == len(batch)


def assert_the_lake_gives_it_back(demo: Report, tmp_path: Path) -> None:
    told = [json.loads(line) for line in ocsf.write(demo)]
    for class_uid, struct in CLASSES.items():
        events = [event for event in told if event["class_uid"] == class_uid]
        bodies = (json.dumps(event).encode() for event in events)
        found = written(bodies, columns_of(struct), tmp_path)
        assert {event["metadata"]["uid"]: event for event in found} == {
            event["metadata"]["uid"]: event for event in events
        }
        assert len(found) == len(events) > 0
