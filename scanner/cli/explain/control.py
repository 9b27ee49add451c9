"""`ourside explain CONTROL`: the duties and checks that bear on a control of a framework, and who answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from scanner.cli.explain.people import Answering, lines_of
from scanner.frameworks.published import Control, Published
from scanner.report.labelled import Code, Line, Link, Sheet, line, section
from scanner.responsibility.model import ResponsibilityModel


class DutyOfControl(msgspec.Struct, frozen=True):
    """A duty that bears on the control."""

    duty: str
    title: str
    customer_part: str
    provider_part: str
    role: str
    answering: tuple[Answering, ...]


class ControlExplained(msgspec.Struct, frozen=True, kw_only=True):
    """What `--format json` prints."""

    framework: str
    title: str
    version: str
    control: str
    duties: tuple[DutyOfControl, ...]
    checks: tuple[str, ...]
    source: str


def controls_named(name: str, published: Mapping[str, Published]) -> list[tuple[Published, Control]]:
    """The controls of all frameworks that a name such as `AC-3` or `nist-800-53r5:AC-3` stands for."""
    framework, _, control = name.rpartition(":")
    return [
        (each, one)
        for each in published.values()
        if framework in ("", each.framework.id)
        for one in each.controls
        if one.id.lower() == control.lower()
    ]


def explained(
    published: Published, control: Control, model: ResponsibilityModel, people: Mapping[str, tuple[Answering, ...]]
) -> ControlExplained:
    """All about a control."""
    return ControlExplained(
        framework=published.framework.id,
        title=published.framework.title,
        version=published.framework.version,
        control=control.id,
        duties=tuple(
            DutyOfControl(duty.id, duty.title, duty.customer, duty.counterpart, duty.role, people.get(duty.id, ()))
            for duty in map(model.duties.__getitem__, control.duties)
        ),
        checks=control.checks,
        source=published.framework.source,
    )


def sheet(all_: ControlExplained) -> Sheet:
    """The page."""
    nothing = "no duty is mapped to it: it speaks of what a configuration does not show, or nobody mapped it"
    return Sheet(
        f"{all_.framework}:{all_.control}",
        (
            section(
                "The control",
                [
                    line("framework", f"{all_.title}, {all_.version}"),
                    line("text", "belongs to its publisher; only its number is kept here"),
                    line("published at", Link(all_.source)),
                ],
            ),
            section(
                "A violation of these duties is evidence against it",
                list(_duties(all_.duties)) or [line("none", nothing)],
            ),
            section("Checks that bear on it", [line("checks", *all_.checks), *_next(all_.checks)]),
            section("What this is not", [line("", "a pass of all of them does not say that the control is met")]),
        ),
    )


def _duties(duties: Sequence[DutyOfControl]) -> Iterator[Line]:
    for each in duties:
        yield line("duty", f"{each.duty}: {each.title}")
        yield line("  our part", each.customer_part)
        yield line("  provider's part", each.provider_part)
        yield from lines_of(each.answering)
        yield line("  usual role", each.role)


def _next(checks: Sequence[str]) -> Iterator[Line]:
    if checks:
        yield line("show one", Code(f"ourside explain {checks[0]}"))
    else:
        yield line("none yet", "nothing here looks at it")
