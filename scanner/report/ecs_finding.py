"""A finding as a document of the Elastic Common Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from scanner.finding import Finding, Status
from scanner.jsonline import json_line
from scanner.report import ecs_document as ecs
from scanner.report.ecs_context import Context
from scanner.report.news import News
from scanner.report.ocsf_finding import severity_of
from scanner.report.parts import without_empty
from scanner.report.words import details_of

OUTCOMES: Mapping[Status, str] = {"pass": "success", "fail": "failure", "excepted": "failure", "unknown": "unknown"}
"""Of the check; what is not the customer's has none.
https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-outcome
"""
EVALUATIONS: Mapping[Status, str] = {
    "pass": "passed",
    "fail": "failed",
    "excepted": "failed",
    "unknown": "unknown",
    "not-applicable": "not_applicable",
}


def finding_document(finding: Finding, news: News, context: Context) -> ecs.Document:
    """The document: the state that something is in, rather than something that happened."""
    resource = finding.resource
    details = details_of(finding)
    check = context.check(finding.check, finding.responsibility.duty)
    cloud, organization = context.place(resource.provider, resource.account, resource.region)
    return ecs.Document(
        timestamp=news.at,
        message=f"{resource.name or resource.uid}: {details[0] if details else check.rule.name}",
        ecs=context.schema,
        event=ecs.EventFields(
            id=news.uid,
            kind="state",
            category=("configuration",),
            type=("info",),
            action=f"finding-{news.activity}",
            module=context.module,
            dataset=f"{context.module}.findings",
            outcome=OUTCOMES.get(finding.status),
            code=finding.check,
            severity=severity_of(finding, news.activity)[0],
            reason="; ".join(details) or None,
            reference=check.rule.reference,
            start=news.first,
            end=finding.last_seen,
        ),
        cloud=cloud,
        organization=organization,
        observer=context.observer,
        rule=check.rule,
        resource=ecs.Resource(
            id=resource.uid or None,
            name=resource.name or None,
            type=resource.kind or None,
            sub_type=resource.type or None,
        ),
        result=ecs.Result(evaluation=EVALUATIONS[finding.status]),
        ourside=_ourside(finding, details, check.remediation, context),
    )


def _ourside(finding: Finding, details: tuple[str, ...], remediation: str | None, context: Context) -> dict[str, Any]:
    """What ECS has no word for, without empty members.

    What a verdict rests on is JSON in a text: its members can be named after resources, tags or condition keys, and
    would otherwise become names of fields in the index.
    """
    facts = bytes(finding.evidence)
    told = {
        "finding": finding.id,
        "scan": finding.scan,
        "status": finding.status,
        "severity": finding.severity,
        "reasons": details,
        "remediation": remediation,
        "needs": finding.needs,
        "unread": msgspec.to_builtins(finding.unread),
        "mitigated_by": finding.mitigated_by,
        "notices": finding.notices,
        "due": finding.due,
        "exception": msgspec.to_builtins(finding.exception),
        "lifecycle": msgspec.to_builtins(finding.lifecycle),
        "evidence": facts.decode("utf-8") if facts != b"{}" else None,
        "witnesses": [json_line(reason.witness) for reason in finding.reasons if reason.witness],
    }
    return {**without_empty(told), "responsibility": context.responsibility(finding.responsibility)}
