"""Who makes a request, and whether a Principal element names them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.policy.concrete.ternary import Ternary, any_of
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Effect, PrincipalName, Principals

CallerKind = Literal["anonymous", "aws", "service", "federated", "canonical"]


class Caller(msgspec.Struct, frozen=True):
    """The party that makes a request."""

    kind: CallerKind
    text: str = ""
    """An ARN or a 12-digit account, a service's host name, an identity provider, or a canonical user id."""

    @classmethod
    def anonymous(cls) -> Caller:
        """A request without a signature."""
        return cls("anonymous")

    @classmethod
    def arn(cls, arn: str) -> Caller:
        """A user, a role, a role session or a federated user."""
        return cls("aws", arn)

    @classmethod
    def account(cls, account: str) -> Caller:
        """The root of an account, standing for whoever its administrators choose."""
        return cls("aws", account)

    @classmethod
    def service(cls, host: str) -> Caller:
        """An AWS service."""
        return cls("service", host)

    @classmethod
    def federated(cls, provider: str) -> Caller:
        """Somebody whom an identity provider vouches for."""
        return cls("federated", provider)

    @classmethod
    def canonical(cls, user_id: str) -> Caller:
        """An account, known by its canonical user id only."""
        return cls("canonical", user_id)

    def words(self) -> str:
        """The caller for a reader."""
        return "anyone, unsigned" if self.kind == "anonymous" else self.text


def is_named(principals: Principals | None, caller: Caller, effect: Effect) -> Ternary:
    """Whether the element matches the caller. An identity policy, which has none, matches its holder."""
    if principals is None:
        return True
    if not principals.negated:
        return any_of(_matches(name, caller) for name in principals.names)
    answers = [_matches(name, caller) for name in principals.names]
    if not any(answer is None or answer for answer in answers):
        return True
    if any(name.kind == "everyone" for name in principals.names):
        return False
    if caller.kind != "aws":
        return False if True in answers else None
    # Naming an account does not spare its principals, nor the reverse: account and principal must both be named.
    entries = [named(name.text) for name in principals.names if name.kind == "AWS"]
    who = named(caller.text)
    spared = any(e == who for e in entries) and any(e.kind == "account" and e.account == who.account for e in entries)
    is_session = who.resource.startswith("assumed-role/")
    return False if spared and not is_session and effect == "Deny" else None


def _matches(name: PrincipalName, caller: Caller) -> Ternary:
    match name.kind:
        case "everyone":
            return None if caller.kind == "federated" else True
        case "AWS":
            return _matches_aws(name.text, caller)
        case "Service":
            return _same(name.text, caller, "service")
        case "Federated":
            return _same(name.text, caller, "federated")
        case "CanonicalUser":
            return None if caller.kind == "aws" else _same(name.text, caller, "canonical")


def _same(text: str, caller: Caller, kind: CallerKind) -> Ternary:
    if caller.kind != kind:
        return False
    return None if "*" in text or "?" in text else text == caller.text


def _matches_aws(text: str, caller: Caller) -> Ternary:
    if caller.kind not in ("aws", "canonical"):
        return False
    entry = named(text)
    if entry.kind == "nobody":
        return False
    if entry.kind == "unclear" or caller.kind == "canonical":
        return None
    if entry.kind == "identity":
        return text == caller.text
    who = named(caller.text)
    if who.kind not in ("account", "principal"):
        return text == caller.text
    if entry.account != who.account:
        return False
    return entry.kind == "account" or entry.resource == who.resource or _is_session_of(who.resource, entry.resource)


def _is_session_of(session: str, role: str) -> bool:
    """A role names its sessions too; a session's ARN carries the role's name without its path."""
    kind, _, rest = session.partition("/")
    return kind == "assumed-role" and role.startswith("role/") and role.rpartition("/")[2] == rest.partition("/")[0]
