"""What the page's script has to know besides the findings: checks, duties, layers, frameworks, and the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from scanner.check import SEVERITIES, Check, Severity
from scanner.facts import Why
from scanner.finding import State, Status
from scanner.record import Run
from scanner.report.html.chunk import STATUSES
from scanner.report.html.fix import Step, steps_of
from scanner.report.html.gathered import Gathered
from scanner.report.html.shared import Shared
from scanner.report.report import Report
from scanner.report.state_words import STATE, WHY
from scanner.responsibility.model import Duty, ResponsibilityModel


class CheckFacts(msgspec.Struct, frozen=True):
    """What a check says."""

    title: str
    why: Sequence[str]
    """Paragraphs."""
    fix: Sequence[Step]
    references: Sequence[str]


class Cited(msgspec.Struct, frozen=True):
    """Controls of a framework against which a violation of a duty is evidence."""

    framework: str
    controls: Sequence[str]


class DutyFacts(msgspec.Struct, frozen=True):
    """A duty, with both halves and the controls that cite it."""

    title: str
    layer: str
    customer: str
    counterpart: str
    shared_kind: str
    role: str
    cited: Sequence[Cited]


class LayerFacts(msgspec.Struct, frozen=True):
    """A layer, and who owns it in each service model."""

    title: str
    band: str
    owner: Mapping[str, str]


class PageFacts(msgspec.Struct, frozen=True):
    """A page of a provider's."""

    title: str
    url: str


class Facts(msgspec.Struct, frozen=True):
    """All of it."""

    statuses: Sequence[Status]
    severities: Sequence[Severity]
    findings: int
    clouds: Mapping[str, str]
    checks: Mapping[str, CheckFacts]
    duties: Mapping[str, DutyFacts]
    layers: Mapping[str, LayerFacts]
    frameworks: Mapping[str, str]
    sources: Mapping[str, PageFacts]
    """Pages that attributions cite: only these become links."""
    states: Mapping[State, str]
    """What became of a failure, in words."""
    why: Mapping[Why, str]
    """Why something is not known, in words."""
    over_time: bool
    run: Run


def facts_of(report: Report, all_: Gathered, shared: Shared, defects: Sequence[str]) -> Facts:
    """What the findings of a report are about."""
    run, model = report.run, report.model
    if defects:
        run = msgspec.structs.replace(run, complete=False, defects=(*run.defects, *defects))
    duties = [model.duties[duty] for duty in shared.duties if duty in model.duties]
    return Facts(
        statuses=STATUSES,
        severities=SEVERITIES,
        findings=all_.findings,
        clouds=report.clouds,
        checks={name: _check(report.checks[name], report) for name in shared.checks if name in report.checks},
        duties={duty.id: _duty(duty, model) for duty in duties},
        layers={layer.id: _layer(layer.id, model) for layer in model.core.layers},
        frameworks={each.id: f"{each.title} {each.version}" for each in model.core.frameworks},
        sources={page.id: PageFacts(page.title, page.url) for page in model.sources.values()},
        states=STATE,
        why=WHY,
        over_time=report.over_time,
        run=run,
    )


def _check(check: Check[Any], report: Report) -> CheckFacts:
    said = check.guidance
    return CheckFacts(
        said.title,
        said.why.split("\n\n"),
        tuple(steps_of(said.fix, report.clouds)),
        # Ours, but a check may be anybody's: only an address that a browser asks over TLS becomes a link.
        tuple(said.references),
    )


def _duty(duty: Duty, model: ResponsibilityModel) -> DutyFacts:
    return DutyFacts(
        duty.title,
        duty.layer,
        duty.customer,
        duty.counterpart,
        duty.shared_kind,
        duty.role,
        tuple(_cited(duty.id, model)),
    )


def _cited(duty: str, model: ResponsibilityModel) -> Iterator[Cited]:
    by_framework: dict[str, list[str]] = {}
    for control in model.controls_of(duty):
        by_framework.setdefault(control.framework, []).append(control.id)
    yield from (Cited(framework, controls) for framework, controls in by_framework.items())


def _layer(layer_id: str, model: ResponsibilityModel) -> LayerFacts:
    layer = model.layers[layer_id]
    return LayerFacts(layer.title, layer.band, msgspec.to_builtins(layer.owner))
