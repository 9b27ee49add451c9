"""Who outside a role's trust policy names, and whether it asks them for more than their name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from providers.aws.policy.language.names import named
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Policy, PrincipalName, Statement
from providers.aws.policy.reference.identity_providers import host_of
from providers.aws.policy.symbolic.actions import covers
from providers.aws.policy.symbolic.providers import guests_of

TrustKind = Literal["anyone", "account", "service", "identity-provider", "unclear"]
_PROOFS: Final = frozenset(
    {
        "sts:externalid",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalarn",
        "aws:principalaccount",
        "aws:userid",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
    }
)


_ASSUMING: Final = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")


class Trust(msgspec.Struct, frozen=True):
    """An outside party that may take on the role."""

    kind: TrustKind
    party: str
    conditioned: bool
    """Whether a condition that a caller cannot leave out asks for a proof: an external id, a source, a subject."""
    conditions: tuple[str, ...]
    """The keys of those conditions, in lower case."""
    statement: str


def external_trust(policy: Policy, account: str) -> tuple[Trust, ...]:
    """Outside parties that the Allow statements name. Denies are not weighed; `outsiders` does that."""
    return tuple(
        trust
        for statement in policy.statements
        if statement.effect == "Allow" and _is_about_assuming(statement)
        for trust in _of(statement, account)
    )


def _is_about_assuming(statement: Statement) -> bool:
    return any(covers(statement.actions, name) != "no" for name in _ASSUMING)


def _of(statement: Statement, account: str) -> Iterator[Trust]:
    principals = statement.principals
    if principals is None or principals.negated:
        yield _trust("anyone", "everyone not named", statement, "")
        return
    for name in principals.names:
        kind = _kind(name, account)
        if kind is not None:
            provider = host_of(name.text) if name.kind == "Federated" else ""
            yield _trust(kind, "everyone" if name.kind == "everyone" else name.text, statement, provider)


def _kind(name: PrincipalName, account: str) -> TrustKind | None:
    """What the entry names; nothing for the own account and for nobody."""
    match name.kind:
        case "everyone":
            return "anyone"
        case "Service":
            return "service"
        case "Federated":
            return "identity-provider"
        case "CanonicalUser":
            return "unclear"
        case "AWS":
            who = named(name.text)
            if who.kind == "nobody" or who.account == account:
                return None
            return "unclear" if who.kind in ("unclear", "identity") else "account"


def _trust(kind: TrustKind, party: str, statement: Statement, host: str) -> Trust:
    keys = tuple(dict.fromkeys(c.key for c in statement.conditions if _is_proof(c, statement, host)))
    return Trust(kind, party, bool(keys), keys, statement.pointer)


def _is_proof(condition: Condition, statement: Statement, host: str) -> bool:
    """Whether the caller must bring a value that the condition fixes at least in part."""
    operator = OPERATORS.get(condition.operator)
    if operator is None or operator.negated or operator.kind not in ("text", "arn", "address"):
        return False
    if condition.if_exists or condition.qualifier == "ForAllValues":
        return False
    if any(not value.strip("*?:") or value in ("0.0.0.0/0", "::/0") for value in condition.values):
        return False
    if condition.key in _PROOFS:
        return True
    claims = ("sub", "amr") if not host.startswith("cognito") else ("sub", "aud")
    if host == "cognito-identity.amazonaws.com" and guests_of(statement.conditions, "2012-10-17") != "refused":
        return condition.key == f"{host}:sub"
    return bool(host) and condition.key in {f"{host.lower()}:{claim}" for claim in (*claims, "app_id")}
