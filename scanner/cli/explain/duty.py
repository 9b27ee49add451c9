"""`ourside explain DUTY`: what it asks of us, what the provider does, and what moves the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from scanner.check import Check
from scanner.cli import doors
from scanner.cli.applying import checks_of
from scanner.cli.explain.people import Answering, lines_of
from scanner.cli.explain.words import ASSESSED, OWNED, SHARED, cited, moves, owners
from scanner.report.labelled import Code, Line, Piece, Sheet, line, section
from scanner.responsibility.attribution import Owner, ServiceModel
from scanner.responsibility.model import Duty, ResponsibilityModel, Source


class Move(msgspec.Struct, frozen=True):
    """A boundary rule that moves the duty."""

    when: str
    to: Owner
    why: str
    types: tuple[str, ...]
    source: Source


class DutyExplained(msgspec.Struct, frozen=True, kw_only=True):
    """What `--format json` prints."""

    duty: str
    title: str
    layer: str
    layer_title: str
    layer_owner: Mapping[ServiceModel, Owner]
    customer_part: str
    provider_part: str
    shared_kind: str
    assess: str
    role: str
    answering: tuple[Answering, ...]
    checks: Mapping[str, tuple[str, ...]]
    """By cloud."""
    types: Mapping[str, tuple[str, ...]]
    """Resource types that carry it, by cloud."""
    boundary_rules: tuple[Move, ...]
    controls: Mapping[str, tuple[str, ...]]
    """By framework."""


def explained(duty: Duty, model: ResponsibilityModel, answering: tuple[Answering, ...]) -> DutyExplained:
    """All about a duty."""
    layer = model.layer_of(duty.id)
    controls: dict[str, tuple[str, ...]] = {}
    for control in model.controls_of(duty.id):
        controls[control.framework] = (*controls.get(control.framework, ()), control.id)
    return DutyExplained(
        duty=duty.id,
        title=duty.title,
        layer=layer.id,
        layer_title=layer.title,
        layer_owner=msgspec.to_builtins(layer.owner),
        customer_part=duty.customer,
        provider_part=duty.counterpart,
        shared_kind=duty.shared_kind,
        assess=duty.assess,
        role=duty.role,
        answering=answering,
        checks={name: tuple(each.id for each in _checks(name, duty)) for name in doors.providers()},
        types={
            document.provider: tuple(kind.id for kind in document.types if duty.id in kind.duties)
            for document in model.providers
        },
        boundary_rules=tuple(
            Move(str(rule.when), rule.owner, rule.why, types, model.sources[rule.source])
            for rule, types in moves(model, duty.id)
        ),
        controls=controls,
    )


def sheet(duty: Duty, model: ResponsibilityModel, answering: tuple[Answering, ...]) -> Sheet:
    """The page."""
    layer = model.layer_of(duty.id)
    all_ = explained(duty, model, answering)
    return Sheet(
        f"{duty.id}: {duty.title}",
        (
            section(
                "The two halves",
                [
                    line("our part", duty.customer),
                    line("provider's part", duty.counterpart),
                    line("how they hang", SHARED[duty.shared_kind]),
                    line("how it is seen", ASSESSED[duty.assess]),
                ],
            ),
            section("Who answers for it", [*lines_of(answering), line("usual role", duty.role)]),
            section(f"Who owns the layer: {layer.title}", [line("about", layer.about), *owners(layer)]),
            section("What moves the line on one resource", list(_moves(all_))),
            section("Checks", list(_by_cloud(duty))),
            section("Resource types that carry it", [line(name, ", ".join(ids)) for name, ids in all_.types.items()]),
            section(
                "Controls against which a violation is evidence",
                [
                    line(f"{model.frameworks[name].id}", f"{', '.join(ids)}  ({model.frameworks[name].title})")
                    for name, ids in all_.controls.items()
                ],
            ),
        ),
    )


def _moves(all_: DutyExplained) -> Iterator[Line]:
    for move in all_.boundary_rules:
        yield line("when", move.when)
        yield line("  it is", f"{OWNED[move.to]}: {move.why}")
        yield line("  on", ", ".join(move.types))
        yield line("  source", cited(move.source))
    if not all_.boundary_rules:
        yield line("nothing", "no setting of a resource moves this duty; the table above decides")


def _by_cloud(duty: Duty) -> Iterator[Line]:
    for name in doors.providers():
        found = _checks(name, duty)
        said: list[Piece] = [f"{each.severity:8}  {each.id}" for each in found]
        yield line(name, *(said or ["none yet: nothing of this duty is looked at"]))
    yield line("show one", Code("ourside explain CHECK"))


def _checks(provider: str, duty: Duty) -> list[Check[Any]]:
    return checks_of(doors.provider(provider).kinds(), lambda check: check.duty == duty.id)
