"""Sending what waits for sinks: all of them at once, and none of them longer than there is time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click
import msgspec

from scanner.attempt import Defect, attempt
from scanner.cli.duration import Duration
from scanner.cli.exits import Exit

if TYPE_CHECKING:
    from scanner.deliver.courier import Courier, End
    from scanner.deliver.route import Route
    from scanner.history import History

GRACE = 0.1
"""The part of the time in which no batch is begun any more, so that the last ones can end."""
TICK = 0.5

delivery_time_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--delivery-time",
    type=Duration(0, 3600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to send to sinks at the end; 0 leaves it to `ourside deliver`.",
)


class Sent(msgspec.Struct, frozen=True):
    """What came of one sink."""

    sink: str
    delivered: int = 0
    """Events that it has taken now."""
    waiting: int = 0
    refused: int = 0
    """Kept aside, since it was last said what becomes of them."""
    end: End = ""
    """How the sending ended."""
    why: str = ""
    """Why not all has arrived."""

    @property
    def is_done(self) -> bool:
        """Whether all has arrived."""
        return not self.waiting and not self.refused and self.end in ("", "late", "waits", "held")


class Delivered(msgspec.Struct, frozen=True):
    """What came of all sinks."""

    sinks: tuple[Sent, ...] = ()
    left: bool = False
    """Nothing was sent, because that was asked for."""

    @property
    def exits(self) -> set[Exit]:
        """The exit codes that apply."""
        return set() if self.left or all(sink.is_done for sink in self.sinks) else {Exit.NOT_DELIVERED}

    @property
    def counts(self) -> dict[str, int]:
        """How many events, for a line of log; empty where there is no sink."""
        if not self.sinks:
            return {}
        return {
            "delivered": sum(sink.delivered for sink in self.sinks),
            "waiting": sum(sink.waiting for sink in self.sinks),
            "refused": sum(sink.refused for sink in self.sinks),
        }


def deliver_after(
    history: History | None, opened: Callable[[], History], routes: Sequence[Route], seconds: float
) -> Delivered:
    """Send to the sinks of a scan for so many seconds, and no longer, whatever a sink does.

    `opened`: the same history once more, for another thread.
    """
    if history is None or not routes:
        return Delivered()
    couriers: Sequence[Courier] = ()
    if seconds:
        from scanner.deliver.courier import Courier

        couriers = [Courier(route, opened) for route in routes]
        send(couriers, seconds * (1 - GRACE), seconds)
    return Delivered(sent_by(history, [route.name for route in routes], couriers), left=not seconds)


def send(couriers: Sequence[Courier], seconds: float | None, at_most: float | None) -> None:
    """Let all of them send at once for some seconds, and leave alone who is not back then."""
    # Threads that need not end for the process to end: what hangs in a sink cannot be interrupted.
    threads = [
        threading.Thread(target=_carry, args=(each, seconds), name=f"courier to {each.carried.sink}", daemon=True)
        for each in couriers
    ]
    until = None if at_most is None else time.monotonic() + at_most
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive() and (until is None or time.monotonic() < until):
                # Waiting without an end would keep signals waiting too, on some systems.
                thread.join(TICK if until is None else max(min(until - time.monotonic(), TICK), 0.0))
    finally:
        for courier, thread in zip(couriers, threads, strict=True):
            courier.stop.set()
            if thread.is_alive():
                courier.abandon()


def _carry(courier: Courier, seconds: float | None) -> None:
    done = attempt(partial(courier.carry, seconds))
    if isinstance(done, Defect):
        courier.carried.end, courier.carried.why = "broken", f"a defect of ours: {done}: please report it"


def sent_by(history: History, names: Sequence[str], couriers: Sequence[Courier]) -> tuple[Sent, ...]:
    """What came of sinks, and what is left for them."""
    from scanner.history import HistoryError

    carried = {courier.carried.sink: courier.carried for courier in couriers}
    try:
        standing = {each.sink: each for each in history.outbox.standing()}
        reasons = {name: history.outbox.reasons(name, 1) for name in names if name in standing}
    except HistoryError as error:
        return tuple(
            Sent(name, carried[name].delivered if name in carried else 0, end="history", why=str(error))
            for name in names
        )
    found = []
    for name in names:
        own, left = carried.get(name), standing.get(name)
        why = own.why if own else ""
        if not why and reasons.get(name):
            why = reasons[name][0].why
        found.append(
            Sent(
                name,
                own.delivered if own else 0,
                left.waiting if left else 0,
                left.refused if left else 0,
                own.end if own else "",
                why,
            )
        )
    return tuple(found)
