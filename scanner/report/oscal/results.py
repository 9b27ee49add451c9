"""One finding of ours as OSCAL's observation, and where a duty is violated also as risk and finding.

A result that found nothing is an observation and no more: it would be wrong to call an objective satisfied by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from scanner.facts import Unread
from scanner.finding import Finding, Subject
from scanner.jsonline import json_line
from scanner.report.oscal import parts
from scanner.report.oscal.known import objective_id
from scanner.report.oscal.names import NAMESPACE, end_of, markup, moment, party, same
from scanner.report.oscal.parts import Evidence, props
from scanner.report.report import Report
from scanner.report.words import unread_words
from scanner.responsibility.attribution import Responsibility

TOOL = same("tool", "ourside")
ORIGIN = parts.Origin(actors=(parts.Actor(type="tool", actor_uuid=TOOL),))
VIOLATED = ("fail", "excepted")


class Written(msgspec.Struct, frozen=True):
    """What one finding becomes, as JSON."""

    observation: str
    risk: str = ""
    finding: str = ""


def resource_uuid(resource: Subject) -> UUID:
    """The UUID of a resource."""
    return same("resource", resource.provider, resource.account, resource.region, resource.uid)


def observation_uuid(finding: Finding) -> UUID:
    """The UUID of a result."""
    return same("observation", finding.id)


Whose = tuple[parts.Prop, ...]
"""Properties that say whose a result is."""


def written(finding: Finding, report: Report, known: dict[Responsibility, Whose]) -> Written:
    """The finding in OSCAL's words; `known` are attributions that were put into words before."""
    responsibility = finding.responsibility
    if responsibility not in known:
        known[responsibility] = attributed(responsibility)
    whose = known[responsibility]
    observation = json_line(_observation(finding, report, whose))
    if finding.status not in VIOLATED:
        return Written(observation)
    risk, violation = _risk(finding, report, whose), _finding(finding, report, whose)
    return Written(observation, json_line(risk), json_line(violation))


def _titled(finding: Finding, report: Report) -> str:
    check = report.checks.get(finding.check)
    return check.guidance.title if check else finding.check


def _said(finding: Finding) -> str:
    found = [reason.text for reason in finding.reasons] + [unread_words(gap) for gap in finding.unread]
    return "; ".join(text for text in found if text) or {"pass": "nothing was found"}.get(finding.status, "")


def _observation(finding: Finding, report: Report, whose: Whose) -> parts.Observation:
    when = finding.last_seen or report.run.taken_at
    return parts.Observation(
        uuid=observation_uuid(finding),
        title=markup(_titled(finding, report)),
        description=markup(_said(finding), finding.status),
        props=(
            *props(
                check=finding.check,
                severity=finding.severity,
                status=finding.status,
                finding_id=finding.id,
                first_seen=moment(finding.first_seen) if finding.first_seen else None,
                state=finding.lifecycle.state if finding.lifecycle else None,
            ),
            *whose,
        ),
        methods=("TEST",),
        types=("finding",) if finding.status in VIOLATED else (),
        origins=(ORIGIN,),
        subjects=(
            parts.Subject(
                subject_uuid=resource_uuid(finding.resource),
                type="inventory-item",
                title=markup(finding.resource.name or finding.resource.uid),
            ),
        ),
        relevant_evidence=tuple(_evidence(finding)),
        collected=moment(when),
        remarks=markup("; ".join(map(_missing, finding.unread))) if finding.unread else None,
    )


def _missing(gap: Unread) -> str:
    return f"not known, because of {gap.fact or gap.call}: {gap.why}"


def attributed(whose: Responsibility) -> Whose:
    """Whose a result is, for its resource."""
    return props(
        duty=whose.duty,
        layer=whose.layer,
        layer_owner=whose.layer_owner,
        side=whose.side,
        service_model=whose.service_model,
        shared_kind=whose.shared_kind,
        boundary_rule=whose.boundary_rule,
        inheritance=whose.inheritance,
        owner=whose.owner,
        owner_party=str(party(whose.owner)) if whose.owner else None,
        backup_owner=whose.backup,
        backup_owner_party=str(party(whose.backup)) if whose.backup else None,
        owned_by=whose.owned_by,
    )


def _evidence(finding: Finding) -> Iterator[Evidence]:
    facts = bytes(finding.evidence).decode()
    if facts != "{}":
        yield Evidence(description=markup(facts), props=props(kind="facts"))
    for reason in finding.reasons:
        if reason.witness:
            yield Evidence(description=markup(json_line(reason.witness)), props=props(kind="witness"))


def _risk_uuid(finding: Finding) -> UUID:
    return same("risk", finding.id)


def _related(finding: Finding) -> tuple[parts.RelatedObservation, ...]:
    return (parts.RelatedObservation(observation_uuid=observation_uuid(finding)),)


def _risk(finding: Finding, report: Report, whose: Whose) -> parts.Risk:
    check, exception = report.checks.get(finding.check), finding.exception
    deadline = exception.expires if exception else finding.due
    accepted = props(
        exception_ticket=exception.ticket,
        exception_approver=exception.approver,
        exception_approver_party=str(party(exception.approver)) if exception.approver else None,
        exception_owner=exception.owner,
        exception_reason=exception.reason,
        exception_rule=exception.rule,
    ) if exception else ()  # fmt: skip
    return parts.Risk(
        uuid=_risk_uuid(finding),
        title=markup(_titled(finding, report)),
        description=markup(check.guidance.why if check else _said(finding)),
        statement=markup(f"{finding.resource.name or finding.resource.uid}: {_said(finding)}"),
        props=(*whose, *accepted),
        status="deviation-approved" if finding.status == "excepted" else "open",
        origins=(ORIGIN,),
        characterizations=(
            parts.Characterization(
                origin=ORIGIN, facets=(parts.Facet(name="severity", system=NAMESPACE, value=finding.severity),)
            ),
        ),
        mitigating_factors=tuple(
            parts.Factor(uuid=same("factor", finding.id, str(number)), description=markup(text))
            for number, text in enumerate(finding.mitigated_by)
        ),
        deadline=end_of(deadline) if deadline else None,
        remediations=(
            parts.Remediation(
                uuid=same("remediation", finding.id),
                lifecycle="recommendation",
                title="How to mend it",
                description=markup(check.guidance.fix),
            ),
        ) if check else (),
        related_observations=_related(finding),
    )  # fmt: skip


def _finding(finding: Finding, report: Report, whose: Whose) -> parts.Finding:
    accepted = finding.status == "excepted"
    return parts.Finding(
        uuid=same("finding", finding.id),
        title=markup(_titled(finding, report)),
        description=markup(f"{finding.resource.name or finding.resource.uid}: {_said(finding)}"),
        props=whose,
        origins=(ORIGIN,),
        target=parts.Target(
            type="objective-id",
            target_id=objective_id(finding.responsibility.duty),
            status=parts.ObjectiveStatus(
                state="not-satisfied",
                reason="other" if accepted else "fail",
                remarks="Accepted for a time: see the risk." if accepted else None,
            ),
        ),
        related_observations=_related(finding),
        related_risks=(parts.RelatedRisk(risk_uuid=_risk_uuid(finding)),),
    )
