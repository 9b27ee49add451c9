"""Condition keys of single services: what they may hold, by who sets them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from providers.aws.policy.reference.keys import KeyFact, key_fact
from providers.aws.policy.symbolic import shapes
from providers.aws.policy.symbolic.known import FREE, NEVER_THERE, UNCLEAR, Kind, Known, always, sometimes
from providers.aws.policy.symbolic.patterns import literal
from providers.aws.policy.symbolic.scene import Level, Owner, Party, ResourceContext
from scanner.access.text import ANY_TEXT

_KINDS: Mapping[str, Kind] = MappingProxyType({"number": "number", "date": "date", "address": "address"})
_WHOLLY_LISTED: Final = ("s3:", "kms:", "sts:", "lambda:", "sns:")
"""Services that list all actions of their keys, so that other actions surely lack the key."""
_GLOBAL: Final = "aws:"
_CONTEXT: Final = "kms:encryptioncontext:"
_VIA_URL: Final = "lambda:invokedviafunctionurl"
_VIA_MOUNT_TARGET: Final = "elasticfilesystem:accessedviamounttarget"
_KEY_ID: Final = "s3:x-amz-server-side-encryption-aws-kms-key-id"


def of_service(
    key: str, party: Party, owner: Owner, resource: ResourceContext, action: str, level: Level
) -> Known | None:
    """What a service's own key may hold; nothing for global keys and for keys that we do not know."""
    fact = None if key.startswith(_GLOBAL) else key_fact(key)
    if fact is None:
        return None
    if fact.actions and not any(_is_of(action, each) for each in fact.actions):
        return NEVER_THERE if key.startswith(_WHOLLY_LISTED) else UNCLEAR
    if key == _VIA_URL:
        # By a URL a function is called under both actions, so the other one decides.
        # https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
        return sometimes("false")
    if key == _VIA_MOUNT_TARGET and level == "anyone":
        # Mount targets lie in the owner's network: AWS does not count clients that must come by them as the public.
        # https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
        return always("false")
    by_access_point = _access_point(key, owner, resource)
    if by_access_point is not None:
        return by_access_point
    if key == _KEY_ID:
        return Known(pin="whole")
    match fact.set_by:
        case "caller" | "resource":
            return _chosen(fact, party, owner, key)
        case "service":
            return _free(fact, owner, pinned=True) if party.kind == "service" else NEVER_THERE
        case "principal" | "network" | "time":
            if key == _VIA_MOUNT_TARGET:
                return _free(fact, owner, pinned=False)
            return NEVER_THERE if party.kind == "anonymous" and fact.set_by == "principal" else UNCLEAR


def _is_of(action: str, listed: str) -> bool:
    return listed == action.lower() or (listed.endswith("*") and action.lower().startswith(listed[:-1]))


def _chosen(fact: KeyFact, party: Party, owner: Owner, key: str) -> Known:
    # When a service calls KMS it sets the context itself: often the ARN of what it works for.
    # https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
    return _free(fact, owner, pinned=party.kind == "service" and key.startswith(_CONTEXT))


def _free(fact: KeyFact, owner: Owner, *, pinned: bool) -> Known:
    # Clients may offer any version of TLS, whatever S3 answers.
    listed = fact.values if fact.kind != "number" else ()
    return Known(
        tuple(literal(value) for value in listed) if listed else FREE.languages,
        absent=fact.may_lack,
        pin="" if not pinned else "arn" if _is_arn(fact) else "whole",
        own=frozenset({owner.account}) if pinned else frozenset(),
        many=fact.multi,
        whole=fact.integer,
        kind=_KINDS.get(fact.kind, "any"),
    )


def _is_arn(fact: KeyFact) -> bool:
    return fact.kind == "arn" or fact.key.startswith(_CONTEXT)


def _access_point(key: str, owner: Owner, resource: ResourceContext) -> Known | None:
    """By way of an access point: of the owner's where that is the resource, else of whoever made one."""
    if key not in ("s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:accesspointnetworkorigin"):
        return None
    if ":accesspoint/" in resource.arn:
        if key == "s3:accesspointnetworkorigin":
            return UNCLEAR
        return always(owner.account if key.endswith("account") else resource.arn)
    if key == "s3:dataaccesspointaccount":
        return Known((shapes.ACCOUNT,), pin="whole", own=frozenset({owner.account}))
    if key == "s3:dataaccesspointarn":
        points = (*f"arn:{owner.partition}:s3:", shapes.NAME, ":", *shapes.ACCOUNT, ":", ANY_TEXT)
        return Known((points,), pin="arn", own=frozenset({owner.account}))
    return Known((literal("Internet"), literal("VPC")))
