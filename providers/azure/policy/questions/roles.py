"""Who outside can do something by role assignments: candidates, for the concrete evaluator to bear out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from providers.azure.policy.bridges import BRIDGES, Bridge, Facts
from providers.azure.policy.model.roles import EVERYONE, Assignment, Authorization, Denial, Permission, Role
from providers.azure.policy.model.scopes import covers, fits, normal
from providers.azure.policy.questions.actions import overlaps, some_action
from providers.azure.policy.questions.outsiders import Holders, Outsider
from providers.azure.policy.questions.reach import Doubt
from scanner.access.text import LimitReached
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of, invert

OWNER_OF_SUBSCRIPTION: Final = (Permission(actions=("*",)),)


class RoleQuestion(msgspec.Struct, frozen=True):
    """Who can do one thing at a scope."""

    scope: str
    action: str = ""
    """A pattern of actions; empty asks who holds a role."""
    data: bool = False
    facts: Facts = {}
    """Settings of the resource that bridges hang on."""


class Candidate(msgspec.Struct, frozen=True):
    """An outsider who can do it, as far as this side sees."""

    principal: str
    text: str
    role: str
    assignment: Assignment
    action: str
    data: bool
    bridge: Bridge | None = None
    """How the action opens the data plane, where it does not do so by itself."""
    conditional: bool = False
    """Whether the answer hangs on a condition, which only the concrete evaluator reads."""


class Candidates(msgspec.Struct, frozen=True):
    """All candidates, and what could add to them."""

    found: tuple[Candidate, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def candidates(authorization: Authorization, question: RoleQuestion) -> Candidates:
    """Everybody outside who may be able to do what the question asks."""
    return _Search(authorization, question).run()


class _Search:
    def __init__(self, authorization: Authorization, question: RoleQuestion) -> None:
        self._all = authorization
        self._question = question
        self._holders = Holders(authorization.directory)
        roles = () if isinstance(authorization.roles, Unread) else authorization.roles
        self._roles = {normal(role.id): role for role in roles}
        self._found: list[Candidate] = []
        self._doubts: list[Doubt] = []

    def run(self) -> Candidates:
        for one in self._assignments():
            here = covers(one.scope, self._question.scope, self._all.parents)
            if here is False:
                continue
            role = self._roles.get(normal(one.role))
            if role is None:
                unread = self._all.roles if isinstance(self._all.roles, Unread) else None
                self._doubt(one, f"the role definition {one.role} is not known", unread)
            elif here is None:
                unread = self._all.parents if isinstance(self._all.parents, Unread) else None
                if any(self._ways(role)):
                    self._doubt(one, f"whether {self._question.scope} lies under {one.scope} is not known", unread)
            else:
                self._assignment(one, role)
        return Candidates(tuple(self._found), tuple(dict.fromkeys(self._doubts)))

    def _assignments(self) -> Iterator[Assignment]:
        if isinstance(self._all.assignments, Unread):
            self._doubts.append(Doubt("named", "the role assignments were not read", self._all.assignments))
        else:
            yield from self._all.assignments
        if isinstance(self._all.administrators, Unread):
            self._doubts.append(Doubt("named", "the classic administrators were not read", self._all.administrators))
            return
        for one in self._all.administrators:
            role = f"classic administrator of {one.subscription}"
            self._roles[normal(role)] = Role(role, one.kind or "classic administrator", OWNER_OF_SUBSCRIPTION)
            yield Assignment(role, one.principal, f"/subscriptions/{one.subscription}", principal_kind="user")

    def _doubt(self, one: Assignment, why: str, unread: Unread | None) -> None:
        """Somebody outside may get in by this assignment, if anybody outside holds it."""
        outsiders, doubts = self._holders.of(one.principal, one.principal_kind)
        if outsiders or doubts:
            self._doubts.append(Doubt("named", why, unread))

    def _assignment(self, one: Assignment, role: Role) -> None:
        ways = list(self._ways(role))
        if not ways:
            return
        outsiders, doubts = self._holders.of(one.principal, one.principal_kind)
        self._doubts += doubts
        for outsider in outsiders:
            for action, data, bridge in ways:
                denied = self._denied(outsider, action, data=data)
                if denied is None:
                    unread = self._all.denials if isinstance(self._all.denials, Unread) else None
                    self._doubts.append(Doubt("named", "whether a deny assignment applies is not known", unread))
                elif not denied:
                    name = f"the role {role.name}"
                    conditional = bool(one.condition.strip())
                    self._found.append(
                        Candidate(outsider.principal, outsider.text, name, one, action, data, bridge, conditional)
                    )

    def _ways(self, role: Role) -> Iterator[tuple[str, bool, Bridge | None]]:
        """Actions of the role that do what is asked, directly or by a bridge."""
        question = self._question
        if not question.action:
            yield "", False, None
            return
        try:
            found = some_action(role.permissions, question.action, data=question.data)
            if found is not None and fits(question.scope, found):
                yield found, question.data, None
            for bridge in BRIDGES if question.data else ():
                if overlaps(bridge.opens, question.action):
                    yield from self._over(bridge, role)
        except LimitReached as limit:
            self._doubts.append(Doubt("named", f"the actions of the role {role.name} were not decided: {limit}"))

    def _over(self, bridge: Bridge, role: Role) -> Iterator[tuple[str, bool, Bridge | None]]:
        for action in bridge.actions:
            if fits(self._question.scope, action) and some_action(role.permissions, action, data=False) is not None:
                yield action.casefold(), False, bridge

    def _denied(self, outsider: Outsider, action: str, *, data: bool) -> Ternary:
        """Whether a deny assignment forbids it; holding a role is not forbidden."""
        if isinstance(self._all.denials, Unread):
            return None if action else False
        return any_of(self._denies(one, outsider, action, data=data) for one in self._all.denials if action)

    def _denies(self, one: Denial, outsider: Outsider, action: str, *, data: bool) -> Ternary:
        scope = self._question.scope
        here = normal(one.scope) == normal(scope) if one.this_scope_only else None
        if here is None:
            here = covers(one.scope, scope, self._all.parents)
        named = some_action(one.permissions, action, data=data) is not None
        condition: Ternary = None if one.condition.strip() else True
        listed, spared = self._lists(one.principals, outsider), self._lists(one.excluded, outsider)
        if outsider.opaque and one.excluded and outsider.principal != EVERYONE:
            spared = None  # whoever is excluded may be one of those that it stands for
        return all_of((here, named, listed, invert(spared), condition))

    def _lists(self, listed: Iterable[str], outsider: Outsider) -> Ternary:
        """Whether a list means the principal, itself or by a group that holds it."""
        return any_of(True if one == EVERYONE else self._holders.holds(one, outsider.principal) for one in listed)
