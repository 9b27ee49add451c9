"""What a request carries when an insider makes it: facts of the caller, a benign setting, and what it may choose.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from math import prod
from typing import Final

import msgspec

from providers.aws.policy.escalation.oracle import Known
from providers.aws.policy.escalation.principals import Principal
from providers.aws.policy.language.tree import Condition, Statement

_BENIGN: Final[Mapping[str, str]] = {
    "aws:securetransport": "true",
    "aws:multifactorauthpresent": "true",
    "aws:multifactorauthage": "1",
    "aws:viaawsservice": "false",
}
_NEVER: Final = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:principalservicename")
_CHOSEN: Final = frozenset(
    {
        "aws:requestedregion",
        "aws:sourcearn",
        "cognito-identity.amazonaws.com:amr",
        "cognito-identity.amazonaws.com:aud",
        "sts:externalid",
        "sts:rolesessionname",
        "sts:sourceidentity",
    }
)
_GLOBAL: Final = ("iam:", "organizations:")
_REGION: Final = "us-east-1"
_MOST_CHOICES: Final = 256


class Setting(msgspec.Struct, frozen=True):
    """The values that are known of a request, and the prefixes of keys known to be absent."""

    context: Mapping[str, str]
    absent: tuple[str, ...]

    def knows(self, key: str) -> bool:
        """Whether the key's value, or its absence, is known."""
        return key in self.context or any(
            key.startswith(name) if name.endswith("/") else key == name for name in self.absent
        )


def setting_of(principal: Principal, account: str, action: str, known: Known, at: str | None) -> Setting:
    """What is known of a request of the principal. Tags of a role are not: a session may bring others."""
    context = {**_BENIGN, "aws:principalaccount": account}
    context["aws:principalarn"] = principal.arn
    context["aws:principaltype"] = "User" if principal.kind == "user" else "AssumedRole"
    absent = list(_NEVER)
    if principal.kind == "user":
        context["aws:username"] = principal.arn.rpartition("/")[2]
        if principal.tags is not None:
            context.update((f"aws:principaltag/{key.lower()}", value) for key, value in principal.tags)
            absent.append("aws:principaltag/")
    else:
        absent.append("aws:username")
    if at:
        context["aws:currenttime"] = at
    if action.lower().startswith(_GLOBAL):
        context["aws:requestedregion"] = _REGION
    context.update(known.present)
    gone = {name for name in known.absent if not name.endswith("/")} - dict(known.present).keys()
    return Setting({key: value for key, value in context.items() if key not in gone}, (*absent, *known.absent))


class TooManyError(Exception):
    """More choices than are tried."""


def choices(statements: Iterable[Statement], setting: Setting) -> list[Setting]:
    """The setting with every sensible choice of what the caller may choose: a value of its own, or one asked for.

    Raises TooManyError rather than leave some out.
    """
    wanted: dict[str, dict[str, None]] = {}
    for condition in (condition for statement in statements for condition in statement.conditions):
        if condition.key in _CHOSEN and not setting.knows(condition.key):
            asked = wanted.setdefault(condition.key, {_own(condition.key): None})
            asked.update((_filled(value), None) for value in condition.values if "${" not in value)
    if prod(map(len, wanted.values())) > _MOST_CHOICES:
        raise TooManyError
    return [
        Setting({**setting.context, **dict(zip(wanted, values, strict=True))}, setting.absent)
        for values in product(*wanted.values())
    ]


def words(condition: Condition) -> str:
    """A condition for a reader."""
    qualifier = f"{condition.qualifier} " if condition.qualifier else ""
    return f"{qualifier}{condition.key} {condition.operator} {' or '.join(condition.values)}"


def _own(key: str) -> str:
    return _REGION if key == "aws:requestedregion" else "chosen-by-the-caller"


def _filled(value: str) -> str:
    return value.replace("*", "x").replace("?", "x")
