"""From AWS documents to the common answers: who reaches a bucket, who takes on a role, what policies allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, get_args

from providers.aws import policy as language
from providers.aws.block import PublicAccessBlock
from scanner.access import Access, Allowed, Guard, Layer, Powers, Undecided, Verb, Who, Witness
from scanner.facts import Unread, UnreadFact
from scanner.model import Resource

if TYPE_CHECKING:
    from providers.aws.iam import Document, IamRole
    from providers.aws.s3 import Acl, S3AccessPoint, S3Bucket

T = TypeVar("T")

POLICY = "bucket policy"
SERVICES = "bucket policy for services of AWS"
GROUPS = "bucket ACL"
ACCOUNTS = "bucket ACL for single accounts"
TRUST = "trust policy"
GUARDRAILS = ("organisation guardrails not read",)


def known(read: Callable[[], T]) -> T | Unread:
    """A fact's value, or why it was not read."""
    try:
        return read()
    except UnreadFact as gap:
        return gap.unread[0]


# --- documents ------------------------------------------------------------------------------------------------


def _policy_layers(
    text: str | Unread | None,
    resource: Resource,
    table: language.VerbTable,
    name: str,
    services: str,
    canonical_id: str | None = None,
) -> tuple[Layer, Layer]:
    """What a resource policy lets outsiders do: by itself, and by way of services that others can steer."""
    if text is None:
        return Layer(name), Layer(services)
    if isinstance(text, Unread):
        return Layer(name, unread=text), Layer(services, unread=text)
    parsed = language.parse(text)
    if isinstance(parsed, language.Malformed):
        doubt = f"the document cannot be read at {parsed.pointer or '/'}: {parsed.why}"
        undecided = tuple(Undecided(who, verb, doubt) for who in get_args(Who) for verb in get_args(Verb))
        return Layer(name, undecided=undecided), Layer(services, undecided=undecided)
    scope = resource.scope
    owner = language.Owner(scope.account, scope.partition, canonical_id=canonical_id)
    at = resource.taken_at.isoformat()
    outside = language.outsiders(parsed, owner, language.ResourceContext(resource.uid, at), table)
    undecided = tuple(
        Undecided(doubt.who, verb, f"{doubt.statement}: {doubt.why}")
        for doubt in outside.undecided
        for verb in doubt.verbs
    )
    return (
        Layer(name, _allowed(outside.allowed, name, services=False), undecided),
        Layer(services, _allowed(outside.allowed, services, services=True)),
    )


def _allowed(found: Iterable[language.Allowed], via: str, *, services: bool) -> tuple[Allowed, ...]:
    return tuple(
        Allowed(one.who, one.text, one.verb, via, _witness(one.witness))
        for one in found
        if ("confused-deputy" in one.flags) is services
    )


def _witness(witness: language.Witness) -> Witness:
    return Witness(witness.principal, witness.action, witness.resource, dict(witness.context), witness.statement)


# --- buckets --------------------------------------------------------------------------------------------------


def bucket_access(bucket: S3Bucket) -> Access:
    """Who outside reaches a bucket by its policy and its access control list, and what stands in their way."""
    policy, acl = known(lambda: bucket.policy), known(lambda: bucket.acl)
    # The owner of a bucket's list is the account itself, by its canonical id.
    canonical_id = None if isinstance(acl, Unread) else acl.owner or None
    own, services = _policy_layers(policy, bucket, language.S3_BUCKET, POLICY, SERVICES, canonical_id)
    if isinstance(acl, Unread):
        doubts = tuple(d if d.who == "anyone" else Undecided(d.who, d.may, d.why, acl) for d in own.undecided)
        own = Layer(own.name, own.allowed, doubts, own.unread)
    if isinstance(policy, str) and _hands_over(policy):
        doubt = "access is handed to access points, which are judged by their own checks"
        doubts = tuple(
            Undecided(who, verb, doubt) for who in get_args(Who) for verb in ("read", "list", "write", "admin")
        )
        own = Layer(own.name, own.allowed, own.undecided + doubts)
    layers = (own, services, *_acl_layers(bucket, acl))
    blocks = (
        _block_guard("account's public access block", known(lambda: bucket.account_block), policy, bucket, POLICY),
        _block_guard("bucket's public access block", known(lambda: bucket.block), policy, bucket, POLICY),
    )
    ownership = _ownership_guard(known(lambda: bucket.ownership))
    return Access(layers, (*(guard for guards in blocks for guard in guards), ownership), GUARDRAILS)


def _hands_over(policy: str) -> bool:
    """Whether a bucket policy leaves the decision to the policies of access points.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    """
    return "s3:dataaccesspoint" in policy.lower()


def _acl_layers(bucket: S3Bucket, acl: Acl | Unread) -> tuple[Layer, Layer]:
    if isinstance(acl, Unread):
        return Layer(GROUPS, unread=acl), Layer(ACCOUNTS, unread=acl)
    grants = [
        language.Grant(grant.type, grant.permission, id=grant.uid, uri=grant.uri, email="") for grant in acl.grants
    ]
    found = language.acl_outsiders(grants, acl.owner, bucket.uid)
    return tuple(  # type: ignore[return-value]  # two names make two layers
        Layer(name, tuple(Allowed(a.who, a.text, a.verb, name, _witness(a.witness)) for a in found if a.who == who))
        for name, who in ((GROUPS, "anyone"), (ACCOUNTS, "named"))
    )


def _block_guard(
    name: str, block: PublicAccessBlock | Unread, policy: str | Unread | None, resource: Resource, layer: str
) -> tuple[Guard, ...]:
    """What a public access block cuts.

    RestrictPublicBuckets leaves a policy that S3 calls public to the own account and to services of AWS; one that S3
    does not call public keeps working, but lets no arbitrary outsider in either.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    if isinstance(block, Unread):
        return (Guard(name, could_cut=(layer, GROUPS), unread=block),)
    cuts = (GROUPS,) if block.ignore_public_acls else ()
    if not block.restrict_public_buckets:
        return (Guard(name, cuts),)
    public = _status(policy, resource)
    if public is True:
        return (Guard(name, (layer, *cuts), (layer,)),)
    if public is False:
        return (Guard(name, cuts),)
    # Whatever an unread policy says: a public one is cut, and one that is not public lets nobody in unnamed.
    unread_cuts = (layer, *cuts) if isinstance(policy, Unread) else cuts
    return Guard(name, unread_cuts), Guard(name, could_cut=(layer,), unread=public)


def _status(policy: str | Unread | None, resource: Resource) -> bool | Unread:
    if policy is None or isinstance(policy, Unread):
        return policy or False
    parsed = language.parse(policy)
    if isinstance(parsed, language.Malformed):
        return Unread("failed", detail=f"the bucket policy cannot be read: {parsed.why}")
    status = language.policy_status_public(parsed)
    return (
        Unread("not-yet-known", detail="whether S3 calls the policy public is undecided")
        if status == "unknown"
        else status
    )


def _ownership_guard(ownership: str | Unread) -> Guard:
    """Object Ownership `BucketOwnerEnforced` switches access control lists off.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    """
    name = "object ownership"
    if isinstance(ownership, Unread):
        return Guard(name, could_cut=(GROUPS, ACCOUNTS), unread=ownership)
    both = (GROUPS, ACCOUNTS) if ownership == "BucketOwnerEnforced" else ()
    return Guard(name, both, both)


def access_point_access(point: S3AccessPoint) -> Access:
    """Who outside an access point lets in, as far as its bucket agrees; one of a VPC is never public.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
    """
    policy = known(lambda: point.policy)
    name, services_name = "access point policy", "access point policy for services of AWS"
    own, services = _policy_layers(policy, point, language.S3_ACCESS_POINT, name, services_name)
    guards = [
        guard
        for block, read in (
            ("account's public access block", lambda: point.account_block),
            ("access point's public access block", lambda: point.block),
        )
        for guard in _block_guard(block, known(read), policy, point, name)
    ]
    inside = known(lambda: not point.from_internet)
    if isinstance(inside, Unread):
        guards.append(Guard("network origin", could_cut=(name,), unread=inside))
    elif inside:
        guards.append(Guard("network origin", (name,)))
    return Access((own, services), tuple(guards), GUARDRAILS)


def refuses_plain_text(bucket: S3Bucket) -> bool:
    """Whether the bucket policy denies every request without TLS; UnreadFact where that is undecided."""
    text = bucket.policy
    if text is None:
        return False
    parsed = language.parse(text)
    if isinstance(parsed, language.Malformed):
        raise UnreadFact(Unread("failed", detail=f"the bucket policy cannot be read: {parsed.why}"))
    answer = language.tls_only(parsed, bucket.uid)
    if answer.verdict == "unknown":
        raise UnreadFact(Unread("not-yet-known", detail=f"the bucket policy at {answer.statement}: {answer.why}"))
    return answer.verdict == "yes"


# --- identities -----------------------------------------------------------------------------------------------


def role_trust(role: IamRole) -> Access:
    """Who outside may take a role on."""
    own, services = _policy_layers(role.trust_policy, role, language.ROLE_TRUST, TRUST, f"{TRUST} for services of AWS")
    return Access((own, services), (), GUARDRAILS)


def unconditioned_parties(role: IamRole) -> tuple[str, ...]:
    """Named outside parties that a role's trust policy admits under no condition that narrows them."""
    parsed = language.parse(role.trust_policy)
    if isinstance(parsed, language.Malformed):
        raise UnreadFact(Unread("failed", detail=f"the trust policy cannot be read: {parsed.why}"))
    found = language.external_trust(parsed, role.scope.account)
    return tuple(
        dict.fromkeys(f"{one.kind} {one.party}" for one in found if not one.conditioned and one.kind != "anyone")
    )


def powers_of(documents: Sequence[Document], boundary: Document | None, at: datetime) -> Powers:
    """What documents allow together, within a boundary, at a time."""
    answer = language.powers(
        [language.parse(document.text) for document in documents],
        language.parse(boundary.text) if boundary else None,
        at=at.isoformat(),
    )
    return Powers(_grants(answer.full_admin, documents), _grants(answer.can_become_admin, documents))


def _grants(answer: language.Answer, documents: Sequence[Document]) -> tuple[str, ...] | Unread:
    if answer.verdict == "unknown":
        return Unread("not-yet-known", detail=answer.why)
    if answer.verdict == "no":
        return ()
    indices = dict.fromkeys(int(statement.partition("#")[0]) for statement in answer.statements)
    return tuple(documents[index].name for index in indices)
