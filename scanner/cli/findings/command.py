"""`ourside findings`: what is open, whose it is and by when, from the history, a file or a snapshot."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.check import SEVERITIES
from scanner.cli.accountability_options import accountability_options, people_of
from scanner.cli.config.options import shared_config_option
from scanner.cli.findings.chosen import chosen_of, chosen_options
from scanner.cli.history_option import history_option, opened_to_read
from scanner.cli.sources import found_in, opened_source, source_argument
from scanner.finding import Finding
from scanner.report.terminal import terminal_of
from scanner.report.visible import visible

if TYPE_CHECKING:
    from scanner.finding import Status

USUAL: frozenset[Status] = frozenset({"fail", "unknown"})


@click.group()
def findings() -> None:
    """List findings: what is open, whose it is and by when; or show one whole."""


@findings.command("list")
@source_argument
@chosen_options
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows of the table.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="json has all of them.")
@history_option
@accountability_options
@shared_config_option
def list_(source: Path | None, limit: int, form: str, history: str | None, **values: Any) -> None:
    """List findings of the history, or of FILE: findings in JSON, or a snapshot. Failures and unknowns if not said."""
    from scanner.cli.findings.named import Places, refuse_unknown
    from scanner.report.lines import lines
    from scanner.report.native import line_of

    chosen = chosen_of(values, datetime.now(UTC).date(), USUAL)
    people = people_of(values)
    with opened_source(source, history, people) as opened:
        refuse_unknown(chosen, opened)
        places = Places(chosen, opened)
        found = filter(chosen.holds, opened.findings(chosen.wanted(settled=people is not None)))
        if form == "json":
            for finding in found:
                sys.stdout.write(line_of(finding))
        else:
            for text in lines(_worst_first(found), opened.name, limit, terminal_of(sys.stdout, os.environ)):
                sys.stdout.write(text)
        for note in places.notes():
            click.echo(visible(note), err=True)


def _worst_first(found: Iterator[Finding]) -> list[Finding]:
    return sorted(
        found,
        key=lambda f: (SEVERITIES.index(f.severity), f.due or datetime.max.date(), f.check, f.resource.uid, f.id),
    )


@findings.command()
@click.argument("identifier", metavar="ID")
@source_argument
@history_option
@shared_config_option
def show(identifier: str, source: Path | None, history: str | None) -> None:
    """Show one finding whole, as JSON. ID may be a part of it: the beginning, with or without `f1:`."""
    from scanner.report.native import line_of

    with opened_source(source, history) as opened:
        sys.stdout.write(line_of(found_in(opened, identifier)))


@findings.command()
@history_option
@shared_config_option
def scans(history: str | None) -> None:
    """List the scans that the history holds, the newest last."""
    from scanner.report.scans import lines

    with opened_to_read(history) as opened:
        for text in lines(opened.scans(), terminal_of(sys.stdout, os.environ)):
            sys.stdout.write(text)
