"""The facts that answers about an account need, and principals and policies as they stand in estates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from providers.aws.documents import Document
from providers.aws.iam import IamGroup, IamRole, IamUser, ManagedPolicy
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.s3 import S3Bucket
from scanner.facts import Every, Reads, Unread, UnreadFact, every
from scanner.model import Estate, View

_USER = Reads.of((IamUser.documents, IamUser.boundary / ManagedPolicy.document, IamUser.tags))
_ROLE = Reads.of((IamRole.documents, IamRole.boundary / ManagedPolicy.document, IamRole.tags, IamRole.trust_policy))
_BUCKET = Reads.of((S3Bucket.policy, S3Bucket.access))


def reads() -> Sequence[Every]:
    """All that is looked at: identities with their policies, and buckets with what lets others in."""
    return (
        every(ManagedPolicy, ManagedPolicy.document),
        every(IamGroup, IamGroup.inline, IamGroup.attached),
        every(IamUser, IamUser.inline, IamUser.attached, IamUser.groups, IamUser.boundary, IamUser.tags),
        every(IamRole, IamRole.inline, IamRole.attached, IamRole.boundary, IamRole.tags, IamRole.trust_policy),
        every(S3Bucket, S3Bucket.policy, S3Bucket.acl, S3Bucket.ownership, S3Bucket.block, S3Bucket.account_block),
    )


class Named(msgspec.Struct, frozen=True):
    """A policy document and the name that readers know it by."""

    name: str
    policy: Policy | Malformed


class Principal(msgspec.Struct, frozen=True):
    """A user or a role, with all that decides what it can do."""

    uid: str
    name: str
    account: str
    partition: str
    at: str
    documents: tuple[Named, ...] = ()
    boundary: Named | None = None
    trust: Named | None = None
    """Of a role."""
    tags: Mapping[str, str] = {}
    unread: tuple[Unread, ...] = ()
    """What of this was not read."""


def principals(estates: Sequence[Estate]) -> Iterator[Principal]:
    """All users and roles, in order of uid."""
    for estate in estates:
        for user in estate.of(IamUser):
            yield _principal(user.bound(View(_USER, estate)), None)
        for role in estate.of(IamRole):
            bound = role.bound(View(_ROLE, estate))
            yield _principal(bound, bound)


def gaps(estates: Sequence[Estate]) -> Iterator[str]:
    """Listings that gave not all of their answer, in words with the permission."""
    for estate in estates:
        for kind in (IamUser, IamRole, S3Bucket):
            yield from (gap_words(f"not all of kind {kind.kind}", gap) for gap in estate.gaps_of(kind))


def gap_words(what: str, gap: Unread) -> str:
    """A gap for a reader."""
    needs = f": needs {', '.join(gap.needs)}" if gap.needs else ""
    return f"{what} of {gap.call or 'the account'} was read ({gap.why}){needs}"


def bucket(estates: Sequence[Estate], uid: str) -> S3Bucket | None:
    """The bucket of a uid, bound."""
    for estate in estates:
        found = estate.find(uid, S3Bucket)
        if isinstance(found, S3Bucket):
            return found.bound(View(_BUCKET, estate))
    return None


def parsed(name: str, text: str) -> Named:
    """A document under its name; the same text is read once."""
    return Named(name, _parse(text))


@lru_cache(maxsize=2_000)
def _parse(text: str) -> Policy | Malformed:
    """Many principals hold the same documents."""
    return parse(text)


def _principal(identity: IamUser | IamRole, role: IamRole | None) -> Principal:
    lost: list[Unread] = []
    documents: tuple[Document, ...] = ()
    try:
        documents = identity.documents
    except UnreadFact as gap:
        lost += gap.unread
    boundary = _boundary(identity, lost)
    tags = _tags(identity, lost)
    trust = None
    if role is not None:
        try:
            trust = parsed("trust policy", role.trust_policy)
        except UnreadFact as gap:
            lost += gap.unread
    return Principal(
        uid=identity.uid,
        name=identity.name,
        account=identity.scope.account,
        partition=identity.scope.partition,
        at=identity.taken_at.isoformat(),
        documents=tuple(parsed(document.name, document.text) for document in documents),
        boundary=boundary,
        trust=trust,
        tags=tags,
        unread=tuple(lost),
    )


def _boundary(identity: IamUser | IamRole, lost: list[Unread]) -> Named | None:
    try:
        found = identity.boundary
        return None if found is None else parsed(f"boundary {found.document.name}", found.document.text)
    except UnreadFact as gap:
        lost += gap.unread
        return None


def _tags(identity: IamUser | IamRole, lost: list[Unread]) -> Mapping[str, str]:
    try:
        return {name.lower(): value for name, value in identity.tags.items()}
    except UnreadFact as gap:
        lost += gap.unread
        return {}
