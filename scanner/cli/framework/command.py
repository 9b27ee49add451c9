"""`ourside framework`: what is known of each control of a published framework."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

import click

from scanner.cli import doors
from scanner.cli.accountability_options import accountability_of, accountability_options, any_file
from scanner.cli.applying import clouds_by_check
from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit
from scanner.cli.frameworks import installed_frameworks
from scanner.cli.history_option import history_option
from scanner.cli.options import matching
from scanner.cli.planning import model_of
from scanner.cli.sources import opened_source, source_argument
from scanner.frameworks.attested import attested_everywhere
from scanner.frameworks.standing import FrameworkReport, report_on

Format: TypeAlias = Literal["table", "markdown", "csv", "json"]
FORMATS: tuple[Format, ...] = ("table", "markdown", "csv", "json")


@click.group(context_settings={"max_content_width": 100})
def framework() -> None:
    """Follow a framework's controls to duties, checks and owners. No report says that a control is met."""


@framework.command("list")
def list_() -> None:
    """One line per framework: id, controls, those that something here bears on, checks, title and version."""
    known = installed_frameworks(model_of(list(doors.providers())))
    width = max(map(len, known))
    for name, each in known.items():
        mapped = sum(bool(control.duties or control.checks) for control in each.controls)
        click.echo(
            f"{name:{width}}  {len(each.controls):5,} controls  {mapped:4,} mapped  {len(each.checks):4,} checks  "
            f"{each.framework.title} {each.framework.version}"
        )


@framework.command("report")
@click.argument("framework_id", metavar="ID")
@source_argument
@history_option
@accountability_options
@shared_config_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="How.")
def report(framework_id: str, source: Path | None, history: str | None, format_: Format, **values: Any) -> int:
    """Say of each control of the framework ID what findings are evidence against it, and who answers for them.

    Findings come from FILE, written by `scan --format json` or `--save-snapshot`; without it, from the history.
    A check that finds nothing wrong satisfies no control: how many controls were looked at stands first.
    """
    providers = list(doors.providers())
    model = model_of(providers)
    known = installed_frameworks(model)
    (name, *_) = matching("framework", framework_id, list(known), "ourside framework list")
    people = accountability_of(values)
    with opened_source(source, history, people if any_file(values) else None) as opened:
        posture = opened.posture()
    attested = attested_everywhere(people.attestations, posture, model.duties, known[name].provider)
    found = report_on(known[name], posture, model, clouds_by_check(), attested)
    for piece in _writers()[format_](found):
        sys.stdout.write(piece)
    return Exit.COMPLETE


def _writers() -> Mapping[Format, Callable[[FrameworkReport], Iterator[str]]]:
    from scanner.cli.framework import page, rows
    from scanner.report.terminal import terminal_of

    def table(found: FrameworkReport) -> Iterator[str]:
        return page.page(found, terminal_of(sys.stdout, os.environ))

    return {
        "table": table,
        "markdown": page.markdown,
        "csv": rows.csv_rows,
        "json": rows.json_lines,
    }
