"""What is said of sinks that something still waits for, and what to do then."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scanner.cli.config.in_use import OFF, document_in_use
from scanner.cli.deliver.routes import SINK, routes
from scanner.cli.history_option import standard
from scanner.cli.options import flat
from scanner.report.visible import visible

if TYPE_CHECKING:
    from scanner.cli.deliver.draining import Delivered, Sent
    from scanner.deliver.courier import End
    from scanner.history import History

SAID = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
ENDS: dict[End, str] = {
    "": "",
    "late": "time was up",
    "waits": "the next try is not due yet",
    "failed": "the sink takes nothing now",
    "broken": "the sink takes nothing until something is changed",
    "held": "another process sends to it",
    "history": "the history failed",
}


def lines_about(delivered: Delivered, known: Container[str] | None = None) -> Iterator[str]:
    """A line about each sink that not all has arrived at. `known`: those of the configuration, if not all are."""
    if delivered.left:
        return
    for sink in delivered.sinks:
        if sink.is_done:
            continue
        if known is None or sink.sink in known:
            yield visible(f"not delivered: sink {sink.sink}: {_why(sink)}. {_step(sink)}")
        else:
            yield visible(
                f"not delivered: sink {sink.sink}: {_left(sink)}, and the configuration has no such sink. "
                f"Name it there, or give up what is left: ourside deliver --drop-all {sink.sink} --yes"
            )


def unrouted(history: History | None, values: Mapping[str, Any]) -> list[str]:
    """A note about each sink that events wait for, and that the configuration of a scan does not have.

    None where there is no configuration, or `--sink off` says that this is not about sinks.
    """
    from scanner.history import HistoryError

    if history is None or document_in_use() is None or OFF in flat(values.get(SINK) or ()):
        return []
    try:
        standing = history.outbox.standing()
    except HistoryError:
        # A scan is over, and this is no part of it: `ourside deliver` says what became of the history.
        return []
    known = {route.name for route in routes({})}
    return [
        visible(
            f"note: {_counted(each.waiting + each.refused, 'waits', 'wait')} for the sink {each.sink}, "
            f"which the configuration does not have: {command_for(each.sink, '--status')}"
        )
        for each in standing
        if each.sink not in known
    ]


def _why(sink: Sent) -> str:
    said = ENDS[sink.end] if sink.end in ("late", "waits") or not sink.why else ""
    return ": ".join(filter(None, [_left(sink), said, sink.why.rstrip(".")]))


def _left(sink: Sent) -> str:
    left = [_counted(sink.waiting, "waits", "wait")] if sink.waiting else []
    if sink.refused:
        left.append(_counted(sink.refused, "was refused and is kept", "were refused and are kept"))
    return " and ".join(left)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} event {one}" if count == 1 else f"{count:,} events {many}"


def _step(sink: Sent) -> str:
    if sink.refused and not sink.waiting:
        return f"When that is mended: {command_for(sink.sink, '--retry-refused')}"
    return f"Next: {command_for(sink.sink)}"


def command_for(sink: str, *more: str) -> str:
    """The command that sends to a sink, as it has to be typed to mean the same history and configuration.

    An address that may hold a password is shown without it.
    """
    words = ["ourside", "deliver", "--sink", sink, *more]
    ctx, document = click.get_current_context(silent=True), document_in_use()
    if ctx is None:
        return shlex.join(words)
    if document is not None and ctx.get_parameter_source("config") in SAID:
        words += ["--config", document.path]
    named = ctx.params.get("history")
    if named and ctx.get_parameter_source("history") in SAID:
        from scanner.history.postgres import without_secrets

        words += ["--history", without_secrets(named) if "://" in named else named]
    elif not named and ctx.params.get("demo") is not None:
        words += ["--history", str(standard(demo=True))]
    return shlex.join(words)
