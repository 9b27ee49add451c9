"""Every event about the demo of each cloud is valid in each form, and of the right type of account."""

import json
from collections.abc import Iterator

import pytest

from scanner.accountability.settle import Accountability
from scanner.cli import doors
from scanner.cli.run import Job, scan_live
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


@pytest.fixture(scope="module", params=TYPES)
def demo(request: pytest.FixtureRequest) -> Iterator[tuple[str, Report]]:
    provider = doors.provider(request.param)
    job = Job(tuple(doors.checks().values()), Accountability(), limits=Limits(pause=0.01, paced=False))
    with provider.demo(request.param) as settings:
        yield request.param, scan_live(job, [(provider, settings)], None, lambda _: None).report


def test_every_line_of_ocsf_is_a_valid_event(demo: tuple[str, Report]) -> None:
    cloud, report = demo
    told: list[ocsf_lint.Event] = [json.loads(line) for line in ocsf.write(report)]
    for event in told:
        assert ocsf_lint.problems(event) == [], event
    assert len({event["metadata"]["uid"] for event in told}) == len(told)
    accounts = [event["cloud"]["account"] for event in told]
    assert {(account["type"], account["type_id"]) for account in accounts} == TYPES[cloud]
    read = [event["cloud"]["account"]["uid"] for event in told if event["class_uid"] == 6007]
    assert sorted(read) == sorted(scope.account for scope in report.run.scopes)
    assert sum(event["class_uid"] == 6008 for event in told) == len(report.run.gaps)


def test_every_line_of_ecs_is_a_document(demo: tuple[str, Report]) -> None:
    _, report = demo
    told = [json.loads(line) for line in ecs.write(report)]
    for document in told:
        assert ecs_lint.problems(document) == [], document
    assert len({document["event"]["id"] for document in told}) == len(told)


def test_events_in_the_native_format_are_its_lines(demo: tuple[str, Report]) -> None:
    _, report = demo
    maker = native.NativeEvents(background_of(report))
    lines = list(native.write(report))[:-1]
    findings: list[Finding] = list(report.findings)
    assert [maker.finding(finding).body + "\n" for finding in findings] == lines
    for read in scopes_read(report.run):
        (event,) = maker.scope(read)
        told = json.loads(event.body)["scope_read"]
        assert (told["scope"]["uid"], told["scan"]) == (event.key, report.run.scan)
        assert len(told["gaps"]) == len(read.gaps)
