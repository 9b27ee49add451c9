"""OCSF: a scope that was read is told of, and what was not read of it, so that silence is not taken for health."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from scanner.facts import Why
from scanner.record import GapRecord, ScopeRecord
from scanner.report.event import ScopeRead
from scanner.report.ocsf import OcsfEvents
from scanner.scope import Span
from tests.effort import effort
from tests.engine.report.ocsf_lint import not_told, problems
from tests.engine.report.readings import background, readings
from tests.engine.report.sample import SCOPE, TAKEN

RECORD = ScopeRecord(
    SCOPE.uid, SCOPE.regions, True, SCOPE.provider, SCOPE.account, SCOPE.name, asked=40, evaluated=40, failed=7
)
GAP = GapRecord("lab", "1111", "east", "bucket", "store:GetPolicy", ("store:GetPolicy",), "denied", "no", 2)
WHOLE = ScopeRead(scan="scan-1", taken_at=TAKEN, record=RECORD, resources=12, checks=("bucket-open", "bucket-plain"))
PART = replace(WHOLE, record=replace(RECORD, complete=False, evaluated=38), gaps=(GAP,))
MILLISECONDS = int(TAKEN.timestamp() * 1000)


def told(read: ScopeRead) -> list[dict[str, Any]]:
    return [json.loads(event.body) for event in OcsfEvents(background()).scope(read)]


def test_a_scope_that_was_read_whole() -> None:
    (event,) = told(WHOLE)
    assert problems(event) == []
    assert (event["type_name"], event["status"], event["time"]) == ("Scan Activity: Completed", "Success", MILLISECONDS)
    assert (event["total"], event["num_detections"], event["num_skipped_items"]) == (40, 7, 0)
    assert (event["cloud"]["account"]["uid"], event["scan"]["uid"]) == ("1111", "scan-1")
    assert event["message"] == (
        "lab 1111 (prod): what 2 checks asked of it was read whole: 12 resources, 40 of 40 answers decided, 7 failed"
    )
    assert (event["unmapped"]["resources"], event["unmapped"]["scope"]["regions"]) == (12, ["east", "west"])
    assert (event["unmapped"]["checks"], event["unmapped"]["checks_run"]) == (["bucket-open", "bucket-plain"], 2)
    assert "status_detail" not in event


def test_it_says_from_when_to_when_it_was_read() -> None:
    """Where that is not known, only that it was not before the time that all of it is told to be of."""
    (event,) = told(WHOLE)
    assert (event["start_time"], event.get("end_time"), event.get("duration")) == (MILLISECONDS, None, None)
    span = Span(TAKEN + timedelta(milliseconds=1), TAKEN + timedelta(seconds=3))
    (event,) = told(replace(WHOLE, record=replace(RECORD, reading=span)))
    assert problems(event) == []
    assert (event["time"], event["start_time"] - MILLISECONDS, event["end_time"] - MILLISECONDS) == (
        MILLISECONDS, 1, 3000,
    )  # fmt: skip
    assert event["duration"] == 2999
    set_back = Span(TAKEN, TAKEN - timedelta(hours=1))
    (event,) = told(replace(WHOLE, record=replace(RECORD, reading=set_back)))
    assert (event["start_time"], event["end_time"], event["duration"]) == (MILLISECONDS, MILLISECONDS, 0)


@pytest.mark.parametrize(
    ("regions", "checks", "asked"),
    [
        (("east", "west"), ("bucket-open",), "what 1 check asked of it in east, west was read whole"),
        (tuple("abcdefgh"), ("bucket-open",), "what 1 check asked of it in a, b, c, d, e, f and 2 more was read whole"),
        ((), (), "what was asked of it in no region was read whole"),
    ],
)
def test_a_narrow_scan_says_how_little_it_asked(regions: tuple[str, ...], checks: tuple[str, ...], asked: str) -> None:
    (event,) = told(replace(WHOLE, record=replace(RECORD, regions=regions, restricted=True), checks=checks))
    assert problems(event) == []
    assert asked in event["message"]
    assert (event["unmapped"].get("checks", []), event["unmapped"].get("checks_run", 0)) == (list(checks), len(checks))


def test_what_was_read_and_cannot_be_decided_yet_is_no_error() -> None:
    undecided = replace(GAP, why="not-yet-known", affects=30)
    error, activity = told(replace(PART, gaps=(undecided, GAP)))
    assert (error["status_code"], activity["class_uid"]) == ("DENIED", 6007)
    (activity,) = told(replace(WHOLE, gaps=(undecided,)))
    assert (activity["class_uid"], activity["status"]) == (6007, "Success")


def test_that_nothing_failed_is_a_number() -> None:
    (event,) = told(replace(WHOLE, record=replace(RECORD, failed=0)))
    assert event["num_detections"] == 0


def test_what_was_not_read_is_told_before_the_scope() -> None:
    error, activity = told(PART)
    assert problems(error) == problems(activity) == []
    assert (error["class_uid"], error["severity"], error["status_code"]) == (6008, "Medium", "DENIED")
    assert error["api"]["operation"] == "GetPolicy"
    assert error["api"]["service"] == {"name": "store"}
    assert error["unmapped"] == {"needs": ["store:GetPolicy"], "resource_kind": "bucket", "unknown_results": 2}
    assert error["cloud"]["region"] == "east"
    assert (activity["activity_name"], activity["status"]) == ("Completed", "Failure")
    assert activity["num_skipped_items"] == 2
    assert activity["status_detail"] == "needs store:GetPolicy (denied)"


def test_a_defect_of_ours_is_told_once_with_how_often_it_was_met() -> None:
    error, activity = told(replace(WHOLE, defects=("slip", "slip")))
    assert problems(error) == problems(activity) == []
    assert (error["count"], error["status_code"]) == (2, "DEFECT")
    assert (activity["activity_name"], activity["status"]) == ("Error", "Failure")


@pytest.mark.parametrize(
    ("why", "affects", "severity"),
    [
        ("denied", 0, "Informational"),
        ("service-off", 3, "Low"),
        ("stale", 30, "Low"),
        ("throttled", 3, "Medium"),
        ("denied", 4, "High"),
    ],
)
def test_an_error_is_as_severe_as_what_it_hides(why: Why, affects: int, severity: str) -> None:
    error, _ = told(replace(PART, gaps=(replace(GAP, why=why, affects=affects),)))
    assert (error["severity"], error["unmapped"]["unknown_results"]) == (severity, affects)


def test_the_recommended_members_are_filled_where_there_is_an_answer() -> None:
    error, activity = told(replace(PART, record=replace(PART.record, reading=Span(TAKEN, TAKEN))))
    of_metadata = {f"$.metadata.{name}" for name in ("original_time", "tenant_uid")}
    of_metadata |= {f"$.metadata.reporter.{name}" for name in ("hostname", "ip", "org", "uid")}
    things = ("files", "folders", "network_items", "processes", "registry_items", "resolutions", "trusted_items")
    unknown = {"$.command_uid", "$.schedule_uid", "$.policy", "$.cloud.region"}
    assert not_told(activity) <= of_metadata | unknown | {f"$.num_{thing}" for thing in things}
    of_calls = {"$.api.request", "$.api.service.uid", "$.api.service.version"}
    of_answers = {"$.api.response.code", "$.api.response.message"}
    assert not_told(error) <= of_metadata | of_calls | of_answers


def test_the_same_reading_has_the_same_uids_and_another_has_others() -> None:
    def uids(read: ScopeRead) -> list[str]:
        return [event.uid for event in OcsfEvents(background()).scope(read)]

    assert uids(PART) == uids(replace(PART, gaps=(replace(GAP, affects=99),)))
    others = [
        replace(PART, scan="scan-2"),
        replace(PART, taken_at=TAKEN + timedelta(microseconds=1)),  # a scan that was resumed read it again
        replace(PART, record=replace(RECORD, uid="lab::2222")),
    ]
    assert len({uid for read in (PART, *others) for uid in uids(read)}) == 8
    apart = [replace(GAP, call="a", needs=("b", "c")), replace(GAP, call="a", needs=("bc",)), replace(GAP, region="w")]
    assert len(set(uids(replace(PART, gaps=(GAP, *apart))))) == 5


@settings(max_examples=effort(60))
@given(readings)
def test_any_reading_is_told_in_valid_events(read: ScopeRead) -> None:
    events = list(OcsfEvents(background()).scope(read))
    assert len(events) == len(read.not_read) + len(set(read.defects)) + 1
    for event in events:
        assert event.key == (read.record.uid if event is events[-1] else event.uid)
        assert event.body.isascii() and event.body.isprintable()
        body = json.loads(event.body)
        assert problems(body) == []
        assert body["metadata"]["uid"] == event.uid
