"""How the Allows of all layers combine, once no Deny matches: who needs which of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.policy.concrete.callers import Way
from providers.aws.policy.concrete.grants import find_key_grants
from providers.aws.policy.concrete.layers import Document, LayerName, Layers, Levels, Place
from providers.aws.policy.concrete.reading import Asked, Found, find, find_grants
from providers.aws.policy.concrete.rules import Rule, is_own
from providers.aws.policy.concrete.standing import Standing
from scanner.ternary import Ternary, all_of, any_of

_FREE = Found(True)
_NOTHING = Found(False)


class Verdict(msgspec.Struct, frozen=True):
    """Whether the layers allow a request that none of them denies."""

    allowed: Ternary
    why: str
    granting: tuple[Place, ...] = ()
    unclear: tuple[Place, ...] = ()


class _Resource(msgspec.Struct, frozen=True):
    """What the resource's policy and grants allow, by how they name the caller."""

    itself: Found
    role: Found
    account: Found

    @property
    def any_way(self) -> Ternary:
        return any_of((self.itself.answer, self.role.answer, self.account.answer))


class _Side(msgspec.Struct, frozen=True):
    """The caller's own side: what its identity policies grant, and what limits that."""

    identity: Found
    boundary: Found
    session: Found

    @property
    def limits(self) -> Ternary:
        return all_of((self.boundary.answer, self.session.answer))

    @property
    def answer(self) -> Ternary:
        return all_of((self.identity.answer, self.limits))


def combine(layers: Layers, asked: Asked, who: Standing, special: Rule, resource_account: str) -> Verdict:
    """What the Allow statements of `layers` come to; `layers` holds only those that bear on the caller."""
    scp = _levels("scp", layers.scp, asked)
    endpoint = _limit("endpoint", layers.endpoint, asked)
    resource = _resource(layers, asked)
    side = _side(layers, asked, who)
    same_account = is_own(asked.request.resource, who.account, resource_account)
    granted, why = _granted(who, side, resource, special, asked, same_account)
    allowed = all_of((granted, scp.answer, endpoint.answer))
    parts = (side.identity, side.boundary, side.session, resource.itself, resource.role, resource.account)
    if allowed:
        granting = (side.identity, resource.itself, resource.role, resource.account)
        places = tuple(place for found in granting for place in found.sure)
        return Verdict(True, "allowed by the layers that bear on it", tuple(dict.fromkeys(places)))
    if allowed is None:
        return Verdict(None, "", unclear=tuple(place for each in (*parts, scp, endpoint) for place in each.unclear))
    if scp.answer is False:
        why = "no Allow of a service control policy at every level"
    elif endpoint.answer is False:
        why = "the policy of the VPC endpoint does not allow it"
    return Verdict(False, why)


def _granted(
    who: Standing, side: _Side, resource: _Resource, special: Rule, asked: Asked, same_account: bool
) -> tuple[Ternary, str]:
    """Whether identity side and resource side together grant, and if not, what is missing."""
    if who.kind in ("anonymous", "service", "outside"):
        return resource.any_way, "the caller has no identity policies, and the resource's policy does not allow it"
    if who.kind == "root" and asked.request.action.lower() == "sts:assumerole":
        return False, "a root user cannot assume a role"
    if not same_account:
        return _granted_across(side, resource, special)
    by_resource = any_of((resource.itself.answer, all_of((resource.role.answer, side.limits))))
    if special.needs_resource_policy:
        delegated = all_of((resource.account.answer, side.answer))
        return any_of((by_resource, delegated)), _missing(
            side,
            "the resource's own policy neither names the caller nor leaves it to identity policies"
            if resource.account.answer is False
            else "",
        )
    return any_of((side.answer, by_resource)), _missing(side, "")


def _granted_across(side: _Side, resource: _Resource, special: Rule) -> tuple[Ternary, str]:
    if special.same_account_only:
        return False, "the resource is in another account, and no resource policy can allow this action"
    granted = all_of((side.answer, resource.any_way))
    if resource.any_way is False:
        return granted, "the resource is in another account, whose resource policy does not allow it"
    return granted, _missing(side, "") + " (the resource is in another account: both sides must allow it)"


def _missing(side: _Side, otherwise: str) -> str:
    """The first thing that the caller's side lacks, in words."""
    if otherwise:
        return otherwise
    if side.identity.answer is False:
        return "neither an identity policy nor the resource's policy allows it"
    if side.boundary.answer is False:
        return "the permissions boundary does not allow it"
    if side.session.answer is False:
        return "the session policy does not allow it"
    return "no policy allows it"


def _side(layers: Layers, asked: Asked, who: Standing) -> _Side:
    if not who.has_policies:
        # Nothing limits a root user on this side; for other kinds of callers this side is not asked.
        return _Side(_FREE, _FREE, _FREE)
    session = _limit("session", layers.session, asked)
    if who.kind == "federated-user" and not layers.session:
        # GetFederationToken without a policy: "the resulting federated user session has no permissions".
        session = _NOTHING
    identity = find("identity", layers.identity, "Allow", asked)
    return _Side(identity, _limit("boundary", layers.boundary, asked), session)


def _limit(layer: LayerName, documents: tuple[Document, ...], asked: Asked) -> Found:
    return find(layer, documents, "Allow", asked) if documents else _FREE


def _levels(layer: Literal["scp"], levels: Levels, asked: Asked) -> Found:
    """Every level must allow; the policies of one level add up."""
    founds: list[Found] = []
    first = 0
    for level in levels:
        founds.append(find(layer, level, "Allow", asked, first))
        first += len(level)
    answer = all_of([found.answer for found in founds])
    return Found(answer, (), tuple(place for found in founds if found.answer is None for place in found.unclear))


def _resource(layers: Layers, asked: Asked) -> _Resource:
    by_way: dict[Way, tuple[list[Place], list[Place]]] = {"itself": ([], []), "role": ([], []), "account": ([], [])}
    for grant in find_grants(layers.resource, asked):
        for way, answer in grant.ways:
            if answer is not False:
                by_way[way][0 if answer else 1].append(grant.place)
    keys = find_key_grants(layers.grants, asked.request)
    by_way["itself"][0].extend(keys.sure)
    by_way["itself"][1].extend(keys.unclear)
    found = {
        way: Found(True if sure else None if unclear else False, tuple(sure), tuple(unclear))
        for way, (sure, unclear) in by_way.items()
    }
    return _Resource(found["itself"], found["role"], found["account"])
