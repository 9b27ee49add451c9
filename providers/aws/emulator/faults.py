"""Which requests go wrong, and how: rules for chosen operations, and rates for all of them."""

import dataclasses
import json
import random
from collections import Counter
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from providers.aws.emulator import refusals
from providers.aws.emulator.refusals import Refusal
from providers.aws.emulator.wire import Operation
from providers.emulation.request import Answer, Delivery

Kind = Literal[
    "denied",  # the caller may not
    "throttled",
    "failed",  # a 500
    "unsupported",  # a 400 that trying again does not mend
    "expired",  # the session token, in this and all later requests
    "region-off",  # an opt-in region that the account has not enabled
    "reset",
    "truncated",
    "unreachable",  # accepted and never answered
    "drip",
    "keyless",  # `{}` where a list was expected
]

_REFUSALS = {
    "throttled": refusals.throttled,
    "failed": refusals.failed,
    "unsupported": refusals.unsupported,
    "expired": refusals.expired,
    "region-off": refusals.region_off,
}
_DELIVERIES = {
    "reset": Delivery.RESET,
    "truncated": Delivery.TRUNCATED,
    "unreachable": Delivery.SILENT,
    "drip": Delivery.DRIP,
}


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Operations that go wrong every time; `operation` may be a glob such as `iam:*`."""

    why: Kind = "denied"
    operation: str = "*"
    resource: str | None = None
    region: str | None = None

    def covers(self, operation: Operation) -> bool:
        """True when the operation is one of those meant."""
        return (
            fnmatchcase(operation.id, self.operation)
            and (self.region is None or self.region == operation.region)
            and (self.resource is None or operation.touches(self.resource))
        )


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """How often requests go wrong on their way; the shares are between 0 and 1 and may add up to 1.

    The same seed gives the same faults: what happens to a request depends on the seed, on the request and on how
    often it has been made, not on the order in which threads happen to ask.
    """

    seed: int = 0
    failed: float = 0.0
    throttled: float = 0.0
    reset: float = 0.0
    truncated: float = 0.0
    keyless: float = 0.0
    delay: float = 0.0  # seconds before each answer
    expired_from: int | None = None  # the number of the first request whose token is too old, counted from 1
    rules: tuple[Rule, ...] = ()


class Weather:
    """Decides what happens to each request, by the faults it was given and the rules that were added since."""

    def __init__(self, faults: Faults, rules: tuple[Rule, ...], caller: str) -> None:
        self._faults = faults
        self._caller = caller
        self._rules = rules + faults.rules
        self._asked: Counter[str] = Counter()
        self._requests = 0

    def add(self, rule: Rule) -> None:
        """From now on this goes wrong."""
        self._rules = (*self._rules, rule)

    def clear(self) -> None:
        """Forget every rule, also those that came with the estate."""
        self._rules = ()

    def forecast(self, operation: Operation) -> Kind | None:
        """What happens to this request, or None for nothing."""
        self._requests += 1
        if self._faults.expired_from is not None and self._requests >= self._faults.expired_from:
            return "expired"
        for rule in self._rules:
            if rule.covers(operation):
                return rule.why
        return self._by_rate(operation)

    def _by_rate(self, operation: Operation) -> Kind | None:
        shares: tuple[tuple[Kind, float], ...] = (
            ("failed", self._faults.failed),
            ("throttled", self._faults.throttled),
            ("reset", self._faults.reset),
            ("truncated", self._faults.truncated),
            ("keyless", self._faults.keyless),
        )
        if not any(share for _, share in shares):
            return None
        question = json.dumps([operation.id, operation.region, sorted(operation.parameters.items())])
        self._asked[question] += 1
        # Not for secrets: a seeded generator is what makes a failing run repeatable.
        drawn = random.Random(f"{self._faults.seed}/{question}/{self._asked[question]}").random()  # noqa: S311
        for kind, share in shares:
            if drawn < share:
                return kind
            drawn -= share
        return None

    def refusal(self, kind: Kind | None, operation: Operation) -> Refusal | None:
        """The error that a kind of trouble is, or None when it is none of AWS's making."""
        if kind == "denied":
            return refusals.denied(operation, self._caller)
        return _REFUSALS[kind](operation) if kind in _REFUSALS else None

    def spoil(self, kind: Kind | None, operation: Operation, answer: Answer) -> Answer:
        """Deliver a good answer badly."""
        if kind == "keyless":
            answer = _without_members(operation, answer)
        delivery = _DELIVERIES.get(kind, answer.delivery) if kind is not None else answer.delivery
        return dataclasses.replace(answer, delivery=delivery, delay=self._faults.delay)


def _without_members(operation: Operation, answer: Answer) -> Answer:
    """The success that has lost its members; an XML answer keeps its root element only."""
    if operation.protocol in ("json", "rest-json"):
        return dataclasses.replace(answer, status=200, body=b"{}")
    root = f'<?xml version="1.0" encoding="UTF-8"?>\n<{operation.name}Response/>'
    return dataclasses.replace(answer, status=200, body=root.encode())
