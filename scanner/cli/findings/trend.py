"""`ourside trend`: how failures come and go."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import history_option, opened_to_read
from scanner.report.terminal import terminal_of

if TYPE_CHECKING:
    from scanner.history.trend import By


@click.command()
@click.option("--by", type=click.Choice(["duty", "owner"]), default="duty", show_default=True)
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="How far back.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@history_option
@shared_config_option
def trend(by: By, days: int, form: str, history: str | None) -> None:
    """Show how failures come and go: open, opened, resolved, overdue, how long it took to mend and to notice them."""
    from scanner.history import HistoryError
    from scanner.report.trending import lines, rows

    today = datetime.now(UTC).date()
    with opened_to_read(history) as opened:
        try:
            found = opened.trend(by, today - timedelta(days=days), today)
        except HistoryError as error:
            raise Stop(Exit.USAGE, str(error)) from error
        where = opened.where
    for text in rows(found) if form == "json" else lines(found, where, terminal_of(sys.stdout, os.environ)):
        sys.stdout.write(text)
