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
            # Which canonical id a caller's account has does not show in an ARN.
            return ([], [(*CANONICAL, ANY_TEXT), _ARNS]) if wild else ([literal(CANONICAL + name.text)], [_ARNS])


def _of_aws(text: str) -> tuple[list[Pattern], list[Pattern]]:
    entry = named(text)
    match entry.kind:
        case "nobody":
            return [], []
        case "unclear":
            return [], [_ARNS, _CANONICALS]
        case "account":
            return [of_account(literal(entry.account), entry.partition)], [_CANONICALS]
        case "identity":
            return [literal(text)], [_CANONICALS]
        case "principal":
            return [literal(text), *_sessions(entry)], [*_unseen(entry), _CANONICALS]


def of_account(account: Pattern, partition: str = "") -> Pattern:
    """All principals of the accounts that a pattern matches; of any partition where none is given."""
    return (*"arn:", *(partition or (IN_PART,)), ":", IN_PART, *"::", *account, ":", ANY_TEXT)


def _sessions(entry: Named) -> list[Pattern]:
    """A role names its sessions too; a session's ARN carries the role's name without its path."""
    if not entry.resource.startswith("role/"):
        return []
    name = entry.resource.rpartition("/")[2]
    return [(*f"arn:{entry.partition}:sts::{entry.account}:assumed-role/{name}/", ANY_TEXT)]


def _unseen(entry: Named) -> list[Pattern]:
    """Callers that do not show whether they are the one who is named.

    Whoever is known by a role alone may be any session of it; which user federated does not show in the ARN.
    """
    kind, _, rest = entry.resource.partition("/")
    if kind == "user":
        return [(*f"arn:{entry.partition}:sts::{entry.account}:federated-user/", ANY_TEXT)]
    if kind != "assumed-role":
        return []
    start, name = f"arn:{entry.partition}:iam::{entry.account}:role/", rest.partition("/")[0]
    return [literal(start + name), (*start, ANY_TEXT, "/", *name)]


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
    for name in principals.names:
        if name.kind == "AWS":
            spared += _spared(name.text, entries, effect)
    # Surely spared: `spared`. Perhaps spared: whoever any entry names. The rest surely is not.
    return of_texts(spared, [*sure, *maybe], negated=True)


def _spared(text: str, entries: Sequence[Named], effect: Effect) -> list[Pattern]:
    """Whom naming a principal leaves out for certain.

    Of a Deny only where its account is named too; then a role leaves out its sessions, but a session alone not itself.
    """
    who = named(text)
    if who.kind != "principal":
        return []
    if effect == "Allow":
        return [literal(text)]
    account = any(
        e.kind == "account" and e.account == who.account and e.partition in ("", who.partition) for e in entries
    )
    if not account or who.resource.startswith("assumed-role/"):
        return []
    return [literal(text), *_sessions(who)]
