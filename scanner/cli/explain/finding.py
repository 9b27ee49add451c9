"""`ourside explain FINDING`: what is wrong, why it is ours, who mends it and by when: fit to be forwarded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from scanner.access import Witness
from scanner.check import Check
from scanner.cli.explain.words import CONFIDENCE, INHERITED, MODEL, by_table, cited, hanging, left_to_us
from scanner.finding import Finding, Lifecycle
from scanner.report.cells import counted
from scanner.report.fix_words import of_cloud
from scanner.report.labelled import Code, Line, Link, Piece, Sheet, line, prose, section
from scanner.report.state_words import STATE
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.model import Duty, ResponsibilityModel

STATUS: Mapping[str, str] = {
    "fail": "fails",
    "pass": "nothing wrong was found",
    "unknown": "unknown: what decides it could not be read",
    "not-applicable": "not applicable: the provider owns this object",
    "excepted": "fails, and an exception holds",
}
UNDECIDED = "unknown: all of it was read, and does not tell"
REASONS = 20


class FindingExplained(msgspec.Struct, frozen=True, kw_only=True):
    """What `--format json` prints."""

    finding: Finding
    rule: str | None
    """The check's; None where the check is not installed here, as with the next three."""
    why_it_matters: str | None
    fix: str | None
    references: tuple[str, ...]
    duty_title: str
    layer_title: str
    why_ours: tuple[str, ...]
    """Sentences."""
    role: str
    overdue: bool
    verify: str | None


def explained(finding: Finding, check: Check[Any] | None, model: ResponsibilityModel, today: date) -> FindingExplained:
    """All about a finding."""
    answer = finding.responsibility
    duty = model.duties.get(answer.duty)
    layer = model.layers.get(answer.layer)
    return FindingExplained(
        finding=finding,
        rule=check.guidance.title if check else None,
        why_it_matters=check.guidance.why if check else None,
        fix=check.guidance.fix if check else None,
        references=check.guidance.references if check else (),
        duty_title=duty.title if duty else "",
        layer_title=layer.title if layer else "",
        why_ours=tuple(_why_ours(answer, model)),
        role=duty.role if duty else "",
        overdue=bool(finding.due and finding.due < today and finding.status == "fail"),
        verify=_verify(finding),
    )


def sheet(
    finding: Finding,
    check: Check[Any] | None,
    model: ResponsibilityModel,
    today: date,
    titles: Mapping[str, str] | None = None,
) -> Sheet:
    """The page; with the titles of the clouds, what to do is told for the finding's alone."""
    all_ = explained(finding, check, model, today)
    resource, answer = finding.resource, finding.responsibility
    return Sheet(
        f"{finding.status.upper()} {finding.severity}: {resource.name or resource.uid}, {finding.check}",
        (
            section(
                "What is wrong" if finding.status in ("fail", "excepted") else "What was found", list(_wrong(all_))
            ),
            section("Where", list(_where(finding))),
            section("Why it is not ours" if answer.side == "provider" else "Why it is ours", list(_ours(all_, model))),
            section("Who mends it, and by when", list(_who(all_, today))),
            section("What to do", list(_do(all_, titles or {}))),
            section("Accepted for now", list(_exception(finding))),
            section("What became of it", list(_history(finding))),
        ),
    )


def _wrong(all_: FindingExplained) -> Iterator[Line]:
    finding = all_.finding
    yield line("result", UNDECIDED if _is_undecided(finding) else STATUS[finding.status])
    yield line("must be", all_.rule)
    more = len(finding.reasons) - REASONS
    told = [reason.text for reason in finding.reasons[:REASONS]]
    yield line("found", *told, f"and {more:,} more" if more > 0 else None)
    if finding.witness:
        yield line("shown by", *_witness(finding.witness))
    for gap in finding.unread:
        if gap.why == "not-yet-known":
            yield line("not known", gap.detail or gap.fact)
        else:
            what = " by ".join(filter(None, (gap.fact, gap.call)))
            yield line("not read", f"{what} ({gap.why}){f': {gap.detail}' if gap.detail else ''}")
    yield line("it would need", *map(Code, finding.needs))
    yield line("but", *finding.mitigated_by)
    yield line("why it matters", *prose(all_.why_it_matters))
    yield line("notice", *finding.notices)


def _witness(witness: Witness) -> Iterator[Piece]:
    yield f"this request is allowed: {witness.action} on {witness.resource} as {witness.principal}"
    yield from (f"with {key} = {value}" for key, value in witness.context.items())
    if witness.statement:
        yield f"by {witness.statement}"


def _where(finding: Finding) -> Iterator[Line]:
    resource = finding.resource
    yield line("resource", resource.name)
    yield line("uid", Code(resource.uid))
    yield line("type", resource.type)
    yield line("cloud", f"{resource.provider}, account {resource.account}, region {resource.region}")
    yield line("within", " > ".join(each.name or each.uid for each in resource.within))
    yield line("tags", ", ".join(f"{key}={value}" for key, value in sorted((resource.tags or {}).items())))
    yield line("finding", Code(finding.id))


def _ours(all_: FindingExplained, model: ResponsibilityModel) -> Iterator[Line]:
    answer = all_.finding.responsibility
    yield line("because", *all_.why_ours)
    yield line("duty", f"{answer.duty}: {all_.duty_title}")
    yield line("layer", f"{answer.layer}: {all_.layer_title}")
    yield line("service model", f"{answer.service_model}: {MODEL[answer.service_model]}")
    yield from _halves(answer, model.duties.get(answer.duty))
    if hang := hanging(answer):
        yield line("how they hang", f"of the duty as a whole: {hang}")
    inherited = f"{INHERITED[answer.inheritance]}; {answer.ccm_ownership} (CSA CCM)"
    yield line("inheritance", f"on this resource: {inherited}")
    yield line("how sure", CONFIDENCE[answer.confidence])
    yield line("source", cited(answer.source))


def _halves(answer: Responsibility, duty: Duty | None) -> Iterator[Line]:
    """The halves of the duty, then those of the nearest words about this resource, each said to be what it is."""
    near = answer.customer_part, answer.provider_part
    # Of an object that the provider owns, nothing of the duty is ours: its halves would say otherwise.
    if duty and answer.side == "customer":
        yield line("our part", f"of this duty: {duty.customer}")
        yield line("provider's part", f"of this duty: {duty.counterpart}")
        if near == (duty.customer, duty.counterpart):
            return
    where = "on this resource" if answer.boundary_rule or answer.side == "provider" else "on this type of resource"
    yield line("our part", f"{where}: {near[0]}")
    yield line("provider's part", f"{where}: {near[1]}")


def _why_ours(answer: Responsibility, model: ResponsibilityModel) -> Iterator[str]:
    if answer.side == "provider":
        yield "The provider made this object and alone can change it. It cannot fail on our side."
        return
    layer = model.layers.get(answer.layer)
    if answer.boundary_rule:
        yield f"A setting of this resource decides: {answer.boundary_rule}."
    elif answer.confidence == "default-rule":
        yield f"{answer.layer}: nobody described this type, and what one can set, grant or fill is the customer's."
    elif layer:
        yield f"{by_table(layer, answer.service_model)}."
    if left := left_to_us(answer.layer_owner):
        yield left
    yield from (
        f"Open: {each}. With it the line could run elsewhere; the finding stays ours." for each in answer.undecided
    )


def _who(all_: FindingExplained, today: date) -> Iterator[Line]:
    finding, answer = all_.finding, all_.finding.responsibility
    if answer.side == "provider":
        yield line("owner", "the provider")
        return
    yield line("owner", answer.owner or f"nobody is named. Usual role: {all_.role}")
    yield line("backup", answer.backup or ("nobody is named" if answer.owner else None))
    yield line("reached at", answer.channel)
    yield line("by", answer.owned_by)
    yield line("unless", *answer.owner_undecided)
    if finding.exception:
        yield line("due", f"when the exception ends, after {finding.exception.expires}")
    elif finding.due:
        days = (finding.due - today).days
        far = counted(abs(days), "day", "days")
        late = f"{far} ago: overdue" if days < 0 else "today" if days == 0 else f"in {far}"
        yield line("due", f"{finding.due}, {late}" if finding.status == "fail" else str(finding.due))
    elif finding.due_days is not None:
        yield line("due", f"{counted(finding.due_days, 'day', 'days')} after it was first seen")


def _do(all_: FindingExplained, titles: Mapping[str, str]) -> Iterator[Line]:
    if all_.finding.status in ("fail", "excepted"):
        cloud = titles.get(all_.finding.resource.provider, "")
        yield line("mend it", *prose(all_.fix and of_cloud(all_.fix, cloud, titles.values())))
    elif all_.finding.status == "unknown":
        yield line("first", _first(all_.finding))
    yield line("then see", Code(all_.verify) if all_.verify else None)
    yield line("read more", *map(Link, all_.references))


def _is_undecided(finding: Finding) -> bool:
    """Whether all of it was read and does not tell."""
    return finding.status == "unknown" and {gap.why for gap in finding.unread} == {"not-yet-known"}


def _first(finding: Finding) -> str:
    if finding.needs:
        return "grant what it would need (above) to the scanner and scan again"
    if _is_undecided(finding):
        return "see for yourself: no setting that is read tells it"
    return "scan again when what was not read (above) answers"


def _verify(finding: Finding) -> str | None:
    resource = finding.resource
    words = (resource.provider, resource.account, finding.check)
    # Only plain words go into a command that somebody may copy.
    if not all(word and word.replace("-", "").replace(".", "").isalnum() and word[0] != "-" for word in words):
        return None
    return f"scan --provider {resource.provider} --account {resource.account} --check {finding.check}"


def _exception(finding: Finding) -> Iterator[Line]:
    exception = finding.exception
    if exception is None:
        return
    yield line("until", f"{exception.expires}, {exception.ticket}")
    yield line("reason", exception.reason)
    yield line("approved by", exception.approver)
    yield line("carried by", exception.owner)
    yield line("by", exception.rule)


def _history(finding: Finding) -> Iterator[Line]:
    life = finding.lifecycle
    if life:
        yield line("state", STATE[life.state])
        yield line("made so", _made(life))
        yield line("came back", f"{life.reopened} times" if life.reopened > 1 else "once" if life.reopened else None)
        yield line("resolved", moment(life.resolved_at))
    yield line("first seen", moment(finding.first_seen))
    yield line("last seen", moment(finding.last_seen))


def _made(life: Lifecycle) -> str | None:
    at, by = moment(life.introduced_at), life.introduced_by
    return " ".join(each for each in (at, by and f"by {by}") if each) or None


def moment(at: datetime | None) -> str | None:
    """A moment as people write it."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else None
