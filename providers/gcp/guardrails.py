"""Organization policies in effect, from what is set on a project and above it.

Each height is listed once, rather than each constraint asked for at each project.
https://cloud.google.com/resource-manager/docs/organization-policy/understanding-hierarchy
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from scanner.facts import Answer, Unread, UnreadFact
from scanner.ternary import Ternary

Guardrail = Literal["service-account-keys", "default-grants", "database-public-address", "os-login", "outside-members"]

CONSTRAINTS: Final[Mapping[Guardrail, tuple[str, ...]]] = MappingProxyType(
    {
        "service-account-keys": (
            "iam.disableServiceAccountKeyCreation",
            "iam.managed.disableServiceAccountKeyCreation",
        ),
        "default-grants": (
            "iam.automaticIamGrantsForDefaultServiceAccounts",
            "iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts",
        ),
        "database-public-address": ("sql.restrictPublicIp",),
        "os-login": ("compute.requireOsLogin", "compute.managed.requireOsLogin"),
        "outside-members": ("iam.allowedPolicyMemberDomains", "iam.managed.allowedPolicyMembers"),
    }
)
"""The constraints that set each of them up: the older one, and the one that Google calls managed. One is enough.

https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
"""
_KEPT: Final = frozenset(name for names in CONSTRAINTS.values() for name in names)


class SetPolicy(msgspec.Struct, frozen=True):
    """A policy that is set at one height, for one constraint. Dry runs restrict nothing and are left out."""

    constraint: str
    restricts: tuple[bool | None, ...]
    """What each of its rules says; None where that depends on tags."""
    inherits: bool = False
    """What is set above counts, too."""
    reset: bool = False
    """Google's default holds: for all of these constraints, no restriction."""


def set_policies(answer: Answer) -> tuple[SetPolicy, ...]:
    """The policies that are set for constraints that we judge.

    https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies
    """
    found = []
    for policy in answer["policies"]:
        constraint = str(policy["name"]).rpartition("/policies/")[2]
        # A policy with a dry run alone has no spec.
        if constraint in _KEPT and "spec" in policy:
            spec = policy["spec"]
            found.append(
                SetPolicy(
                    constraint,
                    tuple(map(_restricts, spec.get("rules", ()))),
                    spec.get("inheritFromParent", False),
                    spec.get("reset", False),
                )
            )
    return tuple(found)


def _restricts(rule: Mapping[str, Any]) -> bool | None:
    """Whether a rule restricts: enforces, or names values that alone are allowed."""
    if "condition" in rule:
        return None
    if "enforce" in rule:
        return bool(rule["enforce"])
    if rule.get("allowAll", False):
        return False
    return bool(rule.get("denyAll", False) or rule.get("values", {}).get("allowedValues"))


def in_force(guardrail: Guardrail, policies: Callable[[], Iterator[SetPolicy]]) -> bool:
    """Whether one of its constraints restricts here. `policies`: those set on the project, then upwards from there.

    Raises UnreadFact where that rests on a height that was not read, or on tags, which never are.
    """
    gaps: list[Unread] = []
    for constraint in CONSTRAINTS[guardrail]:
        try:
            answer = _effective(constraint, policies())
        except UnreadFact as gap:
            gaps += gap.unread
            continue
        if answer:
            return True
        if answer is None:
            gaps.append(Unread("not-yet-known", detail=f"whether {constraint} restricts here depends on tags"))
    if gaps:
        raise UnreadFact(*dict.fromkeys(gaps))
    return False


def _effective(constraint: str, upwards: Iterator[SetPolicy]) -> Ternary:
    """The nearest policy decides. One that inherits counts for certain only where it says what is said above it."""
    for policy in upwards:
        if policy.constraint != constraint:
            continue
        if policy.reset:
            return False
        answers = set(policy.restricts)
        if policy.inherits:
            answers.add(_effective(constraint, upwards))
        return answers.pop() if len(answers) == 1 else None if answers else False
    return False
