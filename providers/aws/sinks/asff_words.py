"""What a finding is called in ASFF: its verdict, its severity, its description, and fields of our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.aws.sinks.asff_finding import FIELD_VALUE, ComplianceStatus
from scanner.check import Severity
from scanner.finding import Finding, Status
from scanner.jsonline import json_line
from scanner.report.words import unread_words

LABELS: Mapping[Severity, str] = {
    "critical": "CRITICAL",
    "high": "HIGH",
    "medium": "MEDIUM",
    "low": "LOW",
    "info": "INFORMATIONAL",
}
VERDICTS: Mapping[Status, ComplianceStatus] = {
    "fail": "FAILED",
    "excepted": "FAILED",
    "pass": "PASSED",
    "unknown": "WARNING",
    "not-applicable": "NOT_AVAILABLE",
}
"""WARNING is its word for information that is missing, NOT_AVAILABLE for what does not apply, or could not be asked.

https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Compliance.html
A failure that was accepted is a failure, and stays active: what is made of it is `Workflow`, which is not ours to write
(a rule of Security Hub can suppress it by `Details.Other` of its resource, which says `status: excepted`).
"""
OVER: frozenset[Status] = frozenset({"pass", "not-applicable"})
"""Nothing to work on."""


def resolved(finding: Finding) -> bool:
    """Whether it failed before, and does not any more."""
    return finding.lifecycle is not None and finding.lifecycle.state == "resolved"


def over(finding: Finding) -> bool:
    """Whether there is nothing to work on: such records are archived."""
    return resolved(finding) or finding.status in OVER


def verdict(finding: Finding) -> ComplianceStatus:
    """The verdict; of a failure that was resolved because it was not met again, that there is nothing to judge.

    AWS Config answers NOT_APPLICABLE for what was deleted, which Security Hub calls NOT_AVAILABLE:
    https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html
    """
    gone = resolved(finding) and finding.status in ("fail", "excepted")
    return "NOT_AVAILABLE" if gone else VERDICTS[finding.status]


def label(finding: Finding) -> str:
    """How bad a failure is; what is no failure is told for information.

    https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Severity
    """
    failed = finding.status in ("fail", "excepted") and not resolved(finding)
    return LABELS[finding.severity] if failed else "INFORMATIONAL"


def sentences(finding: Finding, why: str) -> Iterator[str]:
    """What was found, then why it matters."""
    if finding.exception:
        kept = finding.exception
        yield f"Accepted until {kept.expires.isoformat()} ({kept.ticket}, {kept.approver}): {kept.reason}."
    if finding.status == "not-applicable":
        yield "AWS owns this object: nothing on it is the customer's to change."
    found = [reason.text for reason in finding.reasons] + [unread_words(gap) for gap in finding.unread]
    if any(text.strip() for text in found):
        yield f"{'; '.join(text for text in found if text.strip())}."
    if why.strip():
        yield why


def matched(finding: Finding) -> Iterator[tuple[str, str | None]]:
    """What somebody may want to match in a rule."""
    yield "status", finding.status
    yield "duty", finding.responsibility.duty
    yield "owner", finding.responsibility.owner
    yield "ticket", finding.exception.ticket if finding.exception else None
    yield "name", finding.resource.name
    yield "type", finding.resource.type


def product_fields(finding: Finding, tool: str, version: str) -> Iterator[tuple[str, str | None]]:
    """Whose it is and what else we know, what is needed most first.

    The names of the first two: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html
    """
    yield "ProviderName", tool.capitalize()
    yield "ProviderVersion", version
    for name, value in _ours(finding):
        yield f"ourside/{name}", value


def _ours(finding: Finding) -> Iterator[tuple[str, str | None]]:
    duty, resource, lifecycle, kept = finding.responsibility, finding.resource, finding.lifecycle, finding.exception
    yield "status", finding.status
    yield "region", resource.region
    yield "duty", duty.duty
    yield "side", duty.side
    yield "layer", duty.layer
    yield "layer-owner", duty.layer_owner
    yield "service-model", duty.service_model
    yield "owner", duty.owner
    yield "backup", duty.backup
    yield "channel", duty.channel
    yield "due", finding.due.isoformat() if finding.due else None
    if kept:
        yield "exception-ticket", kept.ticket
        yield "exception-approver", kept.approver
        yield "exception-owner", kept.owner
        yield "exception-expires", kept.expires.isoformat()
        yield "exception-reason", kept.reason
    yield "customer-part", duty.customer_part
    yield "provider-part", duty.provider_part
    yield "boundary-rule", duty.boundary_rule
    yield "resource-type", resource.type
    yield "resource-kind", resource.kind
    yield "resource-name", resource.name
    yield "scan", finding.scan
    if lifecycle:
        yield "lifecycle", lifecycle.state
        yield "introduced-by", lifecycle.introduced_by
    yield "needs", ", ".join(finding.needs)
    yield "mitigated-by", "; ".join(finding.mitigated_by)
    yield "notices", "; ".join(finding.notices)
    if finding.witness is not None:
        witness = json_line(finding.witness)
        yield "witness", witness if len(witness) <= FIELD_VALUE else None
