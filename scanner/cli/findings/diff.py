"""`ourside diff`: what became of failures between two scans."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import history_option, opened_to_read
from scanner.cli.sources import Source, opened_source
from scanner.report.cells import counted
from scanner.report.terminal import Terminal, terminal_of

if TYPE_CHECKING:
    from scanner.history import History, ScanRecord
    from scanner.report.changes import Changes

NOW = "now"


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows of each state in the table.")
@history_option
@shared_config_option
def diff(before: str, after: str, form: str, limit: int, history: str | None) -> None:
    """Say what is new, changed, reopened, resolved, accepted or no longer knowable in B, compared with A.

    A and B are both files (findings in JSON, or snapshots), or both name a scan of the history: `previous`, `latest`,
    the beginning of a scan's id, a day or time such as 2026-11-20, or `now`. `ourside findings scans` lists them.
    """
    from scanner.report.changes import lines, rows

    with ExitStack() as stack:
        if Path(before).exists() != Path(after).exists():
            missing = after if Path(before).exists() else before
            raise Stop(Exit.USAGE, f"compare two files, or two scans of the history: there is no file {missing!r}")
        if Path(before).exists():
            ends = [stack.enter_context(opened_source(Path(name), None)) for name in (before, after)]
            changes = _between_files(*ends)
        else:
            changes = _between_scans(stack.enter_context(opened_to_read(history)), before, after)
        shown = rows(changes) if form == "json" else lines(changes, before, after, limit, _terminal())
        for text in shown:
            sys.stdout.write(text)


def _terminal() -> Terminal:
    return terminal_of(sys.stdout, os.environ)


def _between_files(before: Source, after: Source) -> Changes:
    from scanner.history.compare import compare
    from scanner.history.past import Past
    from scanner.history.unlooked import Left
    from scanner.report.changes import Changes

    left, past = Left(), Past(before.run())
    found = tuple(past.known(compare(past.watch(before.findings()), after.findings(), after.run(), left)))
    if past.left_out:
        failures = counted(past.left_out, "failure", "failures")
        print(
            f"note: {before.name} is a part: it does not tell whether {failures} of {after.name} failed then, so they "
            "are left out. Compare with all findings of that scan",
            file=sys.stderr,
        )
    return Changes(found, left.told(), past.left_out)


def _between_scans(history: History, before: str, after: str) -> Changes:
    from scanner.history import HistoryError
    from scanner.report.changes import Changes

    scans = history.scans()
    points = [_point(scans, name) for name in (before, after)]
    try:
        return Changes(tuple(history.changes(*points)), history.unlooked(*points))
    except HistoryError as error:
        raise Stop(Exit.USAGE, str(error)) from error


def _point(scans: tuple[ScanRecord, ...], name: str) -> str | datetime:
    """The scan or time that a name stands for; Stop where there is none."""
    if name == NOW:
        return datetime.now(UTC) + timedelta(days=1)
    back = {"latest": 1, "previous": 2}.get(name)
    if back is not None:
        if len(scans) < back:
            held = "one scan" if scans else "no scan"
            raise Stop(Exit.USAGE, f"{name!r}: the history has {held}. See: ourside findings scans")
        return scans[-back].scan
    found = [each.scan for each in scans if each.scan.startswith(name) or each.scan.startswith(f"scan-{name}")]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise Stop(Exit.USAGE, f"several scans begin with {name!r}: give more of its id")
    try:
        moment = datetime.fromisoformat(name)
    except ValueError:
        raise Stop(
            Exit.USAGE,
            f"{name!r} is no file, no scan of the history, no day such as 2026-11-20. See: ourside findings scans",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
