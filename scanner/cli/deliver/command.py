"""`ourside deliver`: sends what waits for sinks, and says what became of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.config.options import shared_config_option
from scanner.cli.deliver.routes import SINK, routes
from scanner.cli.duration import Duration
from scanner.cli.exits import Exit, Stop, worst
from scanner.cli.history_option import history_option, not_begun, opened_to_read, opening, standard
from scanner.cli.options import Many, flat
from scanner.cli.signals import ending_in_order
from scanner.report.visible import visible

if TYPE_CHECKING:
    from scanner.history import History

OVERTIME = 30.0
"""Seconds after the time limit for what is being sent then."""
NO_SINK = "there is no sink: name some in a configuration file, and the file with --config"
DEEDS = ("status", "retry_refused", "drop_refused", "drop_all", "test")


@click.command(context_settings={"max_content_width": 100})
@click.option(f"--{SINK}", type=Many(), multiple=True, metavar="NAME", help="Only these sinks. Repeats, takes commas.")
@click.option(
    "--time-limit",
    type=Duration(0.1),
    metavar="SECONDS",
    help="Wait so long for what is to be tried again later. Without: end when nothing can be done now.",
)
@click.option("--status", is_flag=True, help="Send nothing: say what waits, since when and why.")
@click.option("--retry-refused", is_flag=True, help="Try also what was refused, and what is put off, now.")
@click.option("--drop-refused", is_flag=True, help="Send nothing: give up what was refused. Needs --yes.")
@click.option("--drop-all", metavar="NAME", help="Send nothing: give up all that waits for this sink. Needs --yes.")
@click.option("--yes", is_flag=True, help="What is given up will never arrive: do it.")
@click.option("--test", metavar="NAME", help="Send one marked event to this sink, and say step by step how it goes.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr of sinks that have all.")
@history_option
@shared_config_option
def deliver(**values: Any) -> int:
    """Send what waits for sinks, in order for each finding, and say what became of it.

    The exit code is 0 where all has arrived, 5 where something waits, was refused or could not be sent. It may be
    started at any time, and twice: one process at a time sends to a sink.
    """
    from scanner.history import HistoryError

    asked = [f"--{deed.replace('_', '-')}" for deed in DEEDS if values[deed]]
    if len(asked) > 1:
        raise Stop(Exit.USAGE, f"choose one of {', '.join(asked)}")
    if values["test"]:
        return _tested(values["test"], values)
    absent = not_begun(values["history"])
    if absent is not None:
        return _nothing_yet(absent, values)
    with ending_in_order(), opened_to_read(values["history"]) as history:
        try:
            return _done(history, values)
        except HistoryError as error:
            raise Stop(Exit.NOT_DELIVERED, str(error)) from error


def _nothing_yet(absent: Path, values: dict[str, Any]) -> int:
    """What is wrong with sinks is told all the same; else a timer that comes before the first scan did no wrong."""
    if not routes(values) and not values["status"]:
        raise Stop(Exit.USAGE, NO_SINK)
    demo = standard(demo=True)
    hint = f". The demo's history is --history {demo}" if not values["history"] and demo.exists() else ""
    if not values["quiet"]:
        click.echo(visible(f"{absent}: nothing was recorded yet, so that nothing waits{hint}"), err=True)
    return Exit.COMPLETE


def _done(history: History, values: dict[str, Any]) -> int:
    if values["status"]:
        return _status(history, values)
    if values["drop_refused"] or values["drop_all"]:
        return _dropped(history, values)
    return _sent(history, values)


def _sent(history: History, values: dict[str, Any]) -> int:
    from scanner.cli.deliver.draining import Delivered, send, sent_by
    from scanner.cli.deliver.words import lines_about
    from scanner.deliver.courier import Courier

    chosen = routes(values)
    known = [route.name for route in chosen]
    left = [] if flat(values[SINK]) else [each.sink for each in history.outbox.standing() if each.sink not in known]
    if not chosen and not left:
        raise Stop(Exit.USAGE, NO_SINK)
    if values["retry_refused"]:
        for route in chosen:
            history.outbox.retry(route.name, datetime.now(UTC))
    couriers = [Courier(route, opening(values["history"])) for route in chosen]
    limit = values["time_limit"]
    send(couriers, limit, None if limit is None else limit + OVERTIME)
    delivered = Delivered(sent_by(history, [*known, *left], couriers))
    if values["form"] == "json":
        _write(delivered.sinks)
    for sink in delivered.sinks:
        if sink.is_done and not values["quiet"]:
            click.echo(visible(f"sink {sink.sink}: {sink.delivered:,} delivered, nothing waits"), err=True)
    for line in lines_about(delivered, known):
        click.echo(line, err=True)
    return worst(delivered.exits)


def _status(history: History, values: dict[str, Any]) -> int:
    from scanner.cli.deliver.status import lines, statuses_of
    from scanner.report.terminal import terminal_of

    now, names = datetime.now(UTC), flat(values[SINK])
    known = routes({})
    _refuse_unknown(history, [route.name for route in known], names)
    found = statuses_of(history, known, names, now)
    if values["form"] == "json":
        _write(found)
    else:
        for text in lines(found, terminal_of(sys.stdout, os.environ), now):
            sys.stdout.write(text)
    return Exit.NOT_DELIVERED if any(each.waiting or each.refused for each in found) else Exit.COMPLETE


def _dropped(history: History, values: dict[str, Any]) -> int:
    name, only_refused = values["drop_all"], not values["drop_all"]
    names = flat(values[SINK]) if only_refused else (name,)
    _refuse_unknown(history, [route.name for route in routes({})], names)
    standing = [each for each in history.outbox.standing() if not names or each.sink in names]
    left = {each.sink: each.refused if only_refused else each.refused + each.waiting for each in standing}
    what = ", ".join(f"{count:,} of {sink}" for sink, count in left.items() if count)
    if what and not values["yes"]:
        raise Stop(Exit.USAGE, visible(f"these events would be given up, and never arrive: {what}. If so: --yes"))
    for sink in left:
        history.outbox.drop(sink, refused=only_refused)
    click.echo(visible(f"given up: {what or 'nothing'}"), err=True)
    return Exit.COMPLETE


def _tested(name: str, values: dict[str, Any]) -> int:
    from scanner.cli.deliver.trial import steps

    (route,) = routes({SINK: ((name,),)}) or (None,)
    if route is None:
        raise Stop(Exit.USAGE, f"--test {name}: name a sink")
    well = True
    for step in steps(route):
        click.echo(visible(step.said))
        well = step.well
    return Exit.COMPLETE if well else Exit.NOT_DELIVERED


def _refuse_unknown(history: History, known: Sequence[str], names: Sequence[str]) -> None:
    there = dict.fromkeys([*known, *(each.sink for each in history.outbox.standing())])
    for name in names:
        if name not in there:
            raise Stop(Exit.USAGE, f"there is no sink {name!r}, and nothing waits for it: {', '.join(there) or 'none'}")


def _write(rows: Sequence[object]) -> None:
    from scanner.jsonline import json_line

    for row in rows:
        sys.stdout.write(json_line(row) + "\n")
