"""`ourside explain CHECK`: the rule, why, what to do, what it reads and what that needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from scanner.check import Check, Severity
from scanner.cli import doors
from scanner.cli.applying import clouds_of, kinds_of
from scanner.cli.explain.people import Answering, lines_of
from scanner.cli.planning import plan_of
from scanner.facts import Reads, Relation
from scanner.model import Resource
from scanner.report.labelled import Code, Line, Link, Sheet, line, prose, section
from scanner.responsibility.model import ResponsibilityModel


class FactRead(msgspec.Struct, frozen=True):
    """A fact that decides."""

    fact: str
    means: str


class CheckExplained(msgspec.Struct, frozen=True, kw_only=True):
    """What `--format json` prints."""

    check: str
    rule: str
    severity: Severity
    why: str
    fix: str
    references: tuple[str, ...]
    duty: str
    duty_title: str
    layer: str
    customer_part: str
    provider_part: str
    answering: tuple[Answering, ...]
    types: tuple[str, ...]
    reads: tuple[FactRead, ...]
    permissions: Mapping[str, tuple[str, ...]]
    """By cloud."""


def explained(check: Check[Any], model: ResponsibilityModel, answering: tuple[Answering, ...]) -> CheckExplained:
    """All about a check."""
    duty, guidance = model.duties[check.duty], check.guidance
    return CheckExplained(
        check=check.id,
        rule=guidance.title,
        severity=check.severity,
        why=guidance.why,
        fix=guidance.fix,
        references=guidance.references,
        duty=duty.id,
        duty_title=duty.title,
        layer=duty.layer,
        customer_part=duty.customer,
        provider_part=duty.counterpart,
        answering=answering,
        types=tuple(sorted(kind.type_id for kind in kinds_of(check))),
        reads=tuple(_facts(check.kind, check.reads, check.kind.kind)),
        permissions={
            name: tuple(plan_of([check], doors.provider(name).kinds(), model).permissions())
            for name in clouds_of(check)
        },
    )


def sheet(check: Check[Any], model: ResponsibilityModel, answering: tuple[Answering, ...]) -> Sheet:
    """The page."""
    all_ = explained(check, model, answering)
    return Sheet(
        f"{all_.check}: {all_.rule}",
        (
            section(
                "The rule",
                [
                    line("severity", all_.severity),
                    line("why", *prose(all_.why)),
                    line("what to do", *prose(all_.fix)),
                    line("read more", *map(Link, all_.references)),
                ],
            ),
            section(
                "Whose it is",
                [
                    line("duty", f"{all_.duty}: {all_.duty_title}"),
                    line("our part", all_.customer_part),
                    line("provider's part", all_.provider_part),
                    *lines_of(answering),
                    line("usual role", model.duties[all_.duty].role),
                    line("more", Code(f"ourside explain {all_.duty}")),
                ],
            ),
            section("What it judges", [line("types", *all_.types)]),
            section("What decides it", list(_read(all_))),
            section("What it needs", [line(name, ", ".join(needs)) for name, needs in all_.permissions.items()]),
        ),
    )


def _read(all_: CheckExplained) -> Iterator[Line]:
    for read in all_.reads:
        yield line("reads", f"{read.fact}: {read.means}")


def _facts(kind: type[Resource], reads: Reads, path: str) -> Iterator[FactRead]:
    for name in sorted(reads.own):
        yield FactRead(f"{path}.{name}", kind.facts[name].doc)
    for name, inner in sorted(reads.through.items()):
        relation = kind.facts[name]
        if isinstance(relation, Relation):
            yield from _facts(relation.target, inner, f"{path}.{name}")
    for other in sorted(reads.every, key=lambda each: each.kind):
        yield from _facts(other, reads.every[other], f"every {other.kind}")
