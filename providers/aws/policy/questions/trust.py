"""Who outside a role's trust policy names, and whether it asks them for more than their name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html

Services that take on a role only for whoever passed it to them are no outside party: a role is passed within its own
account. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from providers.aws.policy.language.names import named
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Policy, PrincipalName, Statement
from providers.aws.policy.reference.identity_providers import host_of, identity_provider
from providers.aws.policy.reference.passed_roles import is_passed
from providers.aws.policy.symbolic.actions import covers
from providers.aws.policy.symbolic.providers import COGNITO, guests_of

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
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)
_TAG_OF_CALLER: Final = "aws:principaltag/"
_SECOND_FACTOR: Final = "aws:multifactorauthpresent"
"""What the console offers beside the external id for roles of other accounts: programs have no second factor.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html
"""
_SECOND_FACTOR_AGE: Final = "aws:multifactorauthage"

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


def _is_saml(statement: Statement) -> bool:
    principals = statement.principals
    return principals is not None and any(
        name.kind == "Federated" and ":saml-provider/" in name.text for name in principals.names
    )


def _kind(name: PrincipalName, account: str) -> TrustKind | None:
    """What the entry names; nothing for the own account and for nobody."""
    match name.kind:
        case "everyone":
            return "anyone"
        case "Service":
            return None if is_passed(name.text) else "service"
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
    if operator is None or operator.negated or condition.if_exists or condition.qualifier == "ForAllValues":
        return False
    if condition.key == _SECOND_FACTOR:
        return operator.kind == "bool" and all(value.lower() == "true" for value in condition.values)
    if condition.key == _SECOND_FACTOR_AGE:
        return operator.kind == "number"
    if operator.kind not in ("text", "arn", "address"):
        return False
    if any(not value.strip("*?:") or value in ("0.0.0.0/0", "::/0") for value in condition.values):
        return False
    if condition.key in _PROOFS or condition.key.startswith(_TAG_OF_CALLER):
        return True
    return _is_claim(condition, statement, host, wildcards=operator.wildcards)


def _is_claim(condition: Condition, statement: Statement, host: str, *, wildcards: bool) -> bool:
    """Whether the condition asks for a claim of the provider's tokens that says whose they are.

    Of SAML AWS asks for the audience, and any attribute is the provider's word; only the form of the subject is not.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
    """
    if not host:
        return condition.key.startswith("saml:") and condition.key != "saml:sub_type" and _is_saml(statement)
    owner, _, name = condition.key.rpartition(":")
    if owner != host.lower():
        return False
    if host == COGNITO:
        return name == "sub" or (name == "aud" and guests_of(statement.conditions, "2012-10-17") == "refused")
    provider = identity_provider(host)
    claim = None if provider is None else provider.claim(name)
    if claim is None:
        return name == "sub" or (name == "aud" and host.startswith("cognito-idp."))
    return claim.meaning == "tenant" and all(
        claim.naming(value, wildcards=wildcards) != "anyone" for value in condition.values
    )
