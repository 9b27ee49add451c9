"""Azure's kinds over answers that are written down: the engine asks as ever, and a desk hands out what lies on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from providers.azure.kinds import KINDS
from scanner.collect import Collection
from scanner.facts import Answer, Call, Every, Reads
from scanner.model import Estate, Resource, Scope, View
from scanner.plan import Plan
from scanner.provider import AskFailed, Batch, Identity, Page, Target
from scanner.schedule import Limits

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Prod"
TAKEN_AT = datetime(2026, 11, 1, tzinfo=UTC)
LIMITS = Limits(pause=0.001, tries=2, in_flight=4)

IDENTITY = Identity("azure", "a tester", SUBSCRIPTION, "AzureCloud", "the test")

PERIMETERS = "/networkSecurityPerimeterConfigurations"
NO_PERIMETER: Mapping[str, Answer | AskFailed] = {PERIMETERS: {"value": []}}
"""By path below an account, a server or a vault: it is associated with no network security perimeter."""

Answers = Mapping[str, Answer | AskFailed]
"""By path."""
R = TypeVar("R", bound=Resource)
_GROUP = re.compile(r"/subscriptions/[^/'\"]+/resourcegroups/[^/'\"]+", re.IGNORECASE)


def scope(subscription: str = SUBSCRIPTION) -> Scope:
    return Scope("azure", "AzureCloud", subscription, f"/subscriptions/{subscription}", "prod")


def refused() -> AskFailed:
    return AskFailed("denied", "AuthorizationFailed", "you may not")


def missing(code: str) -> AskFailed:
    return AskFailed("failed", code, "there is none")


@dataclass
class Desk:
    """Answers by path, compared as Azure compares ids; what is not on it is refused."""

    answers: Answers
    identity: Identity = IDENTITY
    own_calls: int = 0
    first_rate: float | None = None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = {path.lower(): answer for path, answer in self.answers.items()}

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        path = str(params["path"])
        self.asked.append(path)
        answer = self.answers.get(path.lower()) or self._unsaid(path)
        if isinstance(answer, AskFailed):
            raise AskFailed(answer.why, answer.code, answer.detail)
        return Page(answer)

    def _unsaid(self, path: str) -> Answer | AskFailed:
        """Where a test says nothing of resource groups, no service made those that it speaks of."""
        if not path.lower().endswith("/resourcegroups"):
            return refused()
        told = repr(list(self.answers.values()))
        groups = dict.fromkeys(found.lower() for found in _GROUP.findall(told))
        return {"value": [{"id": group, "name": group.rpartition("/")[2], "location": "x"} for group in groups]}

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        return (scope.uid, call.service)

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        return [Batch((one,)) for one in scopes]

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        return Target((scope(),))

    def close(self) -> None:
        """Nothing is open."""


def read(answers: Answers, *kinds: type[Resource], of: Scope | None = None) -> Estate:
    """The estate after everything that these kinds (or all) know was asked for."""
    wanted = [
        Every(kind, tuple(kind.facts[name] for name in kind.facts if kind.answers(name))) for kind in kinds or KINDS
    ]
    [estate] = Collection(Plan.reading(wanted, KINDS), Desk(answers), Target((of or scope(),)), TAKEN_AT, LIMITS)
    return estate


def only(estate: Estate, kind: type[R]) -> R:
    """The one resource of a kind, bound so that all its facts can be read."""
    [found] = estate.of(kind)
    return bound(estate, found)


def bound(estate: Estate, resource: R) -> R:
    return resource.bound(View(Reads.of(type(resource).facts.values()), estate))


def listed(type_: str, *entries: Answer) -> dict[str, Answer]:
    """The answer to the listing of a type in the subscription."""
    return {f"/subscriptions/{SUBSCRIPTION}/providers/{type_}": {"value": list(entries)}}


def entry(type_: str, name: str, /, **properties: Any) -> dict[str, Any]:
    """An entry of a listing."""
    return {
        "id": f"{GROUP}/providers/{type_}/{name}",
        "name": name.rpartition("/")[2],
        "type": type_,
        "location": "westeurope",
        "properties": properties,
    }
