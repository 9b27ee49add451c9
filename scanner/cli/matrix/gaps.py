"""`ourside gaps`: what is missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal

import click

from scanner.cli.accountability_options import accountability_options
from scanner.cli.config.options import shared_config_option
from scanner.cli.history_option import history_option
from scanner.cli.matrix.answer import gaps_in, row_options
from scanner.cli.sources import source_argument


@click.command(context_settings={"max_content_width": 100})
@source_argument
@row_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How.")
@history_option
@accountability_options
@shared_config_option
def gaps(source: Path | None, form: Literal["table", "json"], **values: Any) -> None:
    """List duties without check, owner or answer, types without checks, and promises that have run out.

    Findings come from FILE, written by `scan --format json` or `--save-snapshot`; without it, from the history.
    """
    found = gaps_in(source, values)
    if form == "json":
        from scanner.report.matrix.gaps_json import gaps_json

        sys.stdout.write(gaps_json(found))
        return
    from scanner.report.matrix.gaps import gaps_page
    from scanner.report.terminal import terminal_of

    for piece in gaps_page(found, terminal_of(sys.stdout, os.environ)):
        sys.stdout.write(piece)
