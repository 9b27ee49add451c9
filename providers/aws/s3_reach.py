"""Who reaches a bucket or an access point: policies and lists that grant, blocks and ownership that cut."""

from __future__ import annotations

from typing import get_args

from providers.aws import policy as language
from providers.aws.block import PublicAccessBlock
from providers.aws.documents import Acl
from providers.aws.reach import GUARDRAILS, policy_layers, witness_of
from scanner.access import Access, Allowed, Guard, Layer, Undecided, Who
from scanner.facts import Unread, UnreadFact
from scanner.model import Resource

POLICY = "bucket policy"
SERVICES = "bucket policy for services of AWS"
GROUPS = "bucket ACL"
ACCOUNTS = "bucket ACL for single accounts"


def bucket_access(
    bucket: Resource,
    *,
    policy: str | Unread | None,
    acl: Acl | Unread,
    ownership: str | Unread,
    block: PublicAccessBlock | Unread,
    account_block: PublicAccessBlock | Unread,
) -> Access:
    """Who outside reaches a bucket by its policy and its access control list, and what stands in their way."""
    # The owner of a bucket's list is the account itself, by its canonical id.
    canonical_id = None if isinstance(acl, Unread) else acl.owner or None
    own, services = policy_layers(policy, bucket, language.S3_BUCKET, POLICY, SERVICES, canonical_id)
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
        _block_guard("account's public access block", account_block, policy, bucket, POLICY),
        _block_guard("bucket's public access block", block, policy, bucket, POLICY),
    )
    guards = (*(guard for guards in blocks for guard in guards), _ownership_guard(ownership))
    return Access(layers, guards, GUARDRAILS)


def _hands_over(policy: str) -> bool:
    """Whether a bucket policy leaves the decision to the policies of access points.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    """
    parsed = language.parse(policy)
    return isinstance(parsed, language.Policy) and any(
        condition.key.startswith("s3:dataaccesspoint")
        for statement in parsed.statements
        if statement.effect == "Allow"
        for condition in statement.conditions
    )


def _acl_layers(bucket: Resource, acl: Acl | Unread) -> tuple[Layer, Layer]:
    if isinstance(acl, Unread):
        return Layer(GROUPS, unread=acl), Layer(ACCOUNTS, unread=acl)
    grants = [
        language.Grant(grant.type, grant.permission, id=grant.uid, uri=grant.uri, email="") for grant in acl.grants
    ]
    found = language.acl_outsiders(grants, acl.owner, bucket.uid)

    def layer(name: str, who: Who) -> Layer:
        return Layer(
            name, tuple(Allowed(a.who, a.text, a.verb, name, witness_of(a.witness)) for a in found if a.who == who)
        )

    return layer(GROUPS, "anyone"), layer(ACCOUNTS, "named")


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


def access_point_access(
    point: Resource,
    *,
    policy: str | Unread | None,
    from_internet: bool | Unread,
    block: PublicAccessBlock | Unread,
    account_block: PublicAccessBlock | Unread,
) -> Access:
    """Who outside an access point lets in, as far as its bucket agrees; one of a VPC is never public.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
    """
    name, services_name = "access point policy", "access point policy for services of AWS"
    own, services = policy_layers(policy, point, language.S3_ACCESS_POINT, name, services_name)
    guards = [
        *_block_guard("account's public access block", account_block, policy, point, name),
        *_block_guard("access point's public access block", block, policy, point, name),
    ]
    if isinstance(from_internet, Unread):
        guards.append(Guard("network origin", could_cut=(name,), unread=from_internet))
    elif not from_internet:
        guards.append(Guard("network origin", (name,)))
    return Access((own, services), tuple(guards), GUARDRAILS)


def refuses_plain_text(policy: str | None, bucket_uid: str) -> bool:
    """Whether a bucket policy denies every request without TLS; UnreadFact where that is undecided."""
    if policy is None:
        return False
    parsed = language.parse(policy)
    if isinstance(parsed, language.Malformed):
        raise UnreadFact(Unread("failed", detail=f"the bucket policy cannot be read: {parsed.why}"))
    answer = language.tls_only(parsed, bucket_uid)
    if answer.verdict == "unknown":
        raise UnreadFact(Unread("not-yet-known", detail=f"the bucket policy at {answer.statement}: {answer.why}"))
    return answer.verdict == "yes"
