"""The principals of an account, as the escalation engine sees them."""

from __future__ import annotations

from collections.abc import Iterable
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

    done: tuple[str, ...] = ()
    """Ids of the ways by which it did so: each is gone once."""

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


def is_empowered(principal: Principal) -> bool:
    """Whether it has given itself a policy that allows everything."""
    return any(each is ANYTHING for each in principal.documents)


def is_limited(principal: Principal) -> bool:
    """Whether a Deny, or a document that cannot be read, may take something back of what it gives itself."""
    return principal.boundary is not None or any(map(denies, principal.all_documents()))


def empowered(principal: Principal) -> Principal:
    """The principal after it has given itself a policy that allows everything. Its Denies and boundary stay."""
    if is_empowered(principal):
        return principal
    state = _state(principal, f"with {_OWN_CHOICE}")
    return msgspec.structs.replace(principal, documents=(*principal.documents, ANYTHING), state=state)


def denies(document: Document) -> bool:
    """Whether the document takes something back, or may."""
    return isinstance(document.policy, Malformed) or any(s.effect == "Deny" for s in document.policy.statements)


def without(principal: Principal, documents: Iterable[Document] = (), groups: Iterable[Group] = ()) -> Principal:
    """The principal without some of its policies and groups; itself where it has none of them."""
    gone, left = list(documents), list(groups)
    if not gone and not left:
        return principal
    names = ", ".join([*(each.name for each in gone), *(each.arn.rpartition("/")[2] for each in left)])
    return msgspec.structs.replace(
        principal,
        documents=tuple(each for each in principal.documents if each not in gone),
        groups=tuple(each for each in principal.groups if each not in left),
        state=_state(principal, f"without {names}"),
    )


def overwritten(principal: Principal) -> Principal:
    """The principal after its inline policies that deny were overwritten by one that allows everything.

    A policy is put in the place of one of the same name.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
    """
    return empowered(without(principal, [each for each in principal.documents if not each.arn and denies(each)]))


def unbounded(principal: Principal) -> Principal:
    """The principal without its boundary."""
    return msgspec.structs.replace(principal, boundary=None, state=_state(principal, "without its boundary"))


def joined(principal: Principal, groups: tuple[Group, ...]) -> Principal:
    """The principal as a member of further groups."""
    names = ", ".join(group.arn.rpartition("/")[2] for group in groups)
    state = _state(principal, f"in the groups {names}")
    return msgspec.structs.replace(principal, groups=principal.groups + groups, state=state)


def with_version(principal: Principal, document: Document, policy: Policy | Malformed, number: int) -> Principal:
    """The principal after a managed policy got another version; itself where that says the same."""
    if all(each.policy == policy for each in principal.all_documents() if each.arn == document.arn):
        return principal

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
        state=_state(
            principal, f"with version {number} of {document.name}" if number else f"with {document.name} rewritten"
        ),
    )


def _state(principal: Principal, words: str) -> str:
    return f"{principal.state}, {words}" if principal.state else words
