"""Every event about the demo of each cloud is valid in each form, and of the right type of account."""

import json

import pytest

from scanner.accountability.settle import Accountability
from scanner.cli import doors
from scanner.cli.scan.run import Job, scan_live
from scanner.finding import Finding
from scanner.report import Report, ecs, native, ocsf
from scanner.report.event import scopes_read
from scanner.report.events import background_of
from scanner.schedule import Limits
from tests.engine.report import ecs_lint, ocsf_lint

# https://schema.ocsf.io/1.8.0/objects/account
TYPES = {
    "aws": {("AWS Account", 10)},
    "azure": {("Azure Subscription", 13), ("Azure AD Account", 6)},
    "gcp": {("GCP Project", 11), ("GCP Organization", 99), ("GCP Folder", 99)},
}


def demo_of(cloud: str) -> Report:
    provider = doors.provider(cloud)
    job = Job(tuple(doors.checks().values()), Accountability(), limits=Limits(pause=0.01, paced=False))
    with provider.demo(cloud) as settings:
        return scan_live(job, [(provider, settings)], None, lambda _: None).report


@pytest.mark.parametrize("cloud", TYPES)
def test_every_event_about_the_demo_is_valid(cloud: str) -> None:
    """One test for all forms: to scan the demo takes longer than to tell of it."""
    report = demo_of(cloud)
    assert_ocsf(report, cloud)
    assert_ecs(report)
    assert_native(report)


def assert_ocsf(report: Report, cloud: str) -> None:
    told: list[ocsf_lint.Event] = [json.loads(line) for line in ocsf.write(report)]
    for event in told:
        assert ocsf_lint.problems(event) == [], event
    assert len({event["metadata"]["uid"] for event in told}) == len(told)
    accounts = [event["cloud"]["account"] for event in told]
    assert {(account["type"], account["type_id"]) for account in accounts} == TYPES[cloud]
    read = [event["cloud"]["account"]["uid"] for event in told if event["class_uid"] == 6007]
    assert sorted(read) == sorted(scope.account for scope in report.run.scopes)
    assert sum(event["class_uid"] == 6008 for event in told) == sum(
        gap.why != "not-yet-known" for gap in report.run.gaps
    )


def assert_ecs(report: Report) -> None:
    told = [json.loads(line) for line in ecs.write(report)]
    for document in told:
        assert ecs_lint.problems(document) == [], document
    assert len({document["event"]["id"] for document in told}) == len(told)


def assert_native(report: Report) -> None:
    """Events in the native format are its lines."""
    maker = native.NativeEvents(background_of(report))
    lines = list(native.write(report))[:-1]
    findings: list[Finding] = list(report.findings)
    assert [maker.finding(finding).body + "\n" for finding in findings] == lines
    for read in scopes_read(report.run):
        (event,) = maker.scope(read)
        told = json.loads(event.body)["scope_read"]
        assert (told["scope"]["uid"], told["scan"]) == (event.key, report.run.scan)
        assert tuple(told["checks"]) == report.run.checks != ()
        assert len(told["gaps"]) == len(read.gaps)
