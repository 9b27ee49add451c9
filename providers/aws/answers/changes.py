"""What the principals and resources of an account may do now, and could not before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from providers.aws.answers.reads import Named, Principal, gap_words, parsed, principals
from providers.aws.iam import IamRole
from providers.aws.policy.language.tree import Malformed, Policy, Statement
from providers.aws.policy.questions.new_access import NewRequest, new_requests
from providers.aws.s3 import S3Bucket
from scanner.access import Witness
from scanner.facts import Unread
from scanner.model import Estate, Resource
from scanner.questions import NewAccess

_NOTHING: Final = Policy("2012-10-17", ())


def new_access_between(older: Sequence[Estate], newer: Sequence[Estate]) -> tuple[NewAccess, ...]:
    """Requests that are allowed now and were not, of everybody and everything that was read this time."""
    before = {principal.uid: principal for principal in principals(older)}
    found: list[NewAccess] = []
    for principal in principals(newer):
        found += _of_principal(before.get(principal.uid), principal)
    old_policies = dict(_resource_policies(older))
    for uid, policy in _resource_policies(newer):
        found += _of_policy(f"policy of {uid}", old_policies.get(uid, Named("", _NOTHING)), policy)
    return tuple(found)


def _of_principal(before: Principal | None, now: Principal) -> Iterator[NewAccess]:
    """By its own policies within its boundary, each compared as a whole."""
    if now.unread or (before is not None and before.unread):
        why = f"its policies were not all read: {(now.unread or (before.unread if before else ()))[0].why}"
        yield NewAccess(now.uid, None, why)
        return
    old = before.documents if before else ()
    if _texts(old) != _texts(now.documents):
        yield from _compared(now.uid, _joined(old), _joined(now.documents), _names(now.documents))
    old_boundary = before.boundary if before else None
    if before is not None and _texts([old_boundary]) != _texts([now.boundary]) and old_boundary is not None:
        # What a wider boundary lets through is new only as far as the policies grant it.
        widened = _joined([now.boundary]) if now.boundary else None
        yield from _boundary(now, _joined([old_boundary]), widened)


def _boundary(now: Principal, old: Policy | Malformed, new: Policy | Malformed | None) -> Iterator[NewAccess]:
    if new is None:
        yield NewAccess(now.uid, None, "its boundary was taken away, so that its policies now count in full")
    elif isinstance(old, Policy) and isinstance(new, Policy):
        for request in new_requests(old, new):
            yield NewAccess(now.uid, None, f"its boundary lets more through: {request.why}")
    else:
        yield NewAccess(now.uid, None, "its boundary cannot be read")


def _of_policy(subject: str, old: Named, new: Named) -> Iterator[NewAccess]:
    if old.policy != new.policy:
        yield from _compared(subject, old.policy, new.policy, {})


def _compared(
    subject: str, old: Policy | Malformed, new: Policy | Malformed, names: Mapping[str, str]
) -> Iterator[NewAccess]:
    for one in (old, new):
        if isinstance(one, Malformed):
            yield NewAccess(subject, None, f"a document cannot be read at {one.pointer or '/'}: {one.why}")
            return
    if isinstance(old, Policy) and isinstance(new, Policy):
        for request in new_requests(old, new):
            witness = _witness(request, subject if names else "")
            yield NewAccess(subject, witness, _with_name(request.why, names))


def _witness(request: NewRequest, holder: str) -> Witness | None:
    """The request; of a principal's own policies it is the principal that makes it."""
    found = request.witness
    if found is None:
        return None
    return Witness(holder or found.principal, found.action, found.resource, dict(found.context), found.statement)


def _with_name(why: str, names: Mapping[str, str]) -> str:
    """The reason with the documents' own names: statements of several stand in one while they are compared."""
    for pointer, name in names.items():
        why = why.replace(f"{pointer} ", f"{name} ").replace(f"{pointer};", f"{name};")
    return why


def _joined(documents: Sequence[Named | None]) -> Policy | Malformed:
    """All documents in one, each statement under a pointer of its own."""
    statements: list[Statement] = []
    for index, each in enumerate(one for one in documents if one is not None):
        if isinstance(each.policy, Malformed):
            return each.policy
        for statement in each.policy.statements:
            pointer = f"/{index}{statement.pointer}"
            statements.append(msgspec.structs.replace(statement, index=len(statements), pointer=pointer))
    return Policy("2012-10-17", tuple(statements))


def _names(documents: Sequence[Named]) -> dict[str, str]:
    return {
        f"/{index}{statement.pointer}": f"policy {each.name} {statement.pointer}"
        for index, each in enumerate(documents)
        if isinstance(each.policy, Policy)
        for statement in each.policy.statements
    }


def _texts(documents: Sequence[Named | None]) -> list[object]:
    return [one.policy for one in documents if one is not None]


def _resource_policies(estates: Sequence[Estate]) -> Iterator[tuple[str, Named]]:
    """Trust policies and bucket policies that were read."""
    for estate in estates:
        for role in estate.of(IamRole):
            yield role.uid, _named(role, "trust_policy")
        for bucket in estate.of(S3Bucket):
            yield bucket.uid, _named(bucket, "policy")


def _named(resource: Resource, fact: str) -> Named:
    text = resource.stored.get(fact)
    if isinstance(text, Unread):
        return Named(fact, Malformed("", gap_words("nothing", text)))
    return parsed(fact, text) if isinstance(text, str) else Named(fact, _NOTHING)
