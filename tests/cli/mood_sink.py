"""A type of sinks that does what a file says, installed by the doors that any plug-in uses."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.finding import Finding
from scanner.report.event import Event, ScopeRead
from scanner.report.ocsf import OcsfEvents
from tests.cli import cumulus


class MoodOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Where its mood is said, and where it puts what it takes."""

    mood: str
    store: str
    token: Secret | None = None


class MoodSink:
    """Takes, refuses, fails or hangs."""

    def __init__(self, options: MoodOptions) -> None:
        self._options = options

    def open(self) -> None:
        if self._mood() == "shut":
            raise SinkError("the door is shut: open it", lasting=True)

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        match self._mood():
            case "refuse":
                return [Outcome("refused", "no such field \x1b[31m") for _ in batch]
            case "busy":
                return [Outcome("again", "busy") for _ in batch]
            case "hang":
                Path(f"{self._options.store}.hangs").touch()
                threading.Event().wait()
            case "raise":
                raise KeyError("oh")
        with Path(self._options.store).open("ab") as store:
            store.writelines(delivery.body + b"\n" for delivery in batch)
        return [SENT] * len(batch)

    def close(self) -> None: ...

    def _mood(self) -> str:
        return Path(self._options.mood).read_text().strip()


class GruffEvents(OcsfEvents):
    """A form of events with a slip in it: it cannot tell of failures, nor of scopes."""

    def finding(self, finding: Finding) -> Event:
        if finding.status == "fail":
            raise KeyError("oh")
        return super().finding(finding)

    def scope(self, read: ScopeRead) -> Iterator[Event]:
        raise KeyError("ah")


TYPE = SinkType(
    "mood",
    "Does what a file says.",
    MoodOptions,
    MoodSink,
    Limits(50, 1_000_000, 100_000),
    formats=("ocsf", "ecs", "json", "gruff"),
)
ENTRY_POINTS = f"""{cumulus.ENTRY_POINTS}[ourside.sinks]
mood = tests.cli.mood_sink:TYPE
[ourside.events]
gruff = tests.cli.mood_sink:GruffEvents
"""
