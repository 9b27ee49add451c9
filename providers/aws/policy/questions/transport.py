"""Whether a bucket policy insists on TLS, and on which version of it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from providers.aws.policy.language.tree import Condition, Patterns, Policy, PrincipalName, Principals, Statement
from providers.aws.policy.language.values import number
from providers.aws.policy.questions.groups import groups
from providers.aws.policy.reference.services import ResourceKind, resource_kind
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.keys import NETWORK_KEYS
from providers.aws.policy.symbolic.scene import SIGNED, Owner, Party, ResourceContext
from scanner.access.work import LimitReached, Work

Verdict = Literal["yes", "no", "unknown"]
_NO_TLS: Final = Condition("Bool", "aws:securetransport", ("false",))
_SOMEBODY: Final = Owner("999988887777")


class TlsAnswer(msgspec.Struct, frozen=True):
    """Whether every request without TLS is denied."""

    verdict: Verdict
    statement: str = ""
    """JSON pointer of the Deny, where there is one."""
    why: str = ""


class MinimumTls(msgspec.Struct, frozen=True):
    """The oldest TLS version that is let in. `no`: the policy sets none."""

    version: str | None
    verdict: Verdict
    statement: str = ""
    why: str = ""


def tls_only(policy: Policy | None, bucket_arn: str) -> TlsAnswer:
    """Whether the policy denies everyone everything, on bucket and objects, when TLS is not used."""
    if policy is None:
        return TlsAnswer("no", why="there is no policy")
    let_in = _spared(policy, bucket_arn, _NO_TLS)
    if let_in is None:
        return TlsAnswer("yes", _pointer(policy, "aws:securetransport"))
    if isinstance(let_in, Open):
        return TlsAnswer("unknown", why="requests without TLS meet a Deny, but not surely all of them")
    return TlsAnswer("no", why=f"{let_in} without TLS is not denied")


def minimum_tls(policy: Policy | None, bucket_arn: str) -> MinimumTls:
    """The version below which the policy denies everyone everything."""
    if policy is None:
        return MinimumTls(None, "no", why="there is no policy")
    asked = [s for s in policy.statements if any(c.key == "s3:tlsversion" for c in s.conditions)]
    stated = sorted({value for statement in asked for value in _versions(statement)}, key=float, reverse=True)
    doubt = False
    for version in stated:
        let_in = _spared(policy, bucket_arn, Condition("NumericLessThan", "s3:tlsversion", (version,)))
        if let_in is None:
            return MinimumTls(version, "yes", _pointer(policy, "s3:tlsversion"))
        doubt = doubt or isinstance(let_in, Open)
    if doubt:
        why = "it looks at the TLS version, but may not deny all requests"
        return MinimumTls(None, "unknown", asked[0].pointer, why)
    return MinimumTls(None, "no", why="no statement denies all requests with an older TLS version")


def _versions(statement: Statement) -> list[str]:
    return [
        value
        for condition in statement.conditions
        if condition.key == "s3:tlsversion" and condition.operator != "Null"
        for value in condition.values
        if number(value) is not None
    ]


def _pointer(policy: Policy, key: str) -> str:
    denies = [each for each in policy.statements if each.effect == "Deny"]
    about = (each.pointer for each in denies if any(condition.key == key for condition in each.conditions))
    return next(about, denies[0].pointer if denies else "")


def _spared(policy: Policy, bucket_arn: str, condition: Condition) -> str | Open | None:
    """A request under the condition that no Deny takes back, in words; nothing if there is none."""
    kind = resource_kind("s3")
    if kind is None:
        return Open("no actions of S3 are known")
    everything = Statement(
        index=-1,
        pointer="",
        sid="",
        effect="Allow",
        principals=Principals((PrincipalName("everyone", "*"),)),
        actions=Patterns(("*",)),
        resources=Patterns(("*",)),
        conditions=(condition,),
    )
    documents = Documents(policy)
    # A request without TLS has no version of it.
    settings = {"s3:tlsversion": None} if condition is _NO_TLS else {}
    resource = ResourceContext(bucket_arn, settings=settings)
    try:
        return _first_spared(everything, documents, resource, kind)
    except LimitReached as limit:
        return Open(str(limit))


def _first_spared(
    everything: Statement, documents: Documents, resource: ResourceContext, kind: ResourceKind
) -> str | Open | None:
    doubt: Open | None = None
    work = Work()
    for verb in kind.verbs:
        for action in groups(verb, documents, resource, work):
            for party in _everybody(documents):
                subject = Subject(party, action.name, action.suffix, "all")
                asking = Asking(documents, _SOMEBODY, resource, subject, kind.resource, work=work)
                answer = asking.answer(everything)
                if isinstance(answer, Open):
                    doubt = answer
                elif answer is not None:
                    return f"{action.name} on {resource.arn}{action.suffix.replace('?', 'any-object').replace('*', '')}"
    return doubt


def _everybody(documents: Documents) -> Iterator[Party]:
    """Signed and unsigned callers, over the internet and through endpoints, own principals included."""
    networks = (False, True) if not NETWORK_KEYS.isdisjoint(documents.seen) else (False,)
    for by_endpoint in networks:
        yield from (Party(kind, by_endpoint=by_endpoint) for kind in ("anonymous", *SIGNED))
