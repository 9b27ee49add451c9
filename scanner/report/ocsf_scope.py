"""A scope that was read, as OCSF Scan Activity, class 6007, and what was not read of it as Application Errors, 6008."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from scanner.facts import INCOMPLETE
from scanner.record import GapRecord, ScopeRecord
from scanner.report import ocsf_event as ocsf
from scanner.report.event import ScopeRead
from scanner.report.news import milliseconds, uid_of_defect, uid_of_gap, uid_of_reading
from scanner.report.ocsf_context import Context
from scanner.report.parts import without_empty
from scanner.report.words import gap_words, reading_detail, reading_words

CATEGORY = {"category_uid": 6, "category_name": "Application Activity", "timezone_offset": 0}
HIDES_MUCH = 10
"""A gap is of high severity where it leaves at least one of so many answers unknown."""


def scope_events(read: ScopeRead, context: Context) -> Iterator[ocsf.Event]:
    """The errors, then the activity."""
    for gap in read.not_read:
        yield _gap(read, gap, context)
    for defect, count in Counter(read.defects).items():
        yield _defect(read, defect, count, context)
    yield _activity(read, context)


def severity_of(gap: GapRecord, asked: int) -> tuple[int, str]:
    """A gap's severity as OCSF has it: by how much it hides, and whether somebody can mend it."""
    if not gap.affects:
        return 1, "Informational"
    if gap.why not in INCOMPLETE:
        return 2, "Low"
    return (4, "High") if 0 < asked <= gap.affects * HIDES_MUCH else (3, "Medium")


def _class(uid: int, name: str, activity_id: int, activity: str) -> Mapping[str, Any]:
    return {
        **CATEGORY,
        "class_uid": uid,
        "class_name": name,
        "activity_id": activity_id,
        "activity_name": activity,
        "type_uid": uid * 100 + activity_id,
        "type_name": f"{name}: {activity}",
    }


COMPLETED = _class(6007, "Scan Activity", 2, "Completed")
BROKEN = _class(6007, "Scan Activity", 6, "Error")
"""What OCSF calls so is an internal error; a scan that was refused something was completed all the same, in part.
https://github.com/ocsf/ocsf-schema/blob/v1.8.0/events/application/scan_activity.json
"""
GENERAL = _class(6008, "Application Error", 1, "General Error")


def _activity(read: ScopeRead, context: Context) -> ocsf.ScanActivity:
    record = read.record
    cloud = context.cloud_of(record)
    whole = record.complete and not read.defects
    at = milliseconds(read.taken_at)
    return ocsf.ScanActivity(
        **(BROKEN if read.defects else COMPLETED),
        time=at,
        severity_id=1,
        severity="Informational",
        status_id=1 if whole else 2,
        status="Success" if whole else "Failure",
        status_code="COMPLETE" if whole else "INCOMPLETE",
        status_detail=reading_detail(read) or None,
        message=reading_words(read),
        metadata=context.metadata(uid_of_reading(read), read.scan, "scope-read", cloud),
        scan=ocsf.Scan(uid=read.scan, name=f"posture of {_named(record)}", type_id=0, type="Unknown"),
        **_times(read),
        num_detections=record.failed,
        num_skipped_items=max(record.asked - record.evaluated, 0),
        total=record.evaluated,
        cloud=cloud,
        observables=_observables(read),
        unmapped={
            "scope": {
                **without_empty({"uid": record.uid, "level": record.level, "regions": record.regions}),
                "chosen_regions": record.restricted,
                "complete": record.complete,
            },
            "resources": read.resources,
            **checks_run(read),
        },
    )


def _times(read: ScopeRead) -> Mapping[str, Any]:
    """When the scope was read. Where that is not known, it was not before the time that all of it is told to be of."""
    span = read.record.reading
    if isinstance(span, msgspec.UnsetType):
        return {"start_time": milliseconds(read.taken_at)}
    began, ended = milliseconds(span.began), milliseconds(span.ended)
    # Clocks can be set back meanwhile: no reading lasts for less than nothing.
    return {"start_time": began, "end_time": max(began, ended), "duration": max(ended - began, 0)}


def checks_run(read: ScopeRead) -> dict[str, Any]:
    """Which checks were run, and how many they are, since a list that is too long is shortened."""
    return {**without_empty({"checks": read.checks}), "checks_run": len(read.checks)} if read.checks else {}


def _gap(read: ScopeRead, gap: GapRecord, context: Context) -> ocsf.ApplicationError:
    cloud = context.cloud_of(read.record, gap.region)
    severity_id, severity = severity_of(gap, read.record.asked)
    told = without_empty({"needs": gap.needs, "resource_kind": gap.kind})
    return ocsf.ApplicationError(
        **GENERAL,
        time=milliseconds(read.taken_at),
        severity_id=severity_id,
        severity=severity,
        status_id=2,
        status="Failure",
        status_code=gap.why.upper(),
        status_detail=gap.detail or None,
        message=gap_words(gap),
        metadata=context.metadata(uid_of_gap(read, gap), read.scan, "not-read", cloud),
        api=_api(gap),
        cloud=cloud,
        observables=_observables(read),
        unmapped={**told, "unknown_results": gap.affects},
    )


def _api(gap: GapRecord) -> ocsf.Api | None:
    """The call, which is named `service:Operation`; nothing where no single one would have told."""
    service, _, operation = gap.call.rpartition(":")
    if not operation:
        return None
    response = ocsf.Response(error=gap.why, error_message=gap.detail or None)
    return ocsf.Api(operation=operation, service=ocsf.Service(name=service) if service else None, response=response)


def _defect(read: ScopeRead, defect: str, count: int, context: Context) -> ocsf.ApplicationError:
    cloud = context.cloud_of(read.record)
    return ocsf.ApplicationError(
        **GENERAL,
        time=milliseconds(read.taken_at),
        severity_id=3,
        severity="Medium",
        status_id=2,
        status="Failure",
        status_code="DEFECT",
        status_detail=defect or None,
        message=f"a defect of ours, to be reported: {defect}",
        metadata=context.metadata(uid_of_defect(read, defect), read.scan, "defect", cloud),
        count=count,
        cloud=cloud,
        observables=_observables(read),
    )


def _observables(read: ScopeRead) -> tuple[ocsf.Observable, ...]:
    account = read.record.account
    if not account:
        return ()
    return (ocsf.Observable(name="cloud.account.uid", type_id=35, type="Account Unique ID", value=account),)


def _named(record: ScopeRecord) -> str:
    return record.name or record.account or record.uid
