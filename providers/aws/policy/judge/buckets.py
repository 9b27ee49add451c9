"""Buckets: policy, list of grants, ownership, blocks at four levels, and the access points in front of them."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from providers.aws.block import PublicAccessBlock
from providers.aws.documents import Acl, Grant
from providers.aws.policy.judge.given import Document, Given, block_of, decoded, text_of
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.access_points import of_bucket
from providers.aws.policy.questions.outsiders import Outside, outsiders_of_all
from providers.aws.policy.questions.s3_status import policy_status_public
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from providers.aws.reach import GUARDRAILS, outside_layers
from providers.aws.s3_reach import block_guards, bucket_access, origin_guard
from scanner.access import Access, Guard, Layer, Undecided, Verb, Who
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
    layers, guards = list(access.layers), list(access.guards)
    for point in facts.access_points or ():
        more_layers, more_guards = _by_point(facts, point, blocks)
        layers += more_layers
        guards += more_guards
    return Access(tuple(layers), tuple(guards), GUARDRAILS)


def status(given: Input) -> str | None:
    """What S3 itself calls the policy, as a flag; nothing where there is no policy or S3's rule leaves it open."""
    text = text_of(decoded(given, _Bucket).policy)
    parsed = parse(text) if text else None
    if not isinstance(parsed, Policy):
        return None
    public = policy_status_public(parsed)
    return None if public == "unknown" else "policy-status-public" if public else "policy-status-non-public"


def _by_point(
    facts: _Bucket, point: _Point, blocks: dict[str, PublicAccessBlock]
) -> tuple[tuple[Layer, ...], tuple[Guard, ...]]:
    """What comes through an access point: its policy and the bucket's have to allow it."""
    name = f"policy of access point {point.name}"
    texts = [text_of(point.policy), text_of(facts.policy)]
    owner = facts.owner()
    arn = point.arn or f"arn:{owner.partition}:s3:us-east-1:{owner.account}:accesspoint/{point.name}"
    layers = _outside(texts, owner, facts, arn, point, name)
    guards: list[Guard] = [origin_guard(point.network_origin == "Internet", name)]
    for layer in layers:
        guards += [guard for whose, block in blocks.items() for guard in block_guards(whose, block, texts, layer.name)]
        own = block_of(point.public_access_block)
        guards += block_guards(f"access point {point.name}'s", own, texts[:1], layer.name)
    return layers, tuple(guards)


def _outside(
    texts: list[str | None], owner: Owner, facts: _Bucket, arn: str, point: _Point, name: str
) -> tuple[Layer, ...]:
    parsed = [parse(text) if text else Policy("2012-10-17", ()) for text in texts]
    broken = next((one for one in parsed if isinstance(one, Malformed)), None)
    policies = [one for one in parsed if isinstance(one, Policy)]
    own = None if broken else of_bucket(policies[0], arn, facts.resource)
    kind = resource_kind("s3")
    if own is None or kind is None:
        why = f"the document cannot be read: {broken.why}" if broken else "its resources cannot be said of the bucket"
        verbs: tuple[Verb, ...] = ("read", "list", "write", "admin")
        open_to = [Undecided(who, verb, why) for who in get_args(Who) for verb in verbs]
        return (Layer(name, undecided=tuple(open_to)),)
    settings = {
        "s3:dataaccesspointarn": arn,
        "s3:dataaccesspointaccount": owner.account,
        "s3:accesspointnetworkorigin": point.network_origin,
    }
    resource = ResourceContext(facts.resource, facts.evaluation_time, settings)
    outside: Outside = outsiders_of_all((own, policies[1]), owner, resource, kind)
    return outside_layers(outside, name)
