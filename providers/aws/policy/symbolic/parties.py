"""The kinds of outsiders that could come by a statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from providers.aws.policy.language.names import Named, named
from providers.aws.policy.language.tree import Statement
from providers.aws.policy.reference.identity_providers import host_of
from providers.aws.policy.reference.passed_roles import is_passed
from providers.aws.policy.reference.services import ResourceKind
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.keys import NETWORK_KEYS
from providers.aws.policy.symbolic.providers import guests_of, reach_of
from providers.aws.policy.symbolic.scene import SIGNED, OutsideLevel, Owner, Party, ResourceContext
from scanner.access.work import Work

SOURCE_KEYS: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths")
TELLING_KEYS: Final = frozenset({"aws:principalarn", "aws:username", "aws:principaltype", "aws:userid"})
"""Keys by which the kinds of principals differ."""
_BY_TOKEN: Final = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
_FUNCTION_URL: Final = "lambda:functionurlauthtype"
_BY_URL: Final = "lambda:InvokeFunctionUrl"


class Visit(msgspec.Struct, frozen=True):
    """What is asked about, for everybody who comes by."""

    document: Documents
    owner: Owner
    resource: ResourceContext
    kind: ResourceKind
    level: OutsideLevel
    work: Work = msgspec.field(default_factory=Work)
    """What all questions of the visit together may cost."""


def parties(statement: Statement, action: str, visit: Visit) -> Iterator[Party]:
    """Everybody who could come by the statement and is not of the owner's account."""
    for party in _parties(statement, action, visit):
        yield party
        if party.kind in ("anonymous", "exact", *SIGNED) and not NETWORK_KEYS.isdisjoint(visit.document.seen):
            yield msgspec.structs.replace(party, by_endpoint=True)


def _parties(statement: Statement, action: str, visit: Visit) -> Iterator[Party]:
    principals = statement.principals
    by_token = action in _BY_TOKEN
    everyone = principals is None or principals.negated or any(name.kind == "everyone" for name in principals.names)
    if everyone and by_token:
        yield Party("federated")
    elif everyone:
        if _serves_unsigned(action, visit):
            yield Party("anonymous")
        yield from _principals(visit)
        sourced = any(condition.key in SOURCE_KEYS for condition in statement.conditions)
        if "service" in visit.kind.parties and (visit.level == "named" or sourced):
            yield Party("service")
    if principals is None or principals.negated:
        return
    for name in principals.names:
        match name.kind:
            case "AWS" if visit.level == "named" and not by_token:
                yield from _named(name.text, visit)
            case "CanonicalUser" if visit.level == "named" and visit.owner.canonical_id != name.text:
                yield Party("canonical", name.text)
            case "Service" if visit.level == "named" and not by_token and not _is_bound(action, name.text, visit):
                yield Party("service", name.text)
            case "Federated" if _takes(action, name.text) and _reaches(name.text, visit):
                yield Party(
                    "federated", name.text, guests=guests_of(statement.conditions, visit.document.version(statement))
                )


def _serves_unsigned(action: str, visit: Visit) -> bool:
    if visit.kind.unsigned == "function-url":
        return visit.resource.settings.get(_FUNCTION_URL) == "NONE" and action == _BY_URL
    return visit.kind.unsigned == "served" and "anonymous" in visit.kind.parties


def _principals(visit: Visit) -> Iterator[Party]:
    """Principals of any account; of every kind only where the document tells them apart."""
    telling = not TELLING_KEYS.isdisjoint(visit.document.seen)
    yield from (Party(kind) for kind in (SIGNED if telling else SIGNED[:1]))


def _named(text: str, visit: Visit) -> Iterator[Party]:
    who = named(text)
    match who.kind:
        case "account" | "unclear" if who.account != visit.owner.account and _is_near(who, visit):
            yield from _principals(visit)
        case "principal" if who.account != visit.owner.account and who.partition == visit.owner.partition:
            yield Party("exact", text)
        case "identity" if who.resource not in (visit.owner.origin_access_identities or ()):
            yield Party("exact", text)


def _is_near(who: Named, visit: Visit) -> bool:
    """Whether the entry is not of another partition, whose principals never come here."""
    return who.partition in ("", visit.owner.partition)


def is_hearsay(action: str, party: Party, visit: Visit) -> bool:
    """Whether an allowed request proves nothing, because nobody says that such outsiders can make it.

    Other customers may or may not be able to make a service take on a role; strangers may or may not get a token;
    whose an origin access identity or a canonical id is may not have been read.
    """
    owner = visit.owner
    if party.kind == "federated":
        return False
    if party.kind == "canonical":
        return owner.canonical_id is None
    if party.kind == "exact" and named(party.name).kind == "identity":
        return owner.origin_access_identities is None
    return action == "sts:AssumeRole" and party.kind == "service"


def _reaches(provider: str, visit: Visit) -> bool:
    return visit.level == "named" or reach_of(provider) != "limited"


def _is_bound(action: str, service: str, visit: Visit) -> bool:
    return action == "sts:AssumeRole" and is_passed(service, visit.resource.arn)


def _takes(action: str, provider: str) -> bool:
    """Whether the action is one for tokens of the provider; actions outside STS are left open."""
    if action == "sts:AssumeRoleWithSAML":
        return not host_of(provider)
    if action == "sts:AssumeRoleWithWebIdentity":
        return bool(host_of(provider))
    return not action.startswith("sts:")
