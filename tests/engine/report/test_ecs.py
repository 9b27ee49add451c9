"""ECS: every document has fields of the schema alone, of its types, and says what became of a finding."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from scanner.finding import Finding, Lifecycle
from scanner.report import Report, ecs
from scanner.report.ecs import EcsEvents
from scanner.report.event import ScopeRead
from scanner.report.ocsf import OcsfEvents
from scanner.scope import Span
from tests.effort import effort
from tests.engine.report.ecs_lint import problems
from tests.engine.report.hostile import findings
from tests.engine.report.readings import background, readings
from tests.engine.report.sample import TAKEN, report_of, sample


def documents(report: Report) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ecs.write(report)]


def by_status(report: Report) -> dict[str, dict[str, Any]]:
    return {each["ourside"]["status"]: each for each in reversed(documents(report)) if each["event"]["kind"] == "state"}


def test_each_verdict() -> None:
    found = by_status(sample())
    assert all(problems(document) == [] for document in found.values())
    verdicts = {
        status: (document["result"]["evaluation"], document["event"].get("outcome"))
        for status, document in found.items()
    }
    assert verdicts == {
        "fail": ("failed", "failure"),
        "pass": ("passed", "success"),
        "unknown": ("unknown", "unknown"),
        "not-applicable": ("not_applicable", None),
        "excepted": ("failed", "failure"),
    }


def test_a_failure_says_what_where_why_and_whose() -> None:
    document = by_status(sample())["fail"]
    assert document["@timestamp"] == "2026-11-22T04:00:00Z"
    assert document["message"] == "customer-exports: the policy lets anyone read"
    assert document["resource"] == {
        "id": "lab:store:customer-exports",
        "name": "customer-exports",
        "type": "bucket",
        "sub_type": "lab.storage.store",
    }
    assert (document["rule"]["id"], document["rule"]["ruleset"]) == ("storage-public-read", "data.public-access")
    assert document["cloud"] == {"provider": "lab", "region": "east", "account": {"id": "1111", "name": "prod"}}
    ours = document["ourside"]
    assert (ours["severity"], document["event"]["severity"]) == ("critical", 5)
    assert (ours["responsibility"]["owner"], ours["due"]) == ("team-storage", "2026-11-29")
    assert json.loads(ours["evidence"]) == {"readers": ["anyone"]}
    assert json.loads(ours["witnesses"][0])["action"] == "store:Get"


def test_what_is_gone_says_so() -> None:
    finding = msgspec.structs.replace(
        next(iter(sample().findings)),
        status="not-applicable",
        reasons=(),
        last_seen=TAKEN - timedelta(days=1),
        lifecycle=Lifecycle("resolved", resolved_at=TAKEN),
    )
    document, _ = documents(replace(report_of([]), gone=[finding]))
    assert problems(document) == []
    assert (document["event"]["action"], document["@timestamp"]) == ("finding-close", "2026-11-22T04:00:00Z")
    assert (document["event"]["severity"], document["ourside"]["severity"]) == (1, "critical")
    assert "gone" in document["event"]["reason"]


def test_what_was_not_read_is_told_before_the_scope() -> None:
    *_, denied, throttled, scope = documents(sample())
    assert [problems(document) for document in (denied, throttled, scope)] == [[], [], []]
    assert (denied["error"]["code"], denied["error"]["type"]) == ("denied", "store:GetPolicy")
    assert denied["ourside"]["gap"]["unknown_results"] == 5
    assert (scope["event"]["action"], scope["event"]["outcome"]) == ("scope-read", "failure")
    assert (scope["ourside"]["scope"]["asked"], scope["ourside"]["scope"]["evaluated"]) == (23, 16)
    assert "error" not in scope


def test_a_scope_says_what_was_asked_of_it() -> None:
    report = sample()
    run = msgspec.structs.replace(report.run, checks=("storage-public-read", "storage-keeps-versions"))
    *_, scope = documents(replace(report, run=run))
    assert problems(scope) == []
    assert (scope["ourside"]["checks"], scope["ourside"]["checks_run"]) == (list(run.checks), 2)
    assert "what 2 checks asked of it was read in part" in scope["message"]


def test_a_scope_says_from_when_to_when_it_was_read() -> None:
    report = sample()
    (record,) = report.run.scopes
    timed = msgspec.structs.replace(record, reading=Span(TAKEN, TAKEN + timedelta(seconds=2)))
    *_, scope = documents(replace(report, run=msgspec.structs.replace(report.run, scopes=(timed,))))
    assert problems(scope) == []
    times = scope["event"]["start"], scope["event"]["end"], scope["event"]["duration"]
    assert times == ("2026-11-22T04:00:00Z", "2026-11-22T04:00:02Z", 2_000_000_000)


def test_what_was_read_and_cannot_be_decided_yet_is_told_by_no_document_of_its_own() -> None:
    report = sample()
    undecided = tuple(msgspec.structs.replace(gap, why="not-yet-known") for gap in report.run.gaps[:1])
    run = msgspec.structs.replace(report.run, gaps=(*undecided, *report.run.gaps[1:]))
    told = [each["event"]["action"] for each in documents(replace(report, findings=[], run=run))]
    assert told == ["not-read"] * (len(run.gaps) - 1) + ["scope-read"]


@settings(max_examples=effort(60))
@given(findings())
def test_any_finding_is_a_document_with_the_uid_that_all_forms_give_it(finding: Finding) -> None:
    event = EcsEvents(background()).finding(finding)
    assert event.body.isascii() and event.body.isprintable()
    document = json.loads(event.body)
    assert problems(document) == []
    assert (event.key, event.uid) == (finding.id, document["event"]["id"])
    assert event.uid == OcsfEvents(background()).finding(finding).uid


@settings(max_examples=effort(60))
@given(readings)
def test_any_reading_is_told_in_documents_with_the_uids_that_all_forms_give_it(read: ScopeRead) -> None:
    events = list(EcsEvents(background()).scope(read))
    assert [event.uid for event in events] == [event.uid for event in OcsfEvents(background()).scope(read)]
    for event in events:
        assert event.key == (read.record.uid if event is events[-1] else event.uid)
        assert problems(json.loads(event.body)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"severity": 3},
        {"event": {"kind": "state"}},
        {"event": {"id": "1", "kind": "state", "category": "configuration", "type": ["info"]}},
        {"event": {"id": "1", "kind": "alert", "category": ["configuration"], "type": ["info"]}},
        {"cloud": {"account": {"id": 1}}},
        {"cloud": {}},
        {"@timestamp": "2026-11-22"},
        {"ourside": {"needs": []}},
    ],
)
def test_what_is_no_document_is_rejected(change: dict[str, Any]) -> None:
    document = by_status(sample())["fail"]
    assert problems({**document, **change})
