"""The account, subscription or project as a resource: settings that hold for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from scanner.access import Escalations
from scanner.facts import Fact, Unread, UnreadFact
from scanner.model import Resource

Holder = Literal["user", "group", "machine", "federated", "provider", "anyone", "other", "unknown"]
"""`machine`: an identity for programs. `federated`: known by another identity provider. `provider`: a service's own.
`other`: none of these, or deleted since. `unknown`: nobody told.
"""

Change = Literal[
    "permissions", "custom-roles", "audit-trail", "guardrails", "firewall", "network", "storage-permissions", "database"
]
"""What a change is made to."""


class Grant(msgspec.Struct, frozen=True):
    """A role that somebody holds on the account, directly or from above it."""

    holder: str
    """As the provider writes it, and by name where it tells one."""
    kind: Holder
    role: str
    """The role's name, as people know it."""
    administers: bool
    """It allows everything that matters, or to grant oneself that."""
    inherited: bool
    """It was given above the account."""
    outside: bool | None
    """Whether the holder belongs to somebody else; nothing where that is not known."""
    conditioned: bool = False
    """It holds under a condition."""
    unread: Unread | None = None
    """What would have told whether the holder belongs to somebody else, or what it is, where that was not read."""
    id: str = ""
    """How the provider tells the holder apart, where that is not how it is written."""

    def __str__(self) -> str:
        """The role, and how it is held, in words."""
        above = ", given above the account" if self.inherited else ""
        return f"{self.role}{above}{', under a condition' if self.conditioned else ''}"


def require_kinds(grants: Iterable[Grant]) -> None:
    """Raise UnreadFact where it is not known of one of these what its holder is."""
    unknown = [grant for grant in grants if grant.kind == "unknown"]
    if unknown:
        doubts = (Unread("not-yet-known", detail=f"what {grant.holder} is, a person or a program") for grant in unknown)
        raise UnreadFact(*dict.fromkeys(grant.unread or doubt for grant, doubt in zip(unknown, doubts, strict=True)))


def held_outside(grants: Iterable[Grant]) -> Iterator[Grant]:
    """Grants whose holder belongs to somebody else; then raises UnreadFact where that is not known of one.

    Everybody is not somebody else, nor is a service of the provider's that works for the account.
    """
    doubts: list[Unread] = []
    for grant in grants:
        if grant.kind in ("anyone", "provider"):
            continue
        if grant.outside is None:
            doubt = Unread("not-yet-known", detail=f"whether {grant.holder} belongs to somebody else")
            doubts.append(grant.unread or doubt)
        elif grant.outside:
            yield grant
    if doubts:
        raise UnreadFact(*dict.fromkeys(doubts))


class Account(Resource, kind="account"):
    """What a customer signs up for, and what every other resource lies in."""

    security_contact = Fact[str | None]("Whom the provider tells about security events, beside the account's owner.")
    escalations = Fact[Escalations]("Ways by which principals that do not hold everything get to it.")
    grants = Fact[tuple[Grant, ...]]("Roles that are held on the whole account.")
    alerted = Fact[tuple[Change, ...]]("Changes that somebody is told of when they happen.")
    reads_recorded = Fact[bool]("Reads of data, too, are recorded by every service, for everybody.")
