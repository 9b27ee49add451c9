"""A sink that does whatever a script says, and a clock that nobody waits for."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from scanner.deliver.route import Route
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from tests.engine.history.mail import NOW, SINK

LIMITS = Limits(items=4, octets=400, largest=120, around=2)


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


class PaperClock:
    """Goes on only while somebody rests, and may kill whoever asks it."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.rests: list[float] = []
        self.left: int | None = None
        """Questions that are answered."""
        self.dies: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.kill()
        return self.passed

    def rest(self, seconds: float, unless: threading.Event) -> None:
        self.rests.append(seconds)
        self.passed += seconds
        self.seconds()

    def kill(self) -> None:
        self.left = None
        self.dies()
        raise Killed


class Store:
    """What has arrived, in order, and how often; holds batches to the law."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.bodies: dict[str, bytes] = {}
        self.keys: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def check(self, batch: Sequence[Delivery]) -> None:
        assert 1 <= len(batch) <= self.limits.items
        assert sum(len(each.body) + self.limits.around for each in batch) <= self.limits.octets
        assert max(len(each.body) for each in batch) <= self.limits.largest
        assert len({each.key for each in batch}) == len(batch), "two of one key could change places"

    def take(self, each: Delivery) -> None:
        assert self.bodies.setdefault(each.uid, each.body) == each.body
        self.keys[each.uid] = each.key
        self.counts[each.uid] += 1

    def of_key(self, key: str) -> list[str]:
        """The uids of a key in the order in which each came first."""
        return [uid for uid, own in self.keys.items() if own == key]


class NoOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """None."""


class Moody:
    """Does what its script says next, and what is right when the script is over."""

    def __init__(
        self,
        store: Store,
        script: Iterable[str] = (),
        dies: Callable[[], object] = lambda: None,
        others: Callable[[], object] = lambda: None,
    ) -> None:
        """`dies`: what happens when the process is killed; `others`: what others do `meanwhile`."""
        self.store, self.script, self.dies, self.others = store, list(script), dies, others
        self.opened = 0
        self.seen: list[list[str]] = []

    def route(self, limits: Limits | None = None, name: str = SINK) -> Route:
        made = SinkType("moody", "A sink of tests.", NoOptions, lambda _: self, limits or self.store.limits)
        return Route(name=name, type=made, options=NoOptions(), format="json")

    def open(self) -> None:
        mood = self.script[0] if self.script and self.script[0].startswith("closed") else ""
        if mood:
            self.script.pop(0)
            raise SinkError("nobody is in", lasting=mood == "closed for ever")
        self.opened += 1

    def close(self) -> None:
        self.opened -= 1

    def send(self, batch: Sequence[Delivery]) -> Any:
        assert self.opened == 1
        self.store.check(batch)
        self.seen.append([each.uid for each in batch])
        mood = self.script.pop(0) if self.script else "take"
        return getattr(self, mood.replace(" ", "_"))(batch)

    def take(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        for each in batch:
            self.store.take(each)
        return [SENT for _ in batch]

    def meanwhile(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.others()
        return self.take(batch)

    def busy(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return [Outcome("again", "busy") for _ in batch]

    def busy_for_a_minute(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return [Outcome("again", "busy", 60.0) for _ in batch]

    def half_busy(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.take(batch[::2])
        return [Outcome("again", "half", 7.0) if index % 2 else SENT for index, _ in enumerate(batch)]

    def half_elsewhere(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """The places of all take nothing, or of all but the first."""
        told = [Outcome("again", "off there", 900.0, apart=True) for _ in batch]
        return [*self.take(batch[:1]), *told[1:]] if len(batch) % 2 else told

    def refusing(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return [Outcome("refused", "no such stream") for _ in batch]

    def last_refused(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return [*self.take(batch[:-1]), Outcome("refused", "no such field")]

    def unknown(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Taken, but nobody hears of it."""
        self.take(batch)
        return self.busy(batch)

    def failing(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        raise SinkError("away", after=3.0)

    def failing_after_taking(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.take(batch)
        raise SinkError("away")

    def forbidding(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        raise SinkError("the token is wrong", lasting=True)

    def raising(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        raise KeyError("uid")

    def raising_after_taking(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.take(batch[:1])
        raise RecursionError

    def too_few(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return self.take(batch)[:-1]

    def too_many(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return [*self.take(batch), SENT]

    def nothing(self, batch: Sequence[Delivery]) -> Any:
        return None

    def strange(self, batch: Sequence[Delivery]) -> Any:
        return ["sent" for _ in batch]

    def kill_before(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.dies()
        raise Killed

    def kill_after(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.take(batch)
        self.dies()
        raise Killed


MOODS = (
    "take", "meanwhile", "busy", "busy for a minute", "half busy", "half elsewhere", "last refused", "refusing",
    "unknown", "failing", "failing after taking", "forbidding", "raising", "raising after taking", "too few",
    "too many", "nothing", "strange", "kill before", "kill after", "closed", "closed for ever",
)  # fmt: skip
