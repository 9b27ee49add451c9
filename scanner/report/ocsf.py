"""`--format ocsf`: one OCSF 1.8.0 Compliance Finding per line, with the profile `cloud`."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from scanner.attempt import Defect, attempt
from scanner.check import Severity
from scanner.finding import Finding, State, Status
from scanner.jsonline import json_line
from scanner.report import ocsf_event as ocsf
from scanner.report.lost import defect_text, in_place_of
from scanner.report.ocsf_context import Context
from scanner.report.report import Report
from scanner.report.words import unread_words

SEVERITIES: Mapping[Severity, tuple[int, str]] = {
    "critical": (5, "Critical"),
    "high": (4, "High"),
    "medium": (3, "Medium"),
    "low": (2, "Low"),
    "info": (1, "Informational"),
}
VERDICTS: Mapping[Status, tuple[int, str]] = {
    "fail": (3, "Fail"),
    "excepted": (3, "Fail"),
    "pass": (1, "Pass"),
    "unknown": (2, "Warning"),
    "not-applicable": (99, "Not applicable"),
}
"""`compliance.status_id`; Warning is its word for a verdict that information is missing for."""
LIFECYCLE: Mapping[Status, tuple[int, str]] = {
    "fail": (1, "New"),
    "unknown": (1, "New"),
    "excepted": (3, "Suppressed"),
}
"""`status_id` of a finding that is told for the first time; what is well was never anybody's work, and has none."""
TURNS: Mapping[State, tuple[int, str]] = {"reopened": (1, "New"), "resolved": (4, "Resolved")}
"""`status_id` where the history knows that a finding's work is over, or begins again."""
ACTIVITIES = {1: "Create", 2: "Update", 3: "Close"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The lines; as the generator's value, the defects met while writing."""
    defects: list[str] = []
    context = Context(report)
    for finding in report.findings:
        line = attempt(partial(_line, finding, context))
        if isinstance(line, Defect):
            defects.append(defect_text(finding, line))
            line = _line(in_place_of(finding, line), context)
        yield line
    return tuple(defects)


def _line(finding: Finding, context: Context) -> str:
    return json_line(event_of(finding, context)) + "\n"


def event_of(finding: Finding, context: Context) -> ocsf.Event:
    """The event about a finding."""
    last = finding.last_seen or context.taken_at
    first = finding.first_seen or last
    activity = _activity(finding, first < last)
    severity_id, severity = SEVERITIES[finding.severity]
    status_id, status = _work(finding, activity)
    decided = finding.status in ("fail", "pass", "excepted")
    details = _details(finding)
    check = context.check(finding.check)
    return ocsf.Event(
        activity_id=activity,
        activity_name=ACTIVITIES[activity],
        category_uid=ocsf.CLASS_UID // 1000,
        category_name="Findings",
        class_uid=ocsf.CLASS_UID,
        class_name="Compliance Finding",
        type_uid=ocsf.CLASS_UID * 100 + activity,
        type_name=f"Compliance Finding: {ACTIVITIES[activity]}",
        time=_milliseconds(last),
        timezone_offset=0,
        severity_id=severity_id,
        severity=severity,
        status_id=status_id,
        status=status,
        status_code=finding.status.upper(),
        status_detail="; ".join(details) or None,
        confidence_id=3 if decided else None,
        confidence="High" if decided else None,
        message=f"{finding.resource.name or finding.resource.uid}: {details[0] if details else check.title}",
        metadata=ocsf.Metadata(
            version=ocsf.SCHEMA_VERSION,
            profiles=("cloud",),
            product=context.product,
            reporter=context.reporter,
            log_name=context.product.uid,
            uid=event_uid(finding.id, finding.scan, activity),
            correlation_uid=finding.scan,
            event_code=finding.check,
        ),
        finding_info=ocsf.FindingInfo(
            uid=finding.id,
            title=check.title,
            desc=check.why,
            analytic=check.analytic,
            created_time=_milliseconds(first),
            first_seen_time=_milliseconds(first),
            last_seen_time=_milliseconds(last),
        ),
        compliance=_compliance(finding, details, context),
        remediation=check.remediation,
        resources=(_resource(finding),),
        cloud=context.cloud(finding.resource),
        observables=tuple(_observables(finding)),
        evidences=tuple(_evidences(finding)),
        unmapped=_unmapped(finding, context),
    )


def _activity(finding: Finding, seen_before: bool) -> int:
    state = finding.lifecycle.state if finding.lifecycle else None
    if state == "resolved":
        return 3
    return 2 if seen_before or finding.status == "excepted" or state not in (None, "new") else 1


def _work(finding: Finding, activity: int) -> tuple[int | None, str | None]:
    """What is to be made of the finding, as `status_id` and its caption; nothing where somebody may have decided."""
    if finding.lifecycle and finding.lifecycle.state in TURNS:
        return TURNS[finding.lifecycle.state]
    # An update that said "New" would undo what somebody made of the finding since.
    told_first = activity == 1 or finding.status == "excepted"
    return LIFECYCLE.get(finding.status, (None, None)) if told_first else (None, None)


def event_uid(finding_id: str, scan: str, activity: int) -> str:
    """The same for the same news, so that an event that is sent twice can be told to be one."""
    return "e1:" + hashlib.sha256(f"{finding_id}\n{scan}\n{activity}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _milliseconds(time: datetime) -> int:
    return (time - EPOCH) // timedelta(milliseconds=1)


def _details(finding: Finding) -> tuple[str, ...]:
    """The verdict's reasons in words, never empty ones."""
    if finding.status == "not-applicable":
        return ("the provider owns this object: nothing on it is the customer's to change",)
    found = [reason.text for reason in finding.reasons] + [unread_words(gap) for gap in finding.unread]
    return tuple(text for text in found if text)


def _compliance(finding: Finding, details: tuple[str, ...], context: Context) -> ocsf.Compliance:
    status_id, status = VERDICTS[finding.status]
    duty = context.duty(finding.responsibility)
    # A violation is evidence against a requirement; a pass is no evidence that it is met.
    judged = finding.status not in ("pass", "not-applicable")
    return ocsf.Compliance(
        status_id=status_id,
        status=status,
        status_code=finding.status.upper(),
        status_details=details,
        control=finding.responsibility.duty,
        desc=duty.title,
        category=duty.layer,
        standards=duty.standards,
        requirements=duty.requirements if judged else (),
    )


def _resource(finding: Finding) -> ocsf.ResourceDetails:
    resource, owner = finding.resource, finding.responsibility.owner
    return ocsf.ResourceDetails(
        uid=resource.uid or None,
        name=resource.name or None,
        type=resource.type or resource.kind or None,
        region=resource.region or None,
        owner=ocsf.User(name=owner) if owner else None,
        role_id=3,
        role="Affected",
    )


def _observables(finding: Finding) -> Iterator[ocsf.Observable]:
    resource = finding.resource
    for name, type_id, caption, value in (
        ("resources[0].uid", 10, "Resource UID", resource.uid),
        ("resources[0].name", 38, "Resource Details Name", resource.name),
        ("cloud.account.uid", 35, "Account Unique ID", resource.account),
    ):
        if value:
            yield ocsf.Observable(name=name, type_id=type_id, type=caption, value=value)


def _evidences(finding: Finding) -> Iterator[ocsf.Evidence]:
    facts = bytes(finding.evidence)
    if facts != b"{}":
        yield ocsf.Evidence(name="facts", data=facts.decode("utf-8"))
    for reason in finding.reasons:
        if reason.witness:
            yield ocsf.Evidence(name="witness", data=json_line(reason.witness))


def _unmapped(finding: Finding, context: Context) -> dict[str, Any]:
    """What OCSF has no word for, without empty members."""
    people = {"exception": finding.exception, "lifecycle": finding.lifecycle, "due": finding.due}
    known = {name: msgspec.to_builtins(value) for name, value in people.items() if value is not None}
    responsibility = context.responsibility(finding.responsibility)
    unmapped: dict[str, Any] = {"responsibility": {**responsibility, **context.without_empty(known)}}
    if finding.resource.kind:
        unmapped["resource_kind"] = finding.resource.kind
    for name, texts in (("needs", finding.needs), ("mitigated_by", finding.mitigated_by), ("notices", finding.notices)):
        if any(texts):
            unmapped[name] = [text for text in texts if text]
    if finding.unread:
        unmapped["unread"] = [context.without_empty(msgspec.to_builtins(gap)) for gap in finding.unread]
    return unmapped
