"""Documents of Google's IAM as facts keep them: who is granted and denied what.

https://cloud.google.com/iam/docs/reference/rest/v1/Policy
https://cloud.google.com/iam/docs/reference/rest/v2/policies
https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from scanner.facts import Answer


class Binding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Members hold a role."""

    role: str
    members: tuple[str, ...] = ()
    condition: str = ""
    """Only where this expression holds."""


class DenyRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Principals lose permissions, whatever is granted."""

    principals: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    except_principals: tuple[str, ...] = ()
    except_permissions: tuple[str, ...] = ()
    condition: str = ""


class CustomRole(msgspec.Struct, frozen=True, omit_defaults=True):
    """A role that the customer wrote."""

    name: str
    """`projects/my-project/roles/reader`."""
    permissions: tuple[str, ...] = ()
    """None where it is switched off."""


def bindings(answer: Answer) -> tuple[Binding, ...]:
    """The bindings of an allow policy. One without any still has an `etag`."""
    if "bindings" not in answer:
        return () if "etag" in answer else answer["bindings"]
    return tuple(
        Binding(one["role"], tuple(one.get("members", ())), _expression(one.get("condition")))
        for one in answer["bindings"]
    )


def deny_rules(answer: Answer) -> tuple[DenyRule, ...]:
    """The rules of a deny policy."""
    rules = (one["denyRule"] for one in answer["rules"])
    return tuple(
        DenyRule(
            tuple(rule.get("deniedPrincipals", ())),
            tuple(rule.get("deniedPermissions", ())),
            tuple(rule.get("exceptionPrincipals", ())),
            tuple(rule.get("exceptionPermissions", ())),
            _expression(rule.get("denialCondition")),
        )
        for rule in rules
    )


def custom_roles(answer: Answer) -> tuple[CustomRole, ...]:
    """Custom roles with what they hold; a disabled one gives nothing to those who have it.

    https://cloud.google.com/iam/docs/creating-custom-roles#disabling-custom-role
    """
    return tuple(
        CustomRole(one["name"], () if one.get("stage") == "DISABLED" else tuple(one.get("includedPermissions", ())))
        for one in answer["roles"]
    )


def _expression(condition: Mapping[str, Any] | None) -> str:
    # Conditions without an expression are refused when they are set, so that one is a strange answer.
    return "" if condition is None else str(condition["expression"])
