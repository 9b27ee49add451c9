"""Rows of an answer: how a principal gets there, under which conditions, and a request that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from providers.aws.answers.reads import Named, Principal
from providers.aws.answers.target import Aim
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, applies
from providers.aws.policy.language.tree import Policy, Statement
from providers.aws.policy.questions.abilities import Abilities, Ability, Granted, Holder, Target
from providers.aws.policy.questions.plain_words import all_in_words, in_words
from providers.aws.policy.symbolic.scene import Owner, Party
from scanner.access import Witness
from scanner.questions import Row


def abilities_of(principal: Principal) -> Abilities:
    """What a principal's documents let it do."""
    owner = Owner(principal.account, principal.partition)
    party = Party("exact", principal.uid, tags=None if _lost_tags(principal) else principal.tags)
    boundary = principal.boundary.policy if principal.boundary else None
    grants = tuple(one.policy for one in principal.documents)
    return Abilities(Holder(party, owner, grants, boundary, at=principal.at))


def _lost_tags(principal: Principal) -> bool:
    return any(gap.fact.endswith(".tags") for gap in principal.unread)


def row_of(principal: Principal, abilities: Abilities, aim: Aim, ability: Ability) -> Row | None:
    """The row of a principal; nothing if it cannot do it."""
    if ability.answer is False:
        if principal.unread or aim.doubt:
            return Row("unknown", principal.uid, (), why=aim.doubt or unread_words(principal))
        return None
    path = tuple(_step(one, principal, aim) for one in ability.granted)
    if ability.answer is None or aim.doubt:
        return Row("unknown", principal.uid, path, why=aim.doubt or ability.why)
    if principal.boundary is None and _lost_boundary(principal):
        return Row("unknown", principal.uid, path, why=unread_words(principal))
    witness = _witness(ability)
    plain = plain_request(principal, aim, ability.request.resource) if ability.request else None
    if plain is not None and abilities.allows(plain, aim.target):
        return Row("always", principal.uid, path, (), _shown(plain, ability))
    return Row("under conditions", principal.uid, path, tuple(_conditions(principal, aim, ability, plain)), witness)


def _lost_boundary(principal: Principal) -> bool:
    return bool(principal.unread)


def unread_words(principal: Principal) -> str:
    """What of a principal was not read, with the permission."""
    gap = principal.unread[0]
    needs = f"; needs {', '.join(gap.needs)}" if gap.needs else ""
    return f"{gap.fact or 'a policy'} of {principal.name} was not read ({gap.why}){needs}"


def plain_request(principal: Principal, aim: Aim, resource: str) -> Request:
    """The request as somebody sends it who brings nothing special along."""
    context = {
        "aws:securetransport": "true",
        "aws:currenttime": principal.at,
        "aws:principalaccount": principal.account,
    }
    context |= {f"aws:principaltag/{name}": value for name, value in principal.tags.items()}
    if principal.uid.split(":", 5)[5].startswith("user/"):
        context["aws:username"] = principal.name
    return Request(Caller.arn(principal.uid), aim.action, resource, context)


def _step(granted: Granted, principal: Principal, aim: Aim) -> str:
    document = _document(granted, principal, aim)
    pointer = granted.statement.pointer
    return f"{document}{f' {pointer}' if pointer else ''} allows it"


def _document(granted: Granted, principal: Principal, aim: Aim) -> str:
    if granted.layer == "resource":
        return aim.policy.name if aim.policy else "resource policy"
    if granted.layer == "boundary":
        return principal.boundary.name if principal.boundary else "boundary"
    return f"policy {principal.documents[granted.document].name}"


def _witness(ability: Ability) -> Witness | None:
    found = ability.witness
    if found is None:
        return None
    return Witness(found.principal, found.action, found.resource, dict(found.context), found.statement)


def _shown(plain: Request, ability: Ability) -> Witness:
    pointer = ability.granted[0].statement.pointer if ability.granted else ""
    return Witness(plain.principal.text, plain.action, plain.resource, {}, pointer)


def _conditions(principal: Principal, aim: Aim, ability: Ability, plain: Request | None) -> Iterator[str]:
    """What the request must satisfy besides: conditions that let it, and denials that it has to stay clear of."""
    said: dict[str, None] = {}
    for granted in ability.granted:
        said.update(dict.fromkeys(in_words(condition) for condition in granted.statement.conditions))
    for named in _documents(principal, aim):
        for deny in _denials(named, plain):
            words = all_in_words(deny.conditions) or "ever"
            said[f"not {words} ({named.name} {deny.pointer} denies it)"] = None
    yield from said


def _documents(principal: Principal, aim: Aim) -> Iterator[Named]:
    yield from principal.documents
    yield from (one for one in (principal.boundary, aim.policy) if one is not None)


def _denials(named: Named, plain: Request | None) -> Iterator[Statement]:
    """Denials that stand against the plain request."""
    if plain is not None and isinstance(named.policy, Policy):
        for statement in named.policy.statements:
            if statement.effect == "Deny" and applies(statement, plain, named.policy.version) is not False:
                yield statement


def one_hop(principal: Principal, role: Principal, first: Row, then: Row) -> Row:
    """The row of somebody who first takes on a role that can."""
    path = (f"takes on {role.uid}", *first.path, *(f"as {role.name}: {step}" for step in then.path))
    return Row("one hop away", principal.uid, path, (*first.conditions, *then.conditions), first.witness)


def as_target(role: Principal) -> Target:
    """The role as something to be taken on."""
    policy = role.trust.policy if role.trust else None
    return msgspec.structs.replace(Target(role.uid, account=role.account), policy=policy, alone=True, element="none")


def ordered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows by group, then by principal."""
    groups = ("always", "under conditions", "one hop away", "unknown")
    return tuple(sorted(rows, key=lambda row: (groups.index(row.reached), row.principal, row.path)))
