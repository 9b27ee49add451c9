"""Who makes a request, and whether a Principal element names them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.policy.language.names import Named, named
from providers.aws.policy.language.tree import Effect, PrincipalName, Principals
from scanner.ternary import Ternary, any_of

CallerKind = Literal["anonymous", "aws", "service", "federated", "canonical"]
Way = Literal["itself", "role", "account"]
"""How an element names a caller: by its own ARN or as one of everybody; by its role; by its account."""


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
        """A user, a role (any session of it), a role session or a federated user."""
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
    answers = [names(name, caller)[1] for name in principals.names]
    if not principals.negated:
        return any_of(answers)
    if not any(answer is None or answer for answer in answers):
        return True
    if any(name.kind == "everyone" for name in principals.names):
        return False
    if caller.kind != "aws":
        return False if True in answers else None
    return False if _is_spared(principals, named(caller.text), effect) else None


def names(name: PrincipalName, caller: Caller) -> tuple[Way, Ternary]:
    """Whether one entry names the caller, and how."""
    match name.kind:
        case "everyone":
            return "itself", None if caller.kind == "federated" else True
        case "AWS":
            return _names_aws(name.text, caller)
        case "Service":
            return "itself", _same(name.text, caller, "service")
        case "Federated":
            return "itself", _same(name.text, caller, "federated")
        case "CanonicalUser":
            return "account", None if caller.kind == "aws" else _same(name.text, caller, "canonical")


def _is_spared(principals: Principals, who: Named, effect: Effect) -> bool:
    """Whether NotPrincipal surely leaves the caller out.

    For a Deny, naming an account does not spare its principals, nor the reverse: account and user must both be
    named, and for a session its account and its role. An Allow leaves out whom it names.
    """
    entries = [named(name.text) for name in principals.names if name.kind == "AWS"]
    itself = any(_is_same(entry, who) for entry in entries)
    if effect == "Allow":
        return itself
    account = any(entry.kind == "account" and _share_account(entry, who) for entry in entries)
    if who.resource.startswith("assumed-role/"):
        itself = any(_share_account(entry, who) and _is_session_of(who.resource, entry.resource) for entry in entries)
    return itself and account


def _share_account(entry: Named, who: Named) -> bool:
    """Whether both are of one account of one partition. A number stands for the account in whichever partition."""
    return entry.account == who.account and (
        not entry.partition or not who.partition or entry.partition == who.partition
    )


def _is_same(entry: Named, who: Named) -> bool:
    return _share_account(entry, who) and (entry.kind, entry.resource) == (who.kind, who.resource)


def _same(text: str, caller: Caller, kind: CallerKind) -> Ternary:
    if caller.kind != kind:
        return False
    return None if "*" in text or "?" in text else text == caller.text


def _names_aws(text: str, caller: Caller) -> tuple[Way, Ternary]:
    if caller.kind not in ("aws", "canonical"):
        return "itself", False
    entry = named(text)
    if entry.kind == "nobody":
        return "itself", False
    if entry.kind == "unclear" or caller.kind == "canonical":
        return "itself", None
    who = named(caller.text)
    if entry.kind == "identity" or who.kind not in ("account", "principal"):
        return "itself", text == caller.text
    if not _share_account(entry, who):
        return "itself", False
    if entry.kind == "account":
        return "account", True
    return _names_principal(entry.resource, who.resource)


def _names_principal(entry: str, who: str) -> tuple[Way, Ternary]:
    """Two principals of one account."""
    if entry == who:
        # Whoever is known by the role alone is one of its sessions.
        return ("role" if who.startswith("role/") else "itself"), True
    if _is_session_of(who, entry):
        return "role", True
    if _is_session_of(entry, who):
        return "itself", None
    # Which user federated does not show in the ARN of a federated user.
    return "role", None if who.startswith("federated-user/") and entry.startswith("user/") else False


def _is_session_of(session: str, role: str) -> bool:
    """A role names its sessions too; a session's ARN carries the role's name without its path."""
    kind, _, rest = session.partition("/")
    if kind != "assumed-role" or not role.startswith("role/"):
        return False
    return role.rpartition("/")[2] == rest.rpartition("/")[0].rpartition("/")[2]
