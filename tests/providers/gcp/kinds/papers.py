"""Answers of Google's, put where the kinds ask for them, without HTTP: what comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from providers.gcp.kinds import KINDS
from scanner.collect import Collection
from scanner.facts import Answer, Call, Fact, Reads, UnreadFact, every
from scanner.kinds import Encryption
from scanner.model import Estate, Resource, Scope, View
from scanner.plan import Plan
from scanner.provider import AskFailed, Batch, Identity, Page, Target
from scanner.schedule import Limits

R = TypeVar("R", bound=Resource)

HOST = "//cloudresourcemanager.googleapis.com"
PROJECT = Scope("gcp", "google", "my-project", f"{HOST}/projects/my-project", "My project")
TAKEN_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
QUICK = Limits(attempt=5, call=10, pause=0.0005)

KEY = "projects/my-project/locations/eu/keyRings/r/cryptoKeys/k"
OWN_KEY = Encryption("customer-managed", "cloudkms", f"//cloudkms.googleapis.com/{KEY}")
GOOGLES_KEY = Encryption("provider-owned", "AES256")

PAGES = Mapping[str, Answer]
"""Answers by the path that they are asked at."""

ORGANIZATION: PAGES = {
    "/v3/projects/my-project": {"name": "projects/111111111111", "projectId": "my-project", "state": "ACTIVE"},
    "/v1/projects/my-project:getAncestry": {
        "ancestor": [
            {"resourceId": {"type": "project", "id": "my-project"}},
            {"resourceId": {"type": "folder", "id": "22"}},
            {"resourceId": {"type": "folder", "id": "21"}},
            {"resourceId": {"type": "organization", "id": "1"}},
        ]
    },
    "/v3/projects/my-project:getIamPolicy": {"etag": "p"},
    "/v3/folders/22:getIamPolicy": {"etag": "f"},
    "/v3/folders/21:getIamPolicy": {"etag": "f"},
    "/v3/organizations/1:getIamPolicy": {"etag": "o"},
    "/v3/organizations/1": {
        "name": "organizations/1",
        "displayName": "example.com",
        "directoryCustomerId": "C01",
        "state": "ACTIVE",
    },
    "/v3/projects": {
        "projects": [{"projectId": "my-project", "name": "projects/111111111111"}],
        "unread": [{"why": "not-collected", "detail": "other projects were not looked for"}],
    },
    "/v2/projects/my-project/policies/storage.publicAccessPrevention:getEffectivePolicy": {
        "name": "projects/111111111111/policies/storage.publicAccessPrevention",
        "spec": {"rules": [{"enforce": False}]},
    },
    "/compute/v1/projects/my-project": {"name": "my-project", "commonInstanceMetadata": {"fingerprint": "x"}},
}
"""A project in two folders of an organization, where nothing is granted or denied."""


class PaperGoogle:
    """A session that answers from a dictionary; lists that are not in it are empty, other things are refused."""

    identity = Identity("gcp", "a tester", "my-project", "google", "the test")
    own_calls = 0
    first_rate: float | None = None

    def __init__(self, answers: PAGES, denied: frozenset[str] = frozenset()) -> None:
        self.answers = answers
        self.denied = denied
        self.asked: list[str] = []

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        return Target((PROJECT,))

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        return (call.service,)

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        return [Batch(tuple(scopes))]

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        path = str(params["path"])
        self.asked.append(f"{call.wire} {path}")
        if self.denied.intersection(call.permissions):
            raise AskFailed("denied", "PERMISSION_DENIED", f"you may not {call.operation}")
        answer = self.answers.get(path)
        if answer is None and call.wire == "iam:roles.get":
            raise AskFailed("failed", "NOT_FOUND", f"{path} is no role")
        if answer is None and call.items is None:
            raise AskFailed("denied", "PERMISSION_DENIED", f"{path} is not told")
        return Page(answer if answer is not None else {str(call.items): []})

    def close(self) -> None:
        """Nothing to close."""


def estate(
    answers: PAGES, kind: type[Resource], *facts: Fact[Any], denied: Sequence[str] = (), scope: Scope = PROJECT
) -> Estate:
    """What is read of all of a kind."""
    plan = Plan.reading((every(kind, *facts),), KINDS)
    session = PaperGoogle({**ORGANIZATION, **answers}, frozenset(denied))
    return next(iter(Collection(plan, session, Target((scope,)), TAKEN_AT, QUICK)))


def read(
    answers: PAGES, kind: type[R], *facts: Fact[Any], denied: Sequence[str] = (), scope: Scope = PROJECT
) -> list[R]:
    """All of a kind, by which these facts can be read."""
    held = estate(answers, kind, *facts, denied=denied, scope=scope)
    assert held.defects == (), held.defects
    return [one.bound(View(Reads.of(facts), held)) for one in held.of(kind)]


def the(answers: PAGES, kind: type[R], *facts: Fact[Any], denied: Sequence[str] = ()) -> R:
    """The only one of a kind."""
    (found,) = read(answers, kind, *facts, denied=denied)
    return found


def one(path: str, member: str, kind: type[Resource], fact: Fact[Any], entry: dict[str, Any], **more: Any) -> Any:
    """A fact of the only resource; what is not told where it is so."""
    found = the({path: {member: [entry]}, **more}, kind, fact)
    try:
        return found.value_of(fact)
    except UnreadFact as gap:
        return gap.unread[0].why
