"""Whether a policy's member is the principal that asks.

https://cloud.google.com/iam/docs/principals-overview
"""

from __future__ import annotations

from collections.abc import Mapping

from providers.gcp.policy.concrete.federation import in_pool
from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.pools import Pool
from providers.gcp.policy.language.request import Principal
from scanner.ternary import Ternary


def names(member: Member, principal: Principal, pools: Mapping[str, Pool]) -> Ternary:
    """Whether `member` includes the principal; None where that is not known."""
    google = principal.kind in ("user", "service-account")
    match member.kind:
        case "everyone":
            return True
        case "authenticated":
            return google or (None if principal.kind == "kubernetes" else False)
        case "user" | "service-account":
            return principal.kind == member.kind and principal.name == member.name
        case "kubernetes":
            return principal.kind == "kubernetes" and principal.name == member.text
        case "domain":
            return principal.kind == "user" and principal.name.rpartition("@")[2] == member.name
        case "group":
            return _listed(member.name, principal.groups, principal)
        case "customer":
            if principal.kind != "user":
                return False
            return _listed(member.name, None if principal.customer is None else (principal.customer,), principal)
        case "project-team":
            return _listed((member.name, member.team), principal.teams, principal)
        case "pool":
            return in_pool(member, principal, pools)
        case "deleted":
            return False
        case "subtree":
            return False if principal.stranger else None
        case _:
            return None


def _listed(item: object, listed: tuple[object, ...] | None, principal: Principal) -> Ternary:
    if listed is not None and item in listed:
        return True
    if principal.kind == "anonymous" or principal.stranger:
        return False
    return False if listed is not None else None
