"""Conditional access: policies that ask everybody for a second factor, whatever they sign in to.

A policy that holds only somewhere, for some or on some days proves nothing about one sign-in, and is not looked at.
https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from providers.azure.graph import graph
from scanner.facts import Answer

POLICIES = graph("identity/conditionalAccess/policies", "Policy.Read.All")
_JUDGED: Final = frozenset({"users", "applications", "clientAppTypes"})
_ALL: Final = "All"


class SecondFactorPolicy(msgspec.Struct, frozen=True):
    """A policy that is on and asks for a second factor at every sign-in."""

    name: str
    spared_users: tuple[str, ...]
    """Ids of users whom it leaves out."""
    spares_others: bool
    """Whether it leaves out members of groups, holders of roles, or guests."""

    def asks(self, user: str) -> bool:
        """Whether it asks a user for certain."""
        return not self.spares_others and user not in self.spared_users


def second_factor_policies(answer: Answer) -> tuple[SecondFactorPolicy, ...]:
    """Those among all policies."""
    return tuple(_policy(item) for item in answer["value"] if _asks_always(item))


def _policy(item: Mapping[str, Any]) -> SecondFactorPolicy:
    users = item["conditions"]["users"]
    others = any(value for name, value in users.items() if name.startswith("exclude") and name != "excludeUsers")
    spared = tuple(users.get("excludeUsers") or ())
    return SecondFactorPolicy(item["displayName"], spared, others or "GuestsOrExternalUsers" in spared)


def _asks_always(item: Mapping[str, Any]) -> bool:
    conditions = item["conditions"]
    applications = conditions["applications"]
    narrowed = any(value for name, value in conditions.items() if name not in _JUDGED) or any(
        value for name, value in applications.items() if name != "includeApplications"
    )
    return (
        item["state"] == "enabled"
        and not narrowed
        and _ALL in (conditions["users"].get("includeUsers") or ())
        and _ALL in (applications.get("includeApplications") or ())
        and "all" in conditions["clientAppTypes"]
        and _takes_second_factor(item.get("grantControls") or {})
    )


def _takes_second_factor(controls: Mapping[str, Any]) -> bool:
    """Whether nobody gets in without it. Every strength that Microsoft offers takes one; one's own need not."""
    members = [
        *(controls.get("builtInControls") or ()),
        *(controls.get("customAuthenticationFactors") or ()),
        *(controls.get("termsOfUse") or ()),
    ]
    strength = controls.get("authenticationStrength") or {}
    if strength:
        members.append("mfa" if strength.get("policyType") == "builtIn" else "strength")
    return "mfa" in members and (controls.get("operator") == "AND" or len(members) == 1)
