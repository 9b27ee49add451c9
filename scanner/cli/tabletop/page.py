"""An exercise as Markdown: what is read out, what the table is asked, and a sheet for whoever leads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.check import Check
from scanner.cli.explain.people import of, told
from scanner.cli.route.answer import RouteAnswer
from scanner.cli.tabletop.draw import Scenario
from scanner.finding import Finding
from scanner.report.lines import ID_LENGTH
from scanner.report.markdown import code, link, plain, prose
from scanner.responsibility.model import Duty

QUESTIONS = (
    "Who acts first: we or the provider? Why?",
    "Who of us is told, who stands in, and how are they reached?",
    "What does the provider do without being asked, and what only when asked? Through which door?",
    "How would we have known? What is recorded, and what can nobody tell any more?",
    "What has to change so that it cannot happen again, and who does that by when?",
)


def page(
    scenarios: Sequence[tuple[Scenario, RouteAnswer]],
    checks: Mapping[str, Check[Any]],
    duties: Mapping[str, Duty],
    seed: int,
) -> Iterator[str]:
    """The players' part of all scenarios, then the leader's."""
    yield "# Tabletop exercise\n\n"
    yield f"Drawn with seed {seed} from findings that are open now. The story is made up; the findings are real.\n"
    for number, (scenario, _) in enumerate(scenarios, 1):
        yield from _story(number, scenario)
    yield "\n---\n\n# For the leader only\n"
    for number, (scenario, answer) in enumerate(scenarios, 1):
        yield from _answers(number, scenario, answer, checks, duties)


def _story(number: int, scenario: Scenario) -> Iterator[str]:
    exercise, first = scenario.exercise, scenario.first
    yield f"\n## Scenario {number}: {exercise.title}\n\n"
    yield f"{_told(exercise.opening, first)}\n"
    yield "\n### What you learn when you ask\n\n"
    for step, (part, finding) in enumerate(scenario.chain, 1):
        yield f"{step}. {_told(part.tells, finding)} {_learned(finding)}\n"
    yield "\n### What comes in between\n\n"
    for minutes, inject in zip((15, 30, 45, 60), exercise.injects, strict=False):
        yield f"- After {minutes} minutes: {_told(inject, first)}\n"
    yield "\n### Questions\n\n"
    for step, question in enumerate(QUESTIONS, 1):
        yield f"{step}. {question}\n"


def _learned(finding: Finding) -> str:
    reasons = [reason.text for reason in finding.reasons[:2]] or [finding.check]
    name = code(finding.resource.name or finding.resource.uid)
    return f"On {name}: {plain('; '.join(reasons))}."


def _told(text: str, finding: Finding) -> str:
    """A sentence of ours with the names of what it is told over."""
    resource = finding.resource
    names = {"RESOURCE": resource.name or resource.uid, "CLOUD": resource.provider, "ACCOUNT": resource.account}
    return " ".join(
        word.replace(bare, code(names[bare])) if (bare := word.strip(".,:;?")) in names else word
        for word in text.split(" ")
    )


def _answers(
    number: int,
    scenario: Scenario,
    answer: RouteAnswer,
    checks: Mapping[str, Check[Any]],
    duties: Mapping[str, Duty],
) -> Iterator[str]:
    found = answer.route
    yield f"\n## Scenario {number}: {scenario.exercise.title}\n\n"
    who = {"customer": "we", "provider": "the provider"}
    yield f"1. **Who acts:** {', then '.join(who[party] for party in found.acts)}; {plain(found.reason)}.\n"
    if found.assumed or found.boundary_rule or found.service_model:
        yield f"   Layer {found.layer}, owned by: {found.layer_owner}.\n"
    yield "2. **Who is told:**\n"
    for _, finding in scenario.chain:
        yield f"   - {finding.responsibility.duty}: {_people(finding, duties)}\n"
    yield f"3. **The provider:** {plain(found.provider_part)}"
    yield "".join(f" Door: {link(each.url, each.title)}." for each in answer.contacts.values()) + "\n"
    yield "4. **How we would know:**\n"
    for look in answer.look:
        answered = code(look.command) if look.command else "by hand: no check of ours sees it here"
        yield f"   - {look.ask} {answered}\n"
    yield "5. **What has to change:**\n"
    for _, finding in scenario.chain:
        check = checks.get(finding.check)
        fix = prose(check.guidance.fix.split("\n\n")[0]) if check else "see the check"
        due = f" Due {finding.due}." if finding.due else ""
        yield f"   - {code(finding.id[:ID_LENGTH])} {finding.check} ({finding.severity}).{due} {fix}\n"
    yield f"\nWe: {plain(found.customer_part)}\n"


def _people(finding: Finding, duties: Mapping[str, Duty]) -> str:
    owner = finding.responsibility
    if owner.owner is None:
        role = duties[owner.duty].role if owner.duty in duties else "unknown"
        return f"nobody is named, and that is a result of this exercise. Usual role: {role}"
    return plain(told(of("", owner)))
