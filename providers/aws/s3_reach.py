"""Who reaches a bucket or an access point: policies and lists that grant, blocks and ownership that cut.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from providers.aws.block import PublicAccessBlock
from providers.aws.documents import Acl
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.acl import Grant, acl_outsiders
from providers.aws.policy.questions.s3_status import policy_status_public
from providers.aws.policy.questions.transport import tls_only
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from providers.aws.reach import GUARDRAILS, outside_layers, policy_layers, services_of
from scanner.access import Access, Guard, Layer, Undecided, Who
from scanner.facts import Unread, UnreadFact

POLICY: Final = "bucket policy"
SERVICES: Final = services_of(POLICY)
GROUPS: Final = "bucket ACL"
ACCOUNTS: Final = "bucket ACL for single accounts"
_OWN_BLOCK: Final = "public access block"

Text: TypeAlias = "str | Unread | None"
Block: TypeAlias = "PublicAccessBlock | Unread"


def bucket_access(
    owner: Owner,
    bucket: ResourceContext,
    *,
    policy: Text,
    acl: Acl | Unread,
    ownership: str | Unread,
    blocks: Mapping[str, Block],
) -> Access:
    """Who outside reaches a bucket by its policy and its access control list, and what stands in their way.

    `blocks` by whose they are: `bucket's`, `account's`. Access points are not weighed here.
    """
    own, services = policy_layers(policy, owner, bucket, "s3", POLICY)
    if isinstance(acl, Unread) and owner.canonical_id is None:
        doubts = tuple(d if d.who == "anyone" else Undecided(d.who, d.may, d.why, acl) for d in own.undecided)
        own = Layer(own.name, own.allowed, doubts, own.unread)
    guards = [
        guard for whose, block in blocks.items() for guard in block_guards(whose, block, [policy], POLICY, [GROUPS])
    ]
    layers = (own, services, *_acl_layers(owner, bucket, acl, policy))
    return Access(layers, (*guards, _ownership_guard(ownership), *_denials_guard(policy)), GUARDRAILS)


def hands_over(policy: str) -> bool:
    """Whether a bucket policy leaves the decision to the policies of access points."""
    parsed = parse(policy)
    return isinstance(parsed, Policy) and any(
        condition.key.startswith("s3:dataaccesspoint")
        for statement in parsed.statements
        if statement.effect == "Allow"
        for condition in statement.conditions
    )


def handed_over(access: Access, unread: Unread) -> Access:
    """The same access where the access points that decide about it, too, were not all read."""
    return Access((*access.layers, Layer("policies of access points", unread=unread)), access.guards, access.remarks)


def _acl_layers(owner: Owner, bucket: ResourceContext, acl: Acl | Unread, policy: Text) -> tuple[Layer, Layer]:
    if isinstance(acl, Unread):
        return Layer(GROUPS, unread=acl), Layer(ACCOUNTS, unread=acl)
    grants = [Grant(grant.type, grant.permission, id=grant.uid, uri=grant.uri, email="") for grant in acl.grants]
    # The owner of a bucket's list is the account itself, by its canonical id.
    known = msgspec.structs.replace(owner, canonical_id=owner.canonical_id or acl.owner)
    parsed = parse(policy) if isinstance(policy, str) else None
    outside = acl_outsiders(grants, known, bucket, parsed if isinstance(parsed, Policy) else None)

    def layer(name: str, who: Who) -> Layer:
        every = outside_layers(outside, name)[0]
        return Layer(
            name,
            tuple(one for one in every.allowed if one.who == who),
            tuple(one for one in every.undecided if one.who == who),
        )

    return layer(GROUPS, "anyone"), layer(ACCOUNTS, "named")


def _denials_guard(policy: Text) -> tuple[Guard, ...]:
    """What the policy denies it denies to whom a list lets in, too; nobody knows where it cannot be read."""
    name = "denials of the bucket policy"
    if isinstance(policy, Unread):
        return (Guard(name, could_cut=(GROUPS, ACCOUNTS), unread=policy),)
    parsed = parse(policy) if policy else None
    if not isinstance(parsed, Malformed):
        return ()
    unread = Unread("failed", detail=f"the bucket policy cannot be read: {parsed.why}")
    return (Guard(name, could_cut=(GROUPS, ACCOUNTS), unread=unread),)


def block_guards(
    whose: str, block: Block, policies: Sequence[Text], layer: str, lists: Sequence[str] = ()
) -> Iterable[Guard]:
    """What a public access block cuts: a layer that rests on `policies`, and access control lists.

    RestrictPublicBuckets leaves a policy that S3 calls public to the own account and to services of AWS; one that S3
    does not call public keeps working, but lets no arbitrary outsider in either.
    """
    name = f"{whose} {_OWN_BLOCK}"
    if isinstance(block, Unread):
        return (Guard(name, could_cut=(layer, *lists), unread=block),)
    cuts = tuple(lists) if block.ignore_public_acls else ()
    if not block.restrict_public_buckets:
        return (Guard(name, cuts),)
    statuses = [_status(policy) for policy in policies]
    if True in statuses:
        return (Guard(name, (layer, *cuts), (layer,)),)
    doubts = [status for status in statuses if isinstance(status, Unread)]
    if not doubts:
        return (Guard(name, cuts),)
    # Whatever an unread policy says: a public one is cut, and one that is not public lets nobody in unnamed.
    unread_cuts = (layer, *cuts) if any(isinstance(policy, Unread) for policy in policies) else cuts
    return Guard(name, unread_cuts), Guard(name, could_cut=(layer,), unread=doubts[0])


def _status(policy: Text) -> bool | Unread:
    if policy is None or isinstance(policy, Unread):
        return policy or False
    parsed = parse(policy)
    if isinstance(parsed, Malformed):
        return Unread("failed", detail=f"the bucket policy cannot be read: {parsed.why}")
    status = policy_status_public(parsed)
    if status == "unknown":
        return Unread("not-yet-known", detail="whether S3 calls the policy public is undecided")
    return status


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
    owner: Owner,
    point: ResourceContext,
    *,
    policy: Text,
    from_internet: bool | Unread,
    blocks: Mapping[str, Block],
) -> Access:
    """Who outside an access point lets in, as far as its bucket agrees; one of a VPC is never public.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
    """
    name = "access point policy"
    own, services = policy_layers(policy, owner, point, "s3-access-point", name)
    guards = [guard for whose, block in blocks.items() for guard in block_guards(whose, block, [policy], name)]
    return Access((own, services), (*guards, origin_guard(from_internet, name)), GUARDRAILS)


def origin_guard(from_internet: bool | Unread, layer: str) -> Guard:
    """An access point of a VPC lets nobody in from elsewhere."""
    if isinstance(from_internet, Unread):
        return Guard("network origin", could_cut=(layer,), unread=from_internet)
    return Guard("network origin", () if from_internet else (layer,))


def refuses_plain_text(policy: str | None, bucket_uid: str) -> bool:
    """Whether a bucket policy denies every request without TLS; UnreadFact where that is undecided."""
    if policy is None:
        return False
    parsed = parse(policy)
    if isinstance(parsed, Malformed):
        raise UnreadFact(Unread("failed", detail=f"the bucket policy cannot be read: {parsed.why}"))
    answer = tls_only(parsed, bucket_uid)
    if answer.verdict == "unknown":
        raise UnreadFact(Unread("not-yet-known", detail=f"the bucket policy at {answer.statement}: {answer.why}"))
    return answer.verdict == "yes"


def with_canonical_id(owner: Owner, acl: Acl | Unread) -> Owner:
    """The owner, known by canonical id too where the list was read."""
    return owner if isinstance(acl, Unread) else msgspec.structs.replace(owner, canonical_id=acl.owner or None)
