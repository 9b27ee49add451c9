"""`ourside explain TYPE`: what the provider runs, what is ours, and what moves the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from scanner.cli import doors
from scanner.cli.applying import checks_of
from scanner.cli.explain.words import MODEL, OWNED, cited
from scanner.report.labelled import Code, Line, Sheet, line, section
from scanner.responsibility.attribution import Owner, ServiceModel
from scanner.responsibility.model import ResourceType, ResponsibilityModel, Source


class DutyOnType(msgspec.Struct, frozen=True):
    """A duty that the type carries."""

    duty: str
    title: str
    layer_owner: Owner
    """Before boundary rules."""
    checks: tuple[str, ...]


class MoveOnType(msgspec.Struct, frozen=True):
    """A boundary rule of the type."""

    when: str
    layer: str
    duties: tuple[str, ...]
    to: Owner
    why: str
    source: Source


class TypeExplained(msgspec.Struct, frozen=True, kw_only=True):
    """What `--format json` prints."""

    type: str
    service_model: ServiceModel
    native: Mapping[str, str]
    customer_part: str
    provider_part: str
    duties: tuple[DutyOnType, ...]
    boundary_rules: tuple[MoveOnType, ...]
    source: Source


def explained(kind: ResourceType, model: ResponsibilityModel) -> TypeExplained:
    """All about a type."""
    return TypeExplained(
        type=kind.id,
        service_model=kind.model,
        native=kind.native,
        customer_part=kind.customer,
        provider_part=kind.provider,
        duties=tuple(
            DutyOnType(duty, model.duties[duty].title, model.layer_of(duty).owner_in(kind.model), _checks(kind, duty))
            for duty in kind.duties
        ),
        boundary_rules=tuple(
            MoveOnType(str(rule.when), rule.layer, rule.duties, rule.owner, rule.why, model.sources[rule.source])
            for rule in kind.boundary
        ),
        source=model.sources[kind.source],
    )


def sheet(kind: ResourceType, model: ResponsibilityModel) -> Sheet:
    """The page."""
    all_ = explained(kind, model)
    return Sheet(
        all_.type,
        (
            section(
                "The two halves",
                [
                    line("service model", f"{kind.model}: {MODEL[kind.model]}"),
                    line("our part", kind.customer),
                    line("provider's part", kind.provider),
                    line("source", cited(all_.source)),
                    line("called elsewhere", *(f"{tool}: {name}" for tool, name in kind.native.items())),
                ],
            ),
            section("Duties that it carries", list(_duties(all_))),
            section("What moves the line", list(_moves(all_))),
        ),
    )


def _duties(all_: TypeExplained) -> Iterator[Line]:
    for each in all_.duties:
        yield line(each.duty.partition(".")[0], f"{each.duty}: {each.title}; the layer is {OWNED[each.layer_owner]}")
        yield line("  checks", ", ".join(each.checks) or "none yet: nothing of this duty is looked at here")
    yield line("show one", Code("ourside explain DUTY"))


def _moves(all_: TypeExplained) -> Iterator[Line]:
    for move in all_.boundary_rules:
        yield line("when", move.when)
        yield line("  it is", f"{OWNED[move.to]}: {move.why}")
        yield line("  for", ", ".join(move.duties) or f"all duties of the layer {move.layer}")
        yield line("  source", cited(move.source))
    if not all_.boundary_rules:
        yield line("nothing", "no setting of such a resource moves the line; its service model decides")


def _checks(kind: ResourceType, duty: str) -> tuple[str, ...]:
    concrete = [each for provider in doors.providers().values() for each in provider.kinds() if each.type_id == kind.id]
    return tuple(check.id for check in checks_of(concrete, lambda check: check.duty == duty))
