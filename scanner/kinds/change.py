"""Who changed something last, as far as the provider's audit log still knows."""

from __future__ import annotations

from datetime import datetime

import msgspec

from scanner.attempt import Defect, attempt
from scanner.facts import Reads, Unread, UnreadFact
from scanner.model import Estate, Resource, View

FACT = "last_change"
"""The fact of a class that tells it: asked only where somebody wants to know who introduced what was found."""


class LastChange(msgspec.Struct, frozen=True):
    """The latest change of a resource that the audit log tells of."""

    at: datetime
    by: str
    """Who made it, in the provider's words; empty where the log does not say."""
    event: str
    """What was done, by the name that the log has for it."""


DOC = "Its latest change, by the provider's audit log; nothing where the log, which forgets, tells of none."


def latest(*changes: LastChange | None) -> LastChange | None:
    """The last of several."""
    return max((change for change in changes if change is not None), key=lambda change: change.at, default=None)


def tells_changes(kind: type[Resource]) -> bool:
    """Whether a class says who changed its resources last."""
    return FACT in kind.facts and kind.answers(FACT)


def last_change_of(resource: Resource, estate: Estate) -> LastChange | Unread | None:
    """Who changed a resource last, as far as it was asked."""
    kind = type(resource)
    if not tells_changes(kind):
        return Unread("not-collected", fact=f"{kind.kind}.{FACT}", detail="the provider's log is not asked of its kind")
    bound = resource.bound(View(Reads(frozenset({FACT}), {}, {}), estate))

    def read() -> LastChange | Unread | None:
        try:
            value: LastChange | None = bound.value_of(kind.facts[FACT])
        except UnreadFact as gap:
            return gap.unread[0]
        return value

    found = attempt(read)
    return Unread("failed", detail=str(found)) if isinstance(found, Defect) else found
