"""A finding as an OCSF Compliance Finding, class 2003."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from scanner.check import Severity
from scanner.finding import Finding, Status
from scanner.jsonline import json_line
from scanner.report import ocsf_event as ocsf
from scanner.report.news import Activity, News, milliseconds
from scanner.report.ocsf_context import Context
from scanner.report.parts import without_empty
from scanner.report.words import details_of

CLASS_UID = 2003
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
WORK: Mapping[Status, tuple[int, str]] = {
    "fail": (1, "New"),
    "excepted": (3, "Suppressed"),
}
"""`status_id` of a finding that is told for the first time; what is well, or not known, is nobody's work as a
finding, and has none: an Application Error says what could not be read."""
ACTIVITIES: Mapping[Activity, tuple[int, str]] = {
    "create": (1, "Create"),
    "update": (2, "Update"),
    "close": (3, "Close"),
}


def finding_event(finding: Finding, news: News, context: Context) -> ocsf.ComplianceFinding:
    """The event."""
    resource = finding.resource
    activity_id, activity = ACTIVITIES[news.activity]
    severity_id, severity = severity_of(finding, news.activity)
    status_id, status = _work(finding, news.activity)
    decided = finding.status in ("fail", "pass", "excepted")
    details = details_of(finding)
    check = context.check(finding.check)
    cloud = context.cloud(resource.provider, resource.account, resource.region)
    at, first = milliseconds(news.at), milliseconds(news.first)
    return ocsf.ComplianceFinding(
        activity_id=activity_id,
        activity_name=activity,
        category_uid=CLASS_UID // 1000,
        category_name="Findings",
        class_uid=CLASS_UID,
        class_name="Compliance Finding",
        type_uid=CLASS_UID * 100 + activity_id,
        type_name=f"Compliance Finding: {activity}",
        time=at,
        timezone_offset=0,
        severity_id=severity_id,
        severity=severity,
        status_id=status_id,
        status=status,
        status_code=finding.status.upper(),
        status_detail="; ".join(details) or None,
        confidence_id=3 if decided else None,
        confidence="High" if decided else None,
        message=f"{resource.name or resource.uid}: {details[0] if details else check.title}",
        metadata=context.metadata(news.uid, finding.scan, finding.check, cloud),
        finding_info=ocsf.FindingInfo(
            uid=finding.id,
            title=check.title,
            desc=check.why,
            analytic=check.analytic,
            created_time=first,
            first_seen_time=first,
            last_seen_time=milliseconds(finding.last_seen) if finding.last_seen else at,
        ),
        compliance=_compliance(finding, details, context),
        remediation=check.remediation,
        resources=(_resource(finding),),
        cloud=cloud,
        observables=tuple(_observables(finding)),
        evidences=tuple(_evidences(finding)),
        unmapped=_unmapped(finding, context),
    )


def severity_of(finding: Finding, activity: Activity) -> tuple[int, str]:
    """How bad what an event tells of is: a failure, or what may be one, as its check says.

    What is well or over is told for information, so that a rule over severities alone raises no alarm for it.
    """
    well = finding.status in ("pass", "not-applicable") or activity == "close"
    return SEVERITIES["info" if well else finding.severity]


def _work(finding: Finding, activity: Activity) -> tuple[int | None, str | None]:
    """What is to be made of the finding, as `status_id` and its caption; nothing where somebody may have decided."""
    if activity == "close":
        return 4, "Resolved"
    # An update that said "New" would undo what somebody made of the finding since; where it fails again, or its
    # exception has ended, that is over.
    lifecycle = finding.lifecycle
    again = lifecycle is not None and (lifecycle.state == "reopened" or lifecycle.before == "excepted")
    if activity == "create" or again or finding.status == "excepted":
        return WORK.get(finding.status, (None, None))
    return None, None


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
    tags = resource.tags or {}
    return ocsf.ResourceDetails(
        uid=resource.uid or None,
        name=resource.name or None,
        type=resource.type or resource.kind or None,
        region=resource.region or None,
        owner=ocsf.User(name=owner) if owner else None,
        tags=tuple(ocsf.Tag(name=name, value=value) for name, value in tags.items() if name and value),
        labels=tuple(name for name, value in tags.items() if name and not value),
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
    unmapped: dict[str, Any] = {
        "severity": finding.severity,
        "responsibility": {**responsibility, **without_empty(known)},
    }
    if finding.resource.kind:
        unmapped["resource_kind"] = finding.resource.kind
    for name, texts in (("needs", finding.needs), ("mitigated_by", finding.mitigated_by), ("notices", finding.notices)):
        if any(texts):
            unmapped[name] = [text for text in texts if text]
    if finding.unread:
        unmapped["unread"] = [without_empty(msgspec.to_builtins(gap)) for gap in finding.unread]
    return unmapped
