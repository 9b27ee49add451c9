"""Buckets: policy, list of grants, ownership, blocks at four levels, and the access points in front of them."""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.documents import Acl, Grant
from providers.aws.policy.judge.given import Document, Given, block_of, decoded, text_of
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Policy
from providers.aws.policy.questions.s3_status import policy_status_public
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from providers.aws.s3_points import Point, with_points
from providers.aws.s3_reach import bucket_access
from scanner.access import Access
from scanner.questions import Input

Flags = dict[str, bool | None]


class _Grantee(msgspec.Struct, frozen=True, rename="pascal"):
    type: str
    uri: str = msgspec.field(default="", name="URI")
    id: str = msgspec.field(default="", name="ID")
    email_address: str = ""


class _Grant(msgspec.Struct, frozen=True, rename="pascal"):
    grantee: _Grantee
    permission: str


class _Point(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    name: str
    network_origin: Literal["Internet", "VPC"] = "Internet"
    vpc_id: str | None = None
    policy: Document = None
    public_access_block: Flags | None = None
    arn: str | None = None


class _Bucket(Given, frozen=True, kw_only=True, rename="camel"):
    public_access_block: Flags | None = None
    account_public_access_block: Flags | None = None
    organization_public_access_block: Flags | None = None
    object_ownership: str | None = None
    acl: tuple[_Grant, ...] | None = None
    access_points: tuple[_Point, ...] | None = None


def bucket(given: Input) -> Access:
    """Who outside reaches a bucket and what it holds, directly or by its access points."""
    facts = decoded(given, _Bucket)
    blocks = {
        "organization's": block_of(facts.organization_public_access_block),
        "account's": block_of(facts.account_public_access_block),
        "bucket's": block_of(facts.public_access_block),
    }
    grants = tuple(
        Grant(each.grantee.type, each.permission, each.grantee.uri, each.grantee.id) for each in facts.acl or ()
    )
    access = bucket_access(
        facts.owner(),
        ResourceContext(facts.resource, facts.evaluation_time),
        policy=text_of(facts.policy),
        acl=Acl(facts.owner_canonical_id or "", grants),
        ownership=facts.object_ownership or "ObjectWriter",
        blocks=dict(blocks),
    )
    points = [_point(point, facts.owner()) for point in facts.access_points or ()]
    resource = ResourceContext(facts.resource, facts.evaluation_time)
    return with_points(access, facts.owner(), resource, text_of(facts.policy), points, dict(blocks))


def _point(point: _Point, owner: Owner) -> Point:
    arn = point.arn or f"arn:{owner.partition}:s3:us-east-1:{owner.account}:accesspoint/{point.name}"
    internet = point.network_origin == "Internet"
    return Point(point.name, arn, text_of(point.policy), internet, block_of(point.public_access_block))


def status(given: Input) -> str | None:
    """What S3 itself calls the policy, as a flag; nothing where there is no policy or S3's rule leaves it open."""
    text = text_of(decoded(given, _Bucket).policy)
    parsed = parse(text) if text else None
    if not isinstance(parsed, Policy):
        return None
    public = policy_status_public(parsed)
    return None if public == "unknown" else "policy-status-public" if public else "policy-status-non-public"
