"""Which roles are worth asking whether a principal may take them on: a quick look before the exact question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from providers.aws.answers.reads import Principal
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Patterns, Policy, Statement
from providers.aws.policy.questions.abilities import Abilities
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.resources import covers
from scanner.access.attribute import Asked

ASSUME: Final = "sts:AssumeRole"


class Roles:
    """Roles that somebody may take on, grouped by what their trust policies say."""

    def __init__(self, roles: Sequence[Principal]) -> None:
        self._roles = roles
        self._direct = {role.uid: _direct(role) for role in roles}
        self._trusts = {role.uid: id(role.trust.policy) if role.trust else 0 for role in roles}

    def worth_asking(self, principal: Principal, abilities: Abilities) -> Iterator[Principal]:
        """Roles that the principal might take on, one of each kind that its policies and their trust treat alike."""
        allows = [_places(one) for one in abilities.covering(ASSUME)]
        denies = [_places(one) for one in _denies(principal)]
        seen: set[tuple[object, ...]] = set()
        for role in self._roles:
            if role.uid == principal.uid:
                continue
            reached = tuple(place.holds(role.uid) for place in allows)
            if not any(reached) and not self._names(role, principal):
                continue
            kind = (self._trusts[role.uid], reached, *(place.holds(role.uid) for place in denies))
            if kind not in seen:
                seen.add(kind)
                yield role

    def _names(self, role: Principal, principal: Principal) -> bool:
        return "*" in self._direct[role.uid] or principal.name in self._direct[role.uid]


def _direct(role: Principal) -> frozenset[str]:
    """Names of principals that the trust policy names themselves; `*` where it may name anybody."""
    if role.trust is None or not isinstance(role.trust.policy, Policy):
        return frozenset({"*"})
    found: set[str] = set()
    for statement in role.trust.policy.statements:
        if statement.effect != "Allow":
            continue
        if statement.principals is None or statement.principals.negated:
            return frozenset({"*"})
        for name in statement.principals.names:
            entry = named(name.text) if name.kind == "AWS" else None
            if name.kind == "everyone" or (entry is not None and entry.kind == "unclear"):
                return frozenset({"*"})
            if entry is not None and entry.kind == "principal":
                found.update(entry.resource.split("/")[1:])
    return frozenset(found)


def _denies(principal: Principal) -> Iterator[Statement]:
    documents = [*principal.documents, *([principal.boundary] if principal.boundary else [])]
    for one in documents:
        if isinstance(one.policy, Policy):
            for statement in one.policy.statements:
                if statement.effect == "Deny" and actions.covers(statement.actions, ASSUME) != "no":
                    yield statement


def _places(statement: Statement) -> Asked:
    """Where the statement may speak of: nothing that it could cover is left out."""
    resources = statement.resources or Patterns(("*",))
    return covers(resources, statement.effect, "2012-10-17", lambda _: None).maybe
