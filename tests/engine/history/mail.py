"""Events in an outbox, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from scanner.history import Begin, History, Outgoing, Read, Room
from tests.engine.history.made import CHECKS, day, scope

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
"""Long after events of tests are due, which goes by the clock."""
ROOM = Room(1_000, 1_000_000, 100_000)
SINK = "siem"
SCANS = count()


def event(uid: str, key: str = "", body: str = "", sink: str = SINK) -> Outgoing:
    return Outgoing(sink, uid, key or uid, body or f'{{"uid":"{uid}"}}')


def events(*uids_and_keys: tuple[str, str]) -> list[Outgoing]:
    return [event(uid, key) for uid, key in uids_and_keys]


def post(history: History, outgoing: Iterable[Outgoing], account: int = 1) -> None:
    """Post as a scan does."""
    number = next(SCANS)
    with history.scope(Begin(f"mail-{number}", day(number), scope(account), CHECKS)) as recording:
        recording.post(outgoing)
        recording.finish(Read(True))


def waiting(history: History, now: datetime = NOW, sink: str = SINK, after: int = 0, room: Room = ROOM) -> list[str]:
    """The uids of what may be sent."""
    return [each.uid for each in history.outbox.waiting(sink, now, after, room)]


def uids(outgoing: Sequence[Outgoing]) -> list[str]:
    return [each.uid for each in outgoing]
