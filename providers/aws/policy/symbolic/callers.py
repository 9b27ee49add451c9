"""Callers as texts, so that principals and the keys about them are patterns over one attribute.

An ARN stands for itself; `anonymous`, `service:HOST`, `federated:PROVIDER` and `canonical:ID` for the others.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from providers.aws.policy.language.names import Named, named
from providers.aws.policy.language.tree import Effect, PrincipalName, Principals
from providers.aws.policy.symbolic.pair import HOLDS, Pair, of_texts
from providers.aws.policy.symbolic.patterns import IN_PART, literal
from scanner.access.text import ANY_TEXT, Pattern

ANONYMOUS: Final = "anonymous"
SERVICE: Final = "service:"
FEDERATED: Final = "federated:"
CANONICAL: Final = "canonical:"
_ARNS: Final[Pattern] = (*"arn:", ANY_TEXT)
# Whose account a canonical id stands for is not known here.
_CANONICALS: Final[Pattern] = (*CANONICAL, ANY_TEXT)


def is_named(principals: Principals | None, effect: Effect) -> Pair:
    """Whether the element names the caller. An identity policy, which has none, is about its holder."""
    if principals is None:
        return HOLDS
    if principals.negated:
        return _is_not_named(principals, effect)
    sure, maybe = _patterns(principals.names)
    return of_texts(sure, maybe)


def _patterns(names: Iterable[PrincipalName]) -> tuple[list[Pattern], list[Pattern]]:
    sure: list[Pattern] = []
    maybe: list[Pattern] = []
    for name in names:
        surely, perhaps = _of(name)
        sure += surely
        maybe += perhaps
    return sure, maybe


def _of(name: PrincipalName) -> tuple[list[Pattern], list[Pattern]]:
    """Callers that an entry surely names, and others that it may name."""
    wild = "*" in name.text or "?" in name.text
    match name.kind:
        case "everyone":
            # AWS does not say whether everyone includes those who come with a token of an identity provider.
            everyone = [literal(ANONYMOUS), _ARNS, (*SERVICE, ANY_TEXT), (*CANONICAL, ANY_TEXT)]
            return everyone, [(*FEDERATED, ANY_TEXT)]
        case "AWS":
            return _of_aws(name.text)
        case "Service":
            return ([], [(*SERVICE, ANY_TEXT)]) if wild else ([literal(SERVICE + name.text)], [])
        case "Federated":
            return ([], [(*FEDERATED, ANY_TEXT)]) if wild else ([literal(FEDERATED + name.text)], [])
        case "CanonicalUser":
            return ([], [(*CANONICAL, ANY_TEXT)]) if wild else ([literal(CANONICAL + name.text)], [])


def _of_aws(text: str) -> tuple[list[Pattern], list[Pattern]]:
    entry = named(text)
    match entry.kind:
        case "nobody":
            return [], []
        case "unclear":
            return [], [_ARNS, _CANONICALS]
        case "account":
            return [of_account(literal(entry.account))], [_CANONICALS]
        case "identity":
            return [literal(text)], [_CANONICALS]
        case "principal":
            return [literal(text), *_sessions(text, entry.account, entry.resource)], [_CANONICALS]


def of_account(account: Pattern) -> Pattern:
    """All principals of the accounts that a pattern matches."""
    return (*"arn:", IN_PART, ":", IN_PART, *"::", *account, ":", ANY_TEXT)


def _sessions(arn: str, account: str, resource: str) -> list[Pattern]:
    """A role names its sessions too; a session's ARN carries the role's name without its path."""
    if not resource.startswith("role/"):
        return []
    partition = arn.split(":", 2)[1]
    name = resource.rpartition("/")[2]
    return [(*f"arn:{partition}:sts::{account}:assumed-role/{name}/", ANY_TEXT)]


def _is_not_named(principals: Principals, effect: Effect) -> Pair:
    """Everybody else. A Deny spares only those whose principal and account are both named.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    sure, maybe = _patterns(principals.names)
    if any(name.kind == "everyone" for name in principals.names):
        return of_texts(sure, maybe, negated=True)
    entries = [named(name.text) for name in principals.names if name.kind == "AWS"]
    spared = [literal(SERVICE + n.text) for n in principals.names if n.kind == "Service"]
    spared += [literal(FEDERATED + n.text) for n in principals.names if n.kind == "Federated"]
    spared += [literal(CANONICAL + n.text) for n in principals.names if n.kind == "CanonicalUser"]
    spared += [literal(n.text) for n in principals.names if n.kind == "AWS" and _is_spared(n.text, entries, effect)]
    # Surely spared: `spared`. Perhaps spared: whoever any entry names. The rest surely is not.
    return of_texts(spared, [*sure, *maybe], negated=True)


def _is_spared(text: str, entries: Sequence[Named], effect: Effect) -> bool:
    """Whether naming a principal leaves it out for certain.

    Of a Deny only where its account is named too, and for a session its role: a role itself makes no request.
    """
    who = named(text)
    if who.kind != "principal" or effect == "Allow":
        return who.kind == "principal"
    account = any(entry.kind == "account" and entry.account == who.account for entry in entries)
    if not who.resource.startswith("assumed-role/"):
        return account and not who.resource.startswith("role/")
    role = who.resource.split("/")[1]
    return account and any(
        entry.account == who.account and entry.resource.startswith("role/") and entry.resource.endswith(f"/{role}")
        for entry in entries
    )
