"""Whether a provider of a pool takes a token, and which attributes it gives.

https://cloud.google.com/iam/docs/workload-identity-federation#mapping
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.gcp.policy.concrete.conditions import OfToken, evaluate, holds
from providers.gcp.policy.language.cel import Name, Select
from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.pools import Pool, Provider
from providers.gcp.policy.language.request import Principal
from providers.gcp.policy.language.values import Unknown, Value
from scanner.ternary import Ternary, all_of

_UNSEEN: Final = Provider("unclear")


def in_pool(member: Member, principal: Principal, pools: Mapping[str, Pool]) -> Ternary:
    """Whether the token makes the principal one of the identities that `member` names."""
    if principal.kind != "federated" or principal.pool != member.pool:
        return False
    pool = pools.get(member.pool_id)
    # Of a pool that nothing is known of we take it that it maps claims as usual.
    provider = _UNSEEN if pool is None else _provider(pool, principal.provider)
    if provider is None or not provider.on or (pool is not None and not pool.on):
        return False
    attributes = _attributes(provider, principal.claims, member)
    return all_of((holds(provider.condition, OfToken(principal.claims, attributes)), _selected(member, attributes)))


def _provider(pool: Pool, index: int) -> Provider | None:
    return pool.providers[index] if index < len(pool.providers) else None


def _attributes(provider: Provider, claims: Mapping[str, object], member: Member) -> Mapping[str, Value]:
    token = OfToken(claims)  # type: ignore[arg-type]  # claims of the principal
    wanted = {"google.subject", "google.groups", f"attribute.{member.attribute}", *provider.mapping}
    usual = {"google.subject": "sub", "google.groups": "groups"}
    found: dict[str, Value] = {}
    for name in wanted:
        claim = usual.get(name, name.removeprefix("attribute."))
        made_of = provider.mapping.get(name)
        if made_of is None and provider.mapping:
            continue
        found[name] = evaluate(made_of or Select(Name("assertion"), claim), token)
    # A condition may name attributes that a usual mapping would have made.
    if not provider.mapping:
        found |= {f"attribute.{name}": token.variable(f"assertion.{name}") for name in claims}
    return found


def _selected(member: Member, attributes: Mapping[str, Value]) -> Ternary:
    if member.select == "all":
        return True
    if member.select == "group":
        groups = attributes.get("google.groups")
        return member.name in groups if isinstance(groups, tuple) else None
    name = "google.subject" if member.select == "subject" else f"attribute.{member.attribute}"
    value = attributes.get(name)
    if value is None:
        return False  # no such attribute is mapped
    return None if isinstance(value, Unknown) else value == member.name
