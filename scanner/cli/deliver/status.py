"""`ourside deliver --status`: what waits for each sink, since when, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from scanner.history import Reasons
from scanner.report.cells import DIM, STRONG, counted, styled
from scanner.report.paper import Paper

if TYPE_CHECKING:
    from scanner.deliver.route import Route
    from scanner.history import History
    from scanner.report.terminal import Terminal

MOST = 5
"""Reasons that are told of a sink."""
TIME = "%Y-%m-%d %H:%MZ"


class Status(msgspec.Struct, frozen=True):
    """How a sink stands."""

    sink: str
    type: str | None
    """None for one that the configuration does not have."""
    waiting: int = 0
    refused: int = 0
    octets: int = 0
    """Of all bodies, before they are compressed."""
    oldest: datetime | None = None
    """Since when the oldest waits."""
    next_try: datetime | None = None
    sender: str | None = None
    """Who sends to it now."""
    reasons: tuple[Reasons, ...] = ()
    """The most frequent."""


def statuses_of(history: History, routes: Sequence[Route], names: Sequence[str], now: datetime) -> list[Status]:
    """Sinks of the configuration in its order, then those that something waits for all the same."""
    standing = {each.sink: each for each in history.outbox.standing()}
    leases = history.leases.all()
    types = {route.name: route.type.name for route in routes}
    found = []
    for name in names or [*types, *(each for each in standing if each not in types)]:
        left, lease = standing.get(name), leases.get(name)
        status = Status(name, types.get(name), sender=_words(lease.holder) if lease and lease.until > now else None)
        if left is not None:
            status = msgspec.structs.replace(
                status,
                waiting=left.waiting,
                refused=left.refused,
                octets=left.octets,
                oldest=left.oldest,
                next_try=history.outbox.due(name),
                reasons=history.outbox.reasons(name, MOST),
            )
        found.append(status)
    return found


def _words(holder: str) -> str | None:
    from scanner.deliver.holder import Holder

    known = Holder.read(holder)
    if known is None:
        return holder
    return None if known.is_gone() else str(known)


def lines(statuses: Sequence[Status], terminal: Terminal, now: datetime) -> Iterator[str]:
    """A row per sink."""
    paper = Paper(terminal)
    if not statuses:
        yield paper.text("No sink is configured, and nothing waits for any.")
        return
    grid = paper.grid(max(len(each.sink) for each in statuses), max(len(each.type or "?") for each in statuses))
    for each in statuses:
        said = [styled(_left(each), STRONG if each.waiting or each.refused else DIM)]
        said += [styled(text, DIM) for text in _more(each, now)]
        for reason in each.reasons:
            word = "refused" if reason.refused else "put off"
            said.append(styled(f"{reason.count:,} {word}: {reason.why} (such as {reason.example})"))
        grid.add_row(styled(each.sink), styled(each.type or "?", DIM), Text("\n").join(said))
    yield paper.text(grid)


def _left(status: Status) -> str:
    if not status.waiting and not status.refused:
        return "nothing waits"
    refused = f", {status.refused:,} refused" if status.refused else ""
    return f"{status.waiting:,} waiting{refused}, {counted(status.octets, 'octet', 'octets')}"


def _more(status: Status, now: datetime) -> Iterator[str]:
    if status.type is None:
        yield "the configuration has no such sink"
    if status.oldest is not None:
        yield f"the oldest since {status.oldest:{TIME}}"
    if status.next_try is not None and status.next_try > now:
        yield f"the next try from {status.next_try:%Y-%m-%d %H:%M:%SZ} on"
    if status.sender is not None:
        yield f"{status.sender} sends to it now"
