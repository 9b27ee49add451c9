"""The one place where questions meet the concrete evaluator: which of some requests is allowed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from providers.gcp.policy.concrete.evaluate import authorize
from providers.gcp.policy.language import cel
from providers.gcp.policy.language.request import Principal, Request, World
from providers.gcp.policy.questions.targets import Target, attributes, names, times
from scanner.access import Witness
from scanner.facts import Unread
from scanner.questions import Result

MOST_REQUESTS: Final = 2_000
MOST_WORK: Final = 1_500_000
"""How many members of policies may be compared with principals for one question."""


class Tried(msgspec.Struct, frozen=True):
    """What came of trying requests."""

    request: Request | None = None
    """The first that is allowed."""
    answers: frozenset[Result] = frozenset()
    """Answers to those that were not."""


class Confirmer:
    """Asks the concrete evaluator about one set of documents, within a bound."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._left = MOST_WORK
        self._cost = 1 + sum(
            len(binding.members)
            for node in world.hierarchy.nodes
            if not isinstance(node.allow, Unread)
            for binding in node.allow.bindings
        )

    def try_requests(self, requests: Iterable[Request]) -> Tried:
        """Ask until a request is allowed, or too much was asked."""
        answers: set[Result] = set()
        for request in itertools.islice(requests, MOST_REQUESTS):
            if self._left < self._cost:
                return Tried(None, frozenset({*answers, "unknown"}))
            self._left -= self._cost
            answer = authorize(request, self.world)
            if answer == "Allowed":
                return Tried(request)
            answers.add(answer)
        return Tried(None, frozenset(answers))


def requests(
    principals: tuple[Principal, ...], target: Target, condition: cel.Expression | None, now: datetime | None
) -> Iterator[Request]:
    """Requests for a target that may satisfy a condition."""
    moments = times(condition, now)
    for principal in principals:
        for name in names(condition, target):
            resource = msgspec.structs.replace(target.resource, name=name)
            for extra in attributes(condition, target):
                for moment in moments:
                    yield Request(principal, target.permission, resource, moment, extra)


def witness(request: Request, target: Target, pointer: str) -> Witness:
    """The request in words that a reader can follow."""
    principal = request.principal
    context = {"time": request.time.isoformat()} if request.time is not None else {}
    for name, value in request.attributes.items():
        context[name] = value if isinstance(value, str) else ",".join(value)
    context |= {f"assertion.{claim}": str(value) for claim, value in principal.claims.items()}
    who = "anonymous" if principal.kind == "anonymous" else principal.name
    return Witness(who, request.permission, request.resource.name or target.called, context, pointer)
