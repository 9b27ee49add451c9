"""The time as couriers have it, so that tests need not wait."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says how late it is, and waits."""

    def now(self) -> datetime:
        """The time of day, which somebody may set."""
        ...

    def seconds(self) -> float:
        """Seconds since some time, which nobody sets."""
        ...

    def rest(self, seconds: float, unless: threading.Event) -> None:
        """Wait, or until somebody sets the event."""
        ...


class SystemClock:
    """The machine's."""

    def now(self) -> datetime:
        """The time of day."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds since some time."""
        return time.monotonic()

    def rest(self, seconds: float, unless: threading.Event) -> None:
        """Wait."""
        unless.wait(seconds)
