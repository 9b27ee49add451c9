"""Which sinks a command tells of findings: those of the file of options, or some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import click

from scanner.cli import doors
from scanner.cli.config.in_use import OFF, document_in_use
from scanner.cli.exits import Exit, Stop
from scanner.cli.options import Many, flat
from scanner.deliver.route import Route

SINK = "sink"

sink_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    f"--{SINK}",
    type=Many(),
    multiple=True,
    metavar="NAME|off",
    help="Send only to these sinks of the configuration file; others are sent to later. `off`: none, and the news of "
    "this scan never reach them; for a trial add --history off. Repeats, takes commas.",
)


def routes(values: Mapping[str, Any]) -> tuple[Route, ...]:
    """The sinks that are meant, in the file's order; Stop where the file is wrong about any, or has none of a name."""
    wanted = flat(values.get(SINK) or ())
    if OFF in wanted:
        if len(wanted) > 1:
            raise Stop(Exit.USAGE, "--sink off means none: name no other beside it")
        return ()
    found = _all()
    names = [route.name for route in found]
    for name in wanted:
        if name not in names:
            raise Stop(Exit.USAGE, f"--sink {name}: there is no such sink: {_hint(name, names)}")
    return tuple(route for route in found if not wanted or route.name in wanted)


def never_told(values: Mapping[str, Any], *, kept: bool) -> str:
    """A warning about the sinks that `--sink off` takes the news of a recorded scan from; empty where it takes none.

    The next scan finds what it has recorded, so that nothing of it is news any more.
    """
    names = [route.name for route in _all()] if kept and OFF in flat(values.get(SINK) or ()) else []
    if not names:
        return ""
    return (
        f"warning: --sink off: {', '.join(names)} will never hear of what is new, changed or resolved by this scan. "
        "For a trial, give --history off as well"
    )


def _all() -> tuple[Route, ...]:
    document = document_in_use()
    if document is None:
        return ()
    from scanner.deliver.config import routes_of
    from scanner.document import DataError

    try:
        return routes_of(document, doors.SinkTypes(), doors.event_format_names())
    except DataError as error:
        raise Stop(Exit.USAGE, str(error)) from error


def _hint(name: str, names: list[str]) -> str:
    document = document_in_use()
    if document is None:
        return "no configuration file is in use. Name one with --config"
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else f"{document.path} has {', '.join(names) or 'none'}"
