"""What options of `scan` say, in the words of a scan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from scanner.check import SEVERITIES
from scanner.cli.config.in_use import written_at
from scanner.cli.deliver.routes import routes
from scanner.cli.duration import YEAR, Duration
from scanner.cli.exits import Exit, Stop
from scanner.finding import State, Status

if TYPE_CHECKING:
    from scanner.cli.scan.run import FailOn
    from scanner.deliver.route import Route

T = TypeVar("T")
DAY = 24.0
STATES: tuple[State, ...] = get_args(State)
STATUSES: tuple[Status, ...] = ("fail", "pass", "unknown", "not-applicable", "excepted")


def starting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """How a scan is started: what it goes on with, what it waits for, how long it may take."""
    for option in reversed(
        (
            click.option("--resume", is_flag=True, help="Go on with the same scan where it was cut short, if it was."),
            click.option(
                "--resume-within",
                metavar="HOURS",
                type=Duration(0, most=YEAR // 3600),
                default=DAY,
                show_default=True,
                help="Hours since it was begun; a new one begins after that.",
            ),
            click.option(
                "--wait",
                metavar="SECONDS",
                type=Duration(0),
                default=0.0,
                help="Wait so long where the same scan is under way, rather than end with 75 at once.",
            ),
            click.option(
                "--time-limit",
                metavar="SECONDS",
                type=Duration(0.1),
                help="The longest that all may take; what is not read by then is unknown.",
            ),
        )
    ):
        function = option(function)
    return function


def statuses_of(given: Sequence[str]) -> frozenset[Status]:
    """The statuses that are meant; Stop where one is none."""
    return _among("status", given, STATUSES)


def states_of(given: Sequence[str], *, kept: bool) -> frozenset[State]:
    """The states that are meant; Stop where one is none, or no history is kept."""
    if given and not kept:
        raise Stop(Exit.USAGE, f"{written_at('only')}--only needs a history: name one with --history")
    return _among("only", given, STATES)


def _among(option: str, given: Sequence[str], known: Sequence[T]) -> frozenset[T]:
    for value in given:
        if value not in known:
            choice = ", ".join(map(str, known))
            raise Stop(Exit.USAGE, f"{written_at(option)}unknown {option} {value!r}: choose among {choice}")
    return frozenset(value for value in known if value in given)


def told_of(values: Mapping[str, Any], *, kept: bool) -> tuple[Route, ...]:
    """The sinks that are told of a scan; Stop where there are some, and no history is kept.

    Events for a sink that --sink leaves out wait for it: what is news now will never be again.
    """
    chosen = routes(values)
    told = routes({}) if chosen else ()
    if told and not kept:
        raise Stop(
            Exit.USAGE,
            f"{told[0].where}: the sink {told[0].name} needs a history, where its events wait until they have arrived: "
            "name one with --history, or give --sink off",
        )
    return told


def fail_on_of(value: str | None, *, kept: bool) -> FailOn | None:
    """What ends a scan with 1; Stop where it says no severity, or `:new` and no history is kept."""
    from scanner.cli.scan.run import FailOn

    if value is None:
        return None
    name, colon, new = value.partition(":")
    severity = next((each for each in SEVERITIES if each == name), None)
    if severity is None or (colon and new != "new"):
        raise Stop(
            Exit.USAGE,
            f"{written_at('fail_on')}--fail-on {value!r}: give one of {', '.join(SEVERITIES)}, and `:new` or nothing",
        )
    if colon and not kept:
        raise Stop(Exit.USAGE, f"{written_at('fail_on')}--fail-on {value!r} needs a history: name one with --history")
    return FailOn(severity, bool(colon))
