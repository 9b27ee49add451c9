"""Everybody who can do an action on a resource: inside, one hop away, and outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from providers.aws.answers.reads import Principal, gaps, principals
from providers.aws.answers.roles import ASSUME, Roles
from providers.aws.answers.rows import abilities_of, as_target, one_hop, ordered, row_of
from providers.aws.answers.target import Aim, aim
from providers.aws.policy.language.tree import Policy
from providers.aws.policy.questions.abilities import Abilities
from providers.aws.policy.questions.outsiders import outsiders
from providers.aws.policy.reference.services import Action, Verb
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from providers.aws.reach import outside_layers
from providers.aws.s3_reach import POLICY
from scanner.access import Access, Witness
from scanner.facts import UnreadFact
from scanner.model import Estate
from scanner.questions import Row, WhoCan


def who_can(estates: Sequence[Estate], action: str, resource: str) -> WhoCan:
    """Everybody in what was read, and outside, who can do `action` on `resource`. Raises BadInput."""
    everybody = list(principals(estates))
    asked = aim(estates, everybody, action, resource)
    held = {principal.uid: abilities_of(principal) for principal in everybody}
    direct: dict[str, Row] = {}
    for principal in everybody:
        abilities = held[principal.uid]
        row = row_of(principal, abilities, asked, abilities.can(asked.action, asked.target))
        if row is not None:
            direct[principal.uid] = row
    hops = list(_hops(everybody, held, direct))
    missing = [*asked.gaps, *gaps(estates), *_unread(everybody)]
    return WhoCan(ordered([*direct.values(), *hops, *_outside(asked, everybody)]), tuple(dict.fromkeys(missing)))


def _hops(everybody: Sequence[Principal], held: dict[str, Abilities], direct: dict[str, Row]) -> Iterator[Row]:
    """Principals that cannot do it themselves but may take on a role that can."""
    roles = Roles([one for one in everybody if one.trust is not None and _is_able(direct.get(one.uid))])
    for principal in everybody:
        if _is_able(direct.get(principal.uid)):
            continue
        for role in roles.worth_asking(principal, held[principal.uid]):
            first = _takes_on(principal, held[principal.uid], role)
            if first is not None:
                yield one_hop(principal, role, first, direct[role.uid])
                break


def _is_able(row: Row | None) -> bool:
    return row is not None and row.reached in ("always", "under conditions")


def _takes_on(principal: Principal, abilities: Abilities, role: Principal) -> Row | None:
    target = as_target(role)
    asked = Aim(ASSUME, target, role.trust)
    row = row_of(principal, abilities, asked, abilities.can(ASSUME, target))
    return row if _is_able(row) else None


def _unread(everybody: Sequence[Principal]) -> Iterator[str]:
    for principal in everybody:
        for gap in principal.unread:
            needs = f": needs {', '.join(gap.needs)}" if gap.needs else ""
            yield f"{gap.fact or 'a policy'} of {principal.uid} was not read ({gap.why}){needs}"


def _outside(asked: Aim, everybody: Sequence[Principal]) -> Iterator[Row]:
    """Parties outside that the resource's own policy lets in, as far as nothing cuts them off."""
    policy = asked.target.policy
    if asked.kind is None or not isinstance(policy, Policy):
        return
    at = everybody[0].at if everybody else None
    only = msgspec.structs.replace(asked.kind, verbs=(Verb("read", (_as_action(asked),)),))
    owner = Owner(asked.target.account, asked.target.arn.split(":", 2)[1])
    outside = outsiders(policy, owner, ResourceContext(asked.target.arn, at), only)
    access = Access(outside_layers(outside, POLICY), asked.guards)
    for who in ("anyone", "named"):
        try:
            for allowed in access.by(who).to("read"):
                conditions = tuple(f"{key} is {value}" for key, value in sorted(_context(allowed.witness).items()))
                reached = "under conditions" if conditions else "always"
                steps = (f"{asked.policy.name if asked.policy else POLICY} {_pointer(allowed.witness)} allows it",)
                yield Row(reached, allowed.text, steps, conditions, allowed.witness)  # type: ignore[arg-type]  # two words of Reached
        except UnreadFact as gap:
            first = gap.unread[0]
            yield Row("unknown", "parties outside", (), why=first.detail or f"{first.call} was not read ({first.why})")


def _as_action(asked: Aim) -> Action:
    return Action(asked.action, asked.target.suffix)


def _context(witness: Witness | None) -> Mapping[str, str]:
    return witness.context if witness else {}


def _pointer(witness: Witness | None) -> str:
    return witness.statement if witness else ""
