"""`ourside checks`: what is judged, and how."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import click

from scanner.check import Check
from scanner.cli import doors
from scanner.cli.applying import clouds_of, kinds_of
from scanner.cli.options import CHECK_CHOICE, choice_of, choose_checks, flat, matching
from scanner.plan import Plan


@click.group()
def checks() -> None:
    """List the installed checks, or show one."""


@checks.command("list")
@choice_of(*CHECK_CHOICE)
def list_(**values: Any) -> None:
    """One line per check: id, severity, duty, and what is right."""
    chosen = choose_checks(flat(values["check"]), flat(values["duty"]), None, flat(values["framework"]))
    width = max(len(check.id) for check in chosen)
    duties = max(len(check.duty) for check in chosen)
    for check in chosen:
        click.echo(f"{check.id:{width}}  {check.severity:8}  {check.duty:{duties}}  {check.guidance.title}")


@checks.command("show")
@click.argument("check_id", metavar="ID")
def show(check_id: str) -> None:
    """All about one check: why, how to mend it, what it reads, and its examples."""
    (name, *_) = matching("check", check_id, list(doors.checks()))
    for line in describe(doors.checks()[name]):
        click.echo(line)


def describe(check: Check[Any]) -> Iterator[str]:
    """A check in words."""
    guidance = check.guidance
    yield f"{check.id}: {guidance.title}"
    yield ""
    yield f"severity  {check.severity}"
    yield f"duty      {check.duty}"
    yield f"judges    {', '.join(sorted(kind.type_id for kind in kinds_of(check))) or check.kind.kind}"
    yield ""
    for paragraph in guidance.why.split("\n\n"):
        yield textwrap.fill(paragraph, 100)
    yield ""
    yield textwrap.fill(f"Fix: {guidance.fix}", 100)
    yield ""
    yield from guidance.references
    yield ""
    for name in clouds_of(check):
        plan = Plan.of([check], doors.provider(name).kinds())
        yield f"needs on {name}: {', '.join(plan.permissions())}"
