"""From AWS documents to the common answers: whom a policy lets in, who takes on a role, what policies allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar, get_args

from providers.aws import policy as language
from providers.aws.documents import Document
from scanner.access import Access, Allowed, Layer, Powers, Undecided, Verb, Who, Witness
from scanner.facts import Unread, UnreadFact
from scanner.model import Resource

T = TypeVar("T")

TRUST = "trust policy"
GUARDRAILS = ("organisation guardrails not read",)


def known(read: Callable[[], T]) -> T | Unread:
    """A fact's value, or why it was not read."""
    try:
        return read()
    except UnreadFact as gap:
        return gap.unread[0]


# --- documents ------------------------------------------------------------------------------------------------


def policy_layers(
    text: str | Unread | None,
    resource: Resource,
    table: language.VerbTable,
    name: str,
    services: str,
    canonical_id: str | None = None,
) -> tuple[Layer, Layer]:
    """What a resource policy lets outsiders do: by itself, and by way of services that others can steer."""
    if text is None:
        return Layer(name), Layer(services)
    if isinstance(text, Unread):
        return Layer(name, unread=text), Layer(services, unread=text)
    parsed = language.parse(text)
    if isinstance(parsed, language.Malformed):
        doubt = f"the document cannot be read at {parsed.pointer or '/'}: {parsed.why}"
        undecided = tuple(Undecided(who, verb, doubt) for who in get_args(Who) for verb in get_args(Verb))
        return Layer(name, undecided=undecided), Layer(services, undecided=undecided)
    scope = resource.scope
    owner = language.Owner(scope.account, scope.partition, canonical_id=canonical_id)
    at = resource.taken_at.isoformat()
    outside = language.outsiders(parsed, owner, language.ResourceContext(resource.uid, at), table)
    undecided = tuple(
        Undecided(doubt.who, verb, f"{doubt.statement}: {doubt.why}")
        for doubt in outside.undecided
        for verb in doubt.verbs
    )
    return (
        Layer(name, _allowed(outside.allowed, name, services=False), undecided),
        Layer(services, _allowed(outside.allowed, services, services=True)),
    )


def _allowed(found: Iterable[language.Allowed], via: str, *, services: bool) -> tuple[Allowed, ...]:
    return tuple(
        Allowed(one.who, one.text, one.verb, via, witness_of(one.witness))
        for one in found
        if ("confused-deputy" in one.flags) is services
    )


def witness_of(witness: language.Witness) -> Witness:
    """A witness of the policy language, in the common words."""
    return Witness(witness.principal, witness.action, witness.resource, dict(witness.context), witness.statement)


# --- identities -----------------------------------------------------------------------------------------------


def role_trust(role: Resource, policy: str) -> Access:
    """Who outside may take a role on."""
    own, services = policy_layers(policy, role, language.ROLE_TRUST, TRUST, f"{TRUST} for services of AWS")
    return Access((own, services), (), GUARDRAILS)


def unconditioned_parties(account: str, policy: str) -> tuple[str, ...]:
    """Named parties outside an account that a trust policy admits under no condition that narrows them."""
    parsed = language.parse(policy)
    if isinstance(parsed, language.Malformed):
        raise UnreadFact(Unread("failed", detail=f"the trust policy cannot be read: {parsed.why}"))
    found = language.external_trust(parsed, account)
    return tuple(
        dict.fromkeys(f"{one.kind} {one.party}" for one in found if not one.conditioned and one.kind != "anyone")
    )


def powers_of(documents: Sequence[Document], boundary: Document | None, at: datetime) -> Powers:
    """What documents allow together, within a boundary, at a time."""
    answer = language.powers(
        [language.parse(document.text) for document in documents],
        language.parse(boundary.text) if boundary else None,
        at=at.isoformat(),
    )
    return Powers(_grants(answer.full_admin, documents), _grants(answer.can_become_admin, documents))


def _grants(answer: language.Answer, documents: Sequence[Document]) -> tuple[str, ...] | Unread:
    if answer.verdict == "unknown":
        return Unread("not-yet-known", detail=answer.why)
    if answer.verdict == "no":
        return ()
    indices = dict.fromkeys(int(statement.partition("#")[0]) for statement in answer.statements)
    return tuple(documents[index].name for index in indices)
