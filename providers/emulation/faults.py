"""Which requests go wrong, and how: rules for chosen operations, and rates for all of them; no cloud is known here."""

import dataclasses
import random
import time
from collections import Counter
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from providers.emulation.request import Answer, Delivery

Kind = Literal[
    "denied",  # the caller may not
    "throttled",  # a 429 that says when to come again
    "failed",  # a 500
    "unavailable",  # a 503
    "expired",  # the access token
    "service-off",  # the service is not switched on for this scope
    "gone",  # the resource has vanished since it was listed
    "reset",
    "truncated",
    "unreachable",  # accepted and never answered
    "drip",
    "slow",  # a whole answer, after `Faults.slow` seconds
    "keyless",  # `{}` where members were expected
]

_DELIVERIES = {
    "reset": Delivery.RESET,
    "truncated": Delivery.TRUNCATED,
    "unreachable": Delivery.SILENT,
    "drip": Delivery.DRIP,
}


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Operations that go wrong; `operation` is a wire id or a glob, `resource` a part of the path in any case."""

    why: Kind = "denied"
    operation: str = "*"
    resource: str | None = None
    times: int | None = None
    """How often, for each question; every time if not said."""

    def covers(self, operation: str, path: str) -> bool:
        """True when the operation on this path is one of those meant."""
        return fnmatchcase(operation.lower(), self.operation.lower()) and (
            self.resource is None or self.resource.lower() in path.lower()
        )


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """How often requests go wrong on their way; the shares are between 0 and 1 and may add up to 1.

    The same seed gives the same faults: what happens to a request depends on the seed, on the request and on how
    often it has been made, not on the order in which threads happen to ask. `per_second` alone depends on the hour:
    so many requests a second are answered for each account, `burst` at once, and those beyond are throttled.
    """

    seed: int = 0
    failed: float = 0.0
    throttled: float = 0.0
    reset: float = 0.0
    truncated: float = 0.0
    keyless: float = 0.0
    delay: float = 0.0  # seconds before each answer
    slow: float = 2.0  # seconds before an answer that a rule makes slow
    retry_after: int = 1  # seconds that a 429 tells the caller to wait
    per_second: float | None = None
    burst: int = 1
    expired_from: int | None = None  # the number of the first request whose token is too old, counted from 1
    rules: tuple[Rule, ...] = ()


@dataclasses.dataclass
class _Bucket:
    """What is left to ask, and since when."""

    left: float
    since: float


class Weather:
    """Decides what happens to each request, by the faults it was given and the rules that were added since."""

    def __init__(self, faults: Faults, rules: tuple[Rule, ...] = ()) -> None:
        self._faults = faults
        self._rules = rules + faults.rules
        self._asked: Counter[str] = Counter()
        self._buckets: dict[str, _Bucket] = {}
        self._requests = 0

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that hold now."""
        return self._rules

    @property
    def retry_after(self) -> int:
        """Seconds that a 429 tells the caller to wait."""
        return self._faults.retry_after

    def add(self, rule: Rule) -> None:
        """From now on this goes wrong."""
        self._rules = (*self._rules, rule)

    def clear(self) -> None:
        """Forget every rule, also those that came with the estate."""
        self._rules = ()

    def forecast(self, operation: str, path: str, question: str, account: str) -> Kind | None:
        """What happens to this request, or None for nothing. `question` tells requests apart, `account` budgets."""
        self._requests += 1
        if self._faults.expired_from is not None and self._requests >= self._faults.expired_from:
            return "expired"
        for rule in self._rules:
            if rule.covers(operation, path) and self._due(rule, question):
                return rule.why
        if self._faults.per_second is not None and not self._drawn(account, self._faults.per_second):
            return "throttled"
        return self._by_rate(question)

    def spoil(self, kind: Kind | None, answer: Answer) -> Answer:
        """Deliver a good answer badly."""
        if kind == "keyless":
            answer = dataclasses.replace(answer, status=200, body=b"{}")
        delivery = _DELIVERIES.get(kind, answer.delivery) if kind is not None else answer.delivery
        delay = self._faults.slow if kind == "slow" else self._faults.delay
        if delivery is answer.delivery and not delay:
            return answer
        return dataclasses.replace(answer, delivery=delivery, delay=delay)

    def _due(self, rule: Rule, question: str) -> bool:
        if rule.times is None:
            return True
        key = f"{rule.why} {rule.operation} {rule.resource} {question}"
        self._asked[key] += 1
        return self._asked[key] <= rule.times

    def _drawn(self, account: str, per_second: float) -> bool:
        now = time.monotonic()
        bucket = self._buckets.setdefault(account, _Bucket(self._faults.burst, now))
        bucket.left = min(float(self._faults.burst), bucket.left + (now - bucket.since) * per_second)
        bucket.since = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _by_rate(self, question: str) -> Kind | None:
        shares: tuple[tuple[Kind, float], ...] = (
            ("failed", self._faults.failed),
            ("throttled", self._faults.throttled),
            ("reset", self._faults.reset),
            ("truncated", self._faults.truncated),
            ("keyless", self._faults.keyless),
        )
        if not any(share for _, share in shares):
            return None
        self._asked[question] += 1
        # Not for secrets: a seeded generator is what makes a failing run repeatable.
        drawn = random.Random(f"{self._faults.seed}/{question}/{self._asked[question]}").random()  # noqa: S311
        for kind, share in shares:
            if drawn < share:
                return kind
            drawn -= share
        return None
