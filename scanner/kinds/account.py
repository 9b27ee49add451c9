"""The account, subscription or project as a resource: settings that hold for all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

import msgspec

from scanner.access import Escalations
from scanner.facts import Fact, Unread, UnreadFact
from scanner.model import Resource

Holder = Literal["user", "group", "machine", "federated", "provider", "program", "anyone", "other", "unknown"]
"""`machine`: an identity for programs. `federated`: known by another identity provider. `provider`: a service's own.
`program`: one of these two, nobody told which. `other`: none of these, or deleted since. `unknown`: nobody told.
"""
_PROGRAMS: Final = ("machine", "provider")

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
    administers: bool | None
    """It allows everything that matters, or to grant oneself that; nothing where that is not known."""
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
    role_unread: Unread | None = None
    """What would have told whether the role administers, where that was not read."""

    def __str__(self) -> str:
        """The role, and how it is held, in words."""
        above = ", given above the account" if self.inherited else ""
        return f"{self.role}{above}{', under a condition' if self.conditioned else ''}"


class Grants(msgspec.Struct, frozen=True):
    """The roles that are held on an account, as far as they are known; iterate to judge by all of them."""

    held: tuple[Grant, ...]
    unread: tuple[Unread, ...] = ()
    """What would have told of more that were given on the account itself."""
    unread_above: tuple[Unread, ...] = ()
    """What would have told of more that were given above it."""

    @classmethod
    def of(cls, *held: Grant, unread: Unread | None = None, unread_above: Unread | None = None) -> Grants:
        """Grants, and one reason why there may be more."""
        return cls(held, () if unread is None else (unread,), () if unread_above is None else (unread_above,))

    def __iter__(self) -> Iterator[Grant]:
        """Those that are known; then raises UnreadFact where there may be more."""
        yield from self.held
        _raise([*self.unread, *self.unread_above])

    def here(self) -> Iterator[Grant]:
        """Those given on the account itself that are known; then raises UnreadFact where there may be more."""
        for grant in self.held:
            if not grant.inherited:
                yield grant
        _raise(self.unread)


Question = Callable[[Grant], bool | Unread]
"""What is asked of a grant; answered by what would have told, where that is not known."""


def chosen(grants: Iterable[Grant], *questions: Question) -> Iterator[Grant]:
    """Grants to which every question says yes; then raises UnreadFact where another may be one of them."""
    doubts: list[Unread] = []
    try:
        for grant in grants:
            answers = [question(grant) for question in questions]
            if False in answers:
                continue
            gaps = [answer for answer in answers if isinstance(answer, Unread)]
            doubts += gaps
            if not gaps:
                yield grant
    except UnreadFact as more:
        doubts += more.unread
    _raise(doubts)


def administers(grant: Grant) -> bool | Unread:
    """It allows everything that matters, or to grant oneself that."""
    if grant.administers is None:
        return grant.role_unread or _doubt(f"whether {grant.role} administers the account")
    return grant.administers


def does_not_administer(grant: Grant) -> bool | Unread:
    """It allows less."""
    answer = administers(grant)
    return answer if isinstance(answer, Unread) else not answer


def from_outside(grant: Grant) -> bool | Unread:
    """Its holder belongs to somebody else.

    Everybody is not somebody else, nor is a service of the provider's that works for the account.
    """
    if grant.kind in ("anyone", "provider"):
        return False
    if grant.outside is None:
        return grant.unread or _doubt(f"whether {grant.holder} belongs to somebody else")
    return grant.outside


def held_by(*kinds: Holder) -> Question:
    """Whether its holder is one of these."""

    def asked(grant: Grant) -> bool | Unread:
        if grant.kind == "unknown" or (grant.kind == "program" and not set(kinds).isdisjoint(_PROGRAMS)):
            return grant.unread or _doubt(f"what {grant.holder} is")
        return grant.kind in kinds

    return asked


def _doubt(detail: str) -> Unread:
    return Unread("not-yet-known", detail=detail)


def _raise(doubts: Iterable[Unread]) -> None:
    once = dict.fromkeys(doubts)
    if once:
        raise UnreadFact(*once)


class Account(Resource, kind="account"):
    """What a customer signs up for, and what every other resource lies in."""

    security_contact = Fact[str | None]("Whom the provider tells about security events, beside the account's owner.")
    escalations = Fact[Escalations]("Ways by which principals that do not hold everything get to it.")
    grants = Fact[Grants]("Roles that are held on the whole account.")
    alerted = Fact[tuple[Change, ...]]("Changes that somebody is told of when they happen.")
    reads_recorded = Fact[bool]("Reads of data, too, are recorded by every service, for everybody.")
