"""From AWS documents to the common answers: whom a policy lets in, who takes on a role, what policies allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar, get_args

from providers.aws.documents import Document
from providers.aws.policy.language.names import named
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed
from providers.aws.policy.questions import outsiders as questions
from providers.aws.policy.questions import witnesses
from providers.aws.policy.questions.powers import Answer, powers
from providers.aws.policy.questions.trust import external_trust
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from scanner.access import Access, Allowed, Escalation, Hop, Layer, Powers, Undecided, Verb, Who, Witness
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
    text: str | Unread | None, owner: Owner, resource: ResourceContext, kind: str, name: str
) -> tuple[Layer, Layer]:
    """What a resource policy lets outsiders do: by itself, and by way of services that others can steer."""
    services = services_of(name)
    if text is None:
        return Layer(name), Layer(services)
    if isinstance(text, Unread):
        return Layer(name, unread=text), Layer(services, unread=text)
    parsed = parse(text)
    if isinstance(parsed, Malformed):
        doubt = f"the document cannot be read at {parsed.pointer or '/'}: {parsed.why}"
        undecided = tuple(Undecided(who, verb, doubt) for who in get_args(Who) for verb in get_args(Verb))
        return Layer(name, undecided=undecided), Layer(services, undecided=undecided)
    known_kind = resource_kind(kind)
    if known_kind is None:
        raise ValueError(f"no kind of resource is called {kind}")
    return outside_layers(questions.outsiders(parsed, owner, resource, known_kind), name)


def services_of(name: str) -> str:
    """The name of the layer for services that others can steer."""
    return f"{name} for services of AWS"


def outside_layers(outside: questions.Outside, name: str) -> tuple[Layer, Layer]:
    """Answers about outsiders as layers: for all, and for services that others can steer."""
    undecided = tuple(
        Undecided(doubt.who, verb, f"{doubt.statement}: {doubt.why}")
        for doubt in outside.undecided
        for verb in doubt.verbs
    )
    services = services_of(name)
    return (
        Layer(name, _allowed(outside.allowed, name, services=False), undecided),
        Layer(services, _allowed(outside.allowed, services, services=True)),
    )


def _allowed(found: Iterable[questions.Allowed], via: str, *, services: bool) -> tuple[Allowed, ...]:
    return tuple(
        Allowed(one.who, one.text, one.verb, via, witness_of(one.witness), one.flags)
        for one in found
        if (questions.CONFUSED_DEPUTY in one.flags) is services
    )


def witness_of(witness: witnesses.Witness) -> Witness:
    """A witness of the policy language, in the common words."""
    return Witness(witness.principal, witness.action, witness.resource, dict(witness.context), witness.statement)


def owner_of(resource: Resource) -> Owner:
    """Whose the resource is."""
    return Owner(resource.scope.account, resource.scope.partition)


def context_of(resource: Resource) -> ResourceContext:
    """The resource, as of when it was read."""
    return ResourceContext(resource.uid, resource.taken_at.isoformat())


# --- identities -----------------------------------------------------------------------------------------------


def role_trust(role: Resource, policy: str) -> Access:
    """Who outside may take a role on."""
    return Access(policy_layers(policy, owner_of(role), context_of(role), "iam-role", TRUST), (), GUARDRAILS)


def unconditioned_parties(account: str, policy: str, management: Callable[[], str | None]) -> tuple[str, ...]:
    """Named parties outside an account that a trust policy admits under no condition that narrows them.

    Not the account that manages the organisation, which is asked for only where another account is admitted so. Raises
    UnreadFact where that is not known and no party of another kind is there.
    """
    parsed = parse(policy)
    if isinstance(parsed, Malformed):
        raise UnreadFact(Unread("failed", detail=f"the trust policy cannot be read: {parsed.why}"))
    found = [one for one in external_trust(parsed, account) if not one.conditioned and one.kind != "anyone"]
    if any(one.kind == "account" for one in found):
        manager = known(management)
        others = [one for one in found if one.kind != "account"]
        if isinstance(manager, Unread) and not others:
            raise UnreadFact(manager)
        if not isinstance(manager, Unread):
            others = [one for one in found if one.kind != "account" or named(one.party).account != manager]
        found = others
    return tuple(dict.fromkeys(f"{one.kind} {one.party}" for one in found))


def powers_of(documents: Sequence[Document], boundary: Document | None, at: datetime) -> Powers:
    """What documents allow together, within a boundary, at a time."""
    answer = powers(
        [parse(document.text) for document in documents],
        parse(boundary.text) if boundary else None,
        at=at.isoformat(),
    )
    return Powers(_grants(answer.full_admin, documents), _grants(answer.can_become_admin, documents))


def _grants(answer: Answer, documents: Sequence[Document]) -> tuple[str, ...] | Unread:
    if answer.verdict == "unknown":
        return Unread("not-yet-known", detail=answer.why)
    if answer.verdict == "no":
        return ()
    indices = dict.fromkeys(int(statement.partition("#")[0]) for statement in answer.statements)
    return tuple(documents[index].name for index in indices)


def by_grants(powers: Powers) -> Escalation:
    """What a group's grants let each of its members do alone, where they do not hold everything already."""
    if powers.everything and not isinstance(powers.everything, Unread):
        return Escalation()
    if isinstance(powers.escalation, Unread):
        return Escalation(powers.escalation)
    return Escalation(tuple(Hop(f"use what {grant} allows", "everything") for grant in powers.escalation[:1]))
