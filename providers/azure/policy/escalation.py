"""Who can become whom in Azure: edges for the graph, each with the requests that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from providers.azure.policy.concrete.authorize import Authorizer
from providers.azure.policy.concrete.membership import Memberships
from providers.azure.policy.escalations import DIRECTORY_STEPS, ESCALATIONS, Escalation
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import EVERYONE, Assignment, Authorization
from providers.azure.policy.model.scopes import covers, normal, resource_type
from scanner.access import Witness
from scanner.access.graph import Edge, Fan
from scanner.facts import Unread
from scanner.ternary import Ternary

DIRECTORY = "all of the directory"


class Workload(msgspec.Struct, frozen=True):
    """A resource that acts with managed identities."""

    id: str
    identities: tuple[str, ...]
    """Their principals."""
    code_in: tuple[str, ...] = ()
    """Storage accounts that hold the code it runs."""


class ManagedIdentity(msgspec.Struct, frozen=True):
    """A user-assigned identity."""

    id: str
    """The resource."""
    principal: str


class Holding(msgspec.Struct, frozen=True):
    """A directory role, or an application permission of Microsoft Graph, that a principal has."""

    principal: str
    name: str


class Surroundings(msgspec.Struct, frozen=True):
    """What role assignments can lead to."""

    workloads: tuple[Workload, ...] | Unread = ()
    identities: tuple[ManagedIdentity, ...] | Unread = ()
    vaults: tuple[str, ...] | Unread = ()
    directory: tuple[Holding, ...] | Unread = ()


class Edges(msgspec.Struct, frozen=True):
    """All edges, for certain or under a condition, and what could add to them."""

    edges: tuple[Edge | Fan, ...]
    gaps: tuple[str, ...] = ()


T = TypeVar("T")


def owner_of(scope: str) -> str:
    """The node of whoever can do everything at a scope."""
    return f"owner of {normal(scope) or '/'}"


def escalation_edges(authorization: Authorization, around: Surroundings) -> Edges:
    """The edges of every principal that holds a role, and from members to groups. Principals are in small letters."""
    return _Search(authorization, around).run()


class _Search:
    """Without deny assignments, what is allowed at a scope is allowed at all below: one answer serves a whole fan."""

    def __init__(self, authorization: Authorization, around: Surroundings) -> None:
        self._all = authorization
        self._around = around
        self._authorizer = Authorizer(authorization)
        self._members = Memberships(authorization.directory)
        self._gaps: dict[str, None] = {}
        self._places = {way.id: tuple(dict.fromkeys(self._places_of(way))) for way in ESCALATIONS}
        self._under: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
        self._direct: dict[str, list[Assignment]] = {}
        for one in self._read("role assignments", authorization.assignments):
            self._direct.setdefault(one.principal.casefold(), []).append(one)

    def run(self) -> Edges:
        found: list[Edge | Fan] = []
        alone = [way for way in ESCALATIONS if not way.besides]
        paired = [way for way in ESCALATIONS if way.besides]
        for principal, held in self._direct.items():
            found += self._of(principal, held, alone)
        people = self._read("principals", self._all.directory.principals)
        for principal in dict.fromkeys((*self._direct, *(one.id.casefold() for one in people))):
            held = [one for holder in self._members.holders(principal) for one in self._direct.get(holder, ())]
            found += self._of(principal, held, paired)
        found += [*self._memberships(), *self._directory()]
        return Edges(tuple(found), tuple(self._gaps))

    def _read(self, what: str, found: tuple[T, ...] | Unread) -> tuple[T, ...]:
        if isinstance(found, Unread):
            self._gaps[f"the {what} were not read: {found.detail or found.why}"] = None
            return ()
        return found

    def _places_of(self, way: Escalation) -> Iterator[tuple[str, str]]:
        """All places where the way can be taken, each with whom it leads to."""
        workloads = self._read("workloads", self._around.workloads)
        match way.becomes:
            case "identity-of-resource":
                mine = [one for one in workloads if resource_type(one.id) == way.of_type]
                yield from ((one.id, identity.casefold()) for one in mine for identity in one.identities)
            case "identity-of-code":
                for one in workloads:
                    yield from (
                        (account, identity.casefold()) for account in one.code_in for identity in one.identities
                    )
            case "identity":
                identities = self._read("managed identities", self._around.identities)
                yield from ((identity.id, identity.principal.casefold()) for identity in identities)
            case "secrets":
                vaults = self._read("key vaults", self._around.vaults)
                yield from ((vault, f"the secrets of {normal(vault)}") for vault in vaults)

    def _of(self, principal: str, held: Iterable[Assignment], ways: Iterable[Escalation]) -> Iterator[Edge | Fan]:
        scopes = tuple(dict.fromkeys(one.scope for one in held))
        if not scopes:
            return
        for way in ways:
            elsewhere = self._somewhere(principal, way.besides, scopes)
            if way.besides and elsewhere is None:
                continue
            for scope in scopes:
                yield from self._at(principal, way, scope, () if elsewhere is None else (elsewhere,))

    def _at(self, principal: str, way: Escalation, scope: str, besides: tuple[Witness, ...]) -> Iterator[Edge | Fan]:
        places = ((scope, owner_of(scope)),) if way.becomes == "owner" else self._below(way, scope)
        places = tuple((place, target) for place, target in places if target != principal)
        if self._all.denials != ():
            for place, target in places:
                allowed = self._first(principal, way.needs, place)
                if allowed is not None:
                    yield self._edge(principal, way, place, target, allowed, besides)
            return
        allowed = self._first(principal, way.needs, scope) if places else None
        if allowed is None:
            return
        action = allowed
        where = dict(reversed([(target, place) for place, target in places]))

        def edge(target: str) -> Edge:
            return self._edge(principal, way, where[target], target, action, besides)

        yield Fan(principal, way.id, tuple(where), edge)

    def _below(self, way: Escalation, scope: str) -> tuple[tuple[str, str], ...]:
        """The places of the way that lie under the scope."""
        key = (way.id, normal(scope))
        if key not in self._under:
            found = []
            for place, target in self._places[way.id]:
                here = covers(scope, place, self._all.parents)
                if here is None:
                    self._gaps[f"whether resources lie under {normal(scope)} is not known"] = None
                if here:
                    found.append((place, target))
            self._under[key] = tuple(found)
        return self._under[key]

    def _first(self, principal: str, actions: Iterable[str], scope: str) -> str | None:
        """An action that is allowed; else one that perhaps is."""
        perhaps = None
        for action in actions:
            answer = self._answer(principal, action, scope)
            if answer:
                return action
            if answer is None and perhaps is None:
                perhaps = action
        return perhaps

    def _somewhere(self, principal: str, actions: tuple[str, ...], scopes: Iterable[str]) -> Witness | None:
        for scope in scopes:
            action = self._first(principal, actions, scope)
            if action is not None:
                return Witness(principal, action, scope)
        return None

    def _edge(
        self, principal: str, way: Escalation, place: str, target: str, action: str, besides: tuple[Witness, ...]
    ) -> Edge:
        witnesses = (Witness(principal, action, place), *besides)
        sure = all(self._answer(one.principal, one.action, one.resource) for one in witnesses)
        conditions = () if sure else ("what is not known, such as a condition's attributes, lets it through",)
        return Edge(principal, target, way.id, f"may {action} at {place}", witnesses, conditions)

    def _answer(self, principal: str, action: str, scope: str) -> Ternary:
        return self._authorizer.allowed(Request(principal, action, scope))

    def _memberships(self) -> Iterator[Edge]:
        for group in self._read("principals", self._all.directory.principals):
            if isinstance(group.members, Unread):
                self._gaps[f"the members of {group.id} were not read"] = None
                continue
            holder = group.id.casefold()
            for member in group.members:
                yield Edge(member.casefold(), holder, "member-of-group", f"is a member of {holder}")
            if EVERYONE in self._direct and holder != EVERYONE:
                yield Edge(holder, EVERYONE, "member-of-group", "is in the directory")

    def _directory(self) -> Iterator[Edge]:
        steps = {step.holds.casefold(): step for step in DIRECTORY_STEPS}
        for one in self._read("directory roles", self._around.directory):
            step = steps.get(one.name.casefold())
            if step is not None:
                principal = one.principal.casefold()
                witness = Witness(principal, one.name, "the directory")
                yield Edge(principal, DIRECTORY, step.id, f"{one.name} {step.words}", (witness,))
