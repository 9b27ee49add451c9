"""The principals of an account, as the escalation engine sees them."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from providers.aws.policy.language.tree import Malformed, Patterns, Policy, Statement

_OWN_CHOICE = "a policy of its own choice"


class Document(msgspec.Struct, frozen=True):
    """A policy document with its name."""

    name: str
    policy: Policy | Malformed
    arn: str = ""
    """Of a managed policy."""
    earlier: tuple[Policy | Malformed, ...] | None = None
    """Its other versions; nothing where they were not read."""


_EVERY: Final = Patterns(("*",))
ANYTHING: Final = Document(
    _OWN_CHOICE, Policy("2012-10-17", (Statement(0, "/Statement/0", "", "Allow", None, _EVERY, _EVERY),))
)
"""A document that allows every action on every resource."""


class Group(msgspec.Struct, frozen=True):
    """A group, with what it allows."""

    arn: str
    documents: tuple[Document, ...] = ()


class Principal(msgspec.Struct, frozen=True):
    """A user or a role."""

    arn: str
    kind: Literal["user", "role"]
    documents: tuple[Document, ...] = ()
    """Its own policies; those of its groups stand in `groups`."""
    groups: tuple[Group, ...] = ()
    boundary: Document | None = None
    trust: Policy | Malformed | None = None
    """Of a role."""
    tags: tuple[tuple[str, str], ...] | None = None
    """Nothing where they were not read."""
    state: str = ""
    """Words for what it made of itself on the way, such as `without its boundary`."""

    @property
    def node(self) -> str:
        """Its name in the graph."""
        return f"{self.arn} {self.state}" if self.state else self.arn

    def all_documents(self) -> tuple[Document, ...]:
        """Its own policies and those of its groups."""
        return self.documents + tuple(document for group in self.groups for document in group.documents)


class Workload(msgspec.Struct, frozen=True):
    """A resource that runs with a role, by the service's name in the catalogue."""

    arn: str
    service: str
    role: str = ""


class Principals(msgspec.Struct, frozen=True):
    """An account's principals and what bears on all of them."""

    account: str
    principals: tuple[Principal, ...]
    groups: tuple[Group, ...] = ()
    managed: tuple[Document, ...] = ()
    """Managed policies that are there to be attached."""
    guardrails: tuple[tuple[Document, ...], ...] = ()
    """Service control policies, level by level: every level must allow."""
    partition: str = "aws"


def is_limited(principal: Principal) -> bool:
    """Whether a Deny, or a document that cannot be read, may take something back of what it gives itself."""
    return principal.boundary is not None or any(
        isinstance(document.policy, Malformed) or any(s.effect == "Deny" for s in document.policy.statements)
        for document in principal.all_documents()
    )


def empowered(principal: Principal) -> Principal:
    """The principal after it has given itself a policy that allows everything. Its Denies and boundary stay."""
    if principal.documents and principal.documents[-1] is ANYTHING:
        return principal
    state = _state(principal, f"with {_OWN_CHOICE}")
    return msgspec.structs.replace(principal, documents=(*principal.documents, ANYTHING), state=state)


def unbounded(principal: Principal) -> Principal:
    """The principal without its boundary."""
    return msgspec.structs.replace(principal, boundary=None, state=_state(principal, "without its boundary"))


def joined(principal: Principal, groups: tuple[Group, ...]) -> Principal:
    """The principal as a member of further groups."""
    names = ", ".join(group.arn.rpartition("/")[2] for group in groups)
    state = _state(principal, f"in the groups {names}")
    return msgspec.structs.replace(principal, groups=principal.groups + groups, state=state)


def with_version(principal: Principal, document: Document, policy: Policy | Malformed, number: int) -> Principal:
    """The principal after a managed policy was set back to another version."""

    def swapped(documents: tuple[Document, ...]) -> tuple[Document, ...]:
        return tuple(
            msgspec.structs.replace(each, policy=policy, earlier=()) if each.arn == document.arn else each
            for each in documents
        )

    groups = tuple(msgspec.structs.replace(group, documents=swapped(group.documents)) for group in principal.groups)
    return msgspec.structs.replace(
        principal,
        documents=swapped(principal.documents),
        groups=groups,
        state=_state(principal, f"with version {number} of {document.name}"),
    )


def _state(principal: Principal, words: str) -> str:
    return f"{principal.state}, {words}" if principal.state else words
