"""What comes into a bucket by way of its access points, whose policies and the bucket's both have to allow it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec

from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.access_points import of_bucket
from providers.aws.policy.questions.outsiders import outsiders_of_all
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from providers.aws.reach import outside_layers
from providers.aws.s3_reach import Block, Text, block_guards, origin_guard
from scanner.access import Access, Guard, Layer, Undecided, Verb, Who
from scanner.facts import Unread


class Point(msgspec.Struct, frozen=True):
    """An access point of the bucket, as far as it was read."""

    name: str
    arn: str
    policy: Text
    from_internet: bool | Unread
    block: Block


def with_points(
    access: Access,
    owner: Owner,
    bucket: ResourceContext,
    policy: Text,
    points: Sequence[Point],
    blocks: Mapping[str, Block],
) -> Access:
    """The access to a bucket, and what its access points add to it."""
    layers, guards = list(access.layers), list(access.guards)
    for point in points:
        name = f"policy of access point {point.name}"
        for layer in _layers(owner, bucket, policy, point, name):
            layers.append(layer)
            guards += _guards(layer.name, policy, point, blocks)
    return Access(tuple(layers), tuple(guards), access.remarks)


def _guards(layer: str, policy: Text, point: Point, blocks: Mapping[str, Block]) -> list[Guard]:
    texts = [point.policy, policy]
    found = [guard for whose, block in blocks.items() for guard in block_guards(whose, block, texts, layer)]
    own = block_guards(f"access point {point.name}'s", point.block, texts[:1], layer)
    return [*found, *own, origin_guard(point.from_internet, layer)]


def _layers(owner: Owner, bucket: ResourceContext, policy: Text, point: Point, name: str) -> tuple[Layer, ...]:
    unread = next((text for text in (point.policy, policy) if isinstance(text, Unread)), None)
    if unread is not None:
        return (Layer(name, unread=unread),)
    texts = [text for text in (point.policy, policy) if not isinstance(text, Unread)]
    parsed = [parse(text) if text else Policy("2012-10-17", ()) for text in texts]
    broken = next((one for one in parsed if isinstance(one, Malformed)), None)
    policies = [one for one in parsed if isinstance(one, Policy)]
    own = None if broken else of_bucket(policies[0], point.arn, bucket.arn)
    kind = resource_kind("s3")
    if own is None or kind is None:
        why = f"the document cannot be read: {broken.why}" if broken else "its resources cannot be said of the bucket"
        verbs: tuple[Verb, ...] = ("read", "list", "write", "admin")
        open_to = [Undecided(who, verb, why) for who in get_args(Who) for verb in verbs]
        return (Layer(name, undecided=tuple(open_to)),)
    settings: dict[str, str | None] = {
        "s3:dataaccesspointarn": point.arn,
        "s3:dataaccesspointaccount": owner.account,
    }
    if not isinstance(point.from_internet, Unread):
        settings["s3:accesspointnetworkorigin"] = "Internet" if point.from_internet else "VPC"
    resource = msgspec.structs.replace(bucket, settings=settings)
    return outside_layers(outsiders_of_all((own, policies[1]), owner, resource, kind), name)
