"""What kind of principal a caller is, and the condition keys that follow from that.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.variables import Context
from providers.aws.policy.language.names import named

Kind = Literal["user", "role", "federated-user", "root", "service", "anonymous", "outside", "unclear"]
"""`role` is a role or a session of it. `outside`: no IAM principal, such as a web identity or an origin access
identity: only a resource policy can let it in."""

DERIVED_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principaltype",
        "aws:username",
        "aws:principalisawsservice",
        "aws:resourceaccount",
    }
)

_KINDS: Mapping[str, Kind] = MappingProxyType(
    {"user": "user", "role": "role", "assumed-role": "role", "federated-user": "federated-user"}
)
_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        "user": "User",
        "role": "AssumedRole",
        "federated-user": "FederatedUser",
        "root": "Account",
        "anonymous": "Anonymous",
    }
)
_SERVICE_LINKED = "aws-service-role/"


class Standing(msgspec.Struct, frozen=True):
    """A caller as the evaluation logic sees it."""

    kind: Kind
    account: str = ""
    arn: str = ""
    """What `aws:PrincipalArn` holds: for a session its role, whose path the session's ARN does not tell."""
    is_service_linked: bool = False

    @property
    def has_policies(self) -> bool:
        """Whether identity policies, a boundary and a session policy bear on it."""
        return self.kind in ("user", "role", "federated-user")


def standing(caller: Caller, context: Context) -> Standing:
    """The caller's standing. Keys of `context` are in lower case."""
    match caller.kind:
        case "anonymous":
            return Standing("anonymous")
        case "service":
            return Standing("service")
        case "federated" | "canonical":
            return Standing("outside")
        case "aws":
            return _of_arn(caller.text, context)


def _of_arn(text: str, context: Context) -> Standing:
    who = named(text)
    if who.kind == "identity":
        return Standing("outside")
    partition = text.split(":")[1] if text.startswith("arn:") else "aws"
    if who.kind == "account":
        return Standing("root", who.account, f"arn:{partition}:iam::{who.account}:root")
    if who.kind != "principal":
        return Standing("unclear")
    word, _, rest = who.resource.partition("/")
    arn = text
    if word == "assumed-role":
        arn = f"arn:{partition}:iam::{who.account}:role/{rest.rpartition('/')[0]}"
    told = context.get("aws:principalarn")
    role = (told if isinstance(told, str) else arn).partition(":role/")[2]
    linked = role.startswith(_SERVICE_LINKED) or (word == "assumed-role" and rest.startswith("AWSServiceRoleFor"))
    return Standing(_KINDS[word], who.account, arn, linked)


def completed(context: Context, who: Standing, resource_account: str, keys: frozenset[str]) -> Context:
    """The context with those of `keys` that follow from the caller and the resource, unless it holds them."""
    facts = {
        "aws:principalaccount": "anonymous" if who.kind == "anonymous" else who.account,
        "aws:principalarn": who.arn,
        "aws:principaltype": _TYPES.get(who.kind, ""),
        "aws:username": who.arn.rpartition("/")[2] if who.kind == "user" else "",
        "aws:principalisawsservice": _is_service(who),
        "aws:resourceaccount": resource_account,
    }
    return {key: value for key, value in facts.items() if value and key in keys} | dict(context)


def _is_service(who: Standing) -> str:
    if who.kind == "service":
        return "true"
    return "false" if who.account else ""
