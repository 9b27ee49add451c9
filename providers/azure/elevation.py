"""The ways of a subscription's managed identities to everything: from what was read to the graph, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from providers.azure.authorization import RoleDefinition
from providers.azure.grants import allows_everything
from providers.azure.policy.concrete.authorize import Authorizer
from providers.azure.policy.escalation import ManagedIdentity, Surroundings, Workload, escalation_edges, owner_of
from providers.azure.policy.escalations import ESCALATIONS
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import (
    Assignment,
    Authorization,
    Directory,
    Permission,
    Principal,
    Role,
)
from providers.azure.policy.model.scopes import normal
from scanner.access import Escalation, Escalations, Hop
from scanner.access.graph import Edge, EscalationGraph, Fan, Path
from scanner.facts import Unread

MACHINES: Final = "microsoft.compute/virtualmachines"
"""The workloads whose identities are read."""

UNREAD_WAYS: Final = tuple(
    way
    for way in ESCALATIONS
    if way.becomes in ("identity-of-resource", "identity-of-code") and way.of_type != MACHINES
)
"""Ways that lead through workloads of which nothing is read."""

_OWNER: Final = Role("owner of what lies below", "Owner", (Permission(("*",)),))

DELEGATING: Final = "delegate-to-tenant"
"""Left out: handing a subscription to another tenant takes the right to assign roles, which is a way of its own.

https://learn.microsoft.com/azure/lighthouse/how-to/onboard-customer#deploy-the-azure-resource-manager-template
"""


def ways(
    subscription: str,
    assignments: Iterable[Assignment],
    definitions: Iterable[RoleDefinition],
    identities: Mapping[str, str],
    machines: Mapping[str, tuple[str, ...]],
    groups: Mapping[str, str],
) -> Escalations:
    """The way of each identity that has one, or may have one.

    `identities`: their principals, by uid. `groups`: what groups are called, by id, as far as that is known.
    """
    everywhere = (_here(one, subscription) for one in assignments)
    held = tuple(_told(one, subscription, groups) for one in everywhere)
    assigned = {one.role for one in held}
    roles = {role.id: role for role in definitions if role.id in assigned}
    search = _Search(subscription, held, roles, identities, machines, groups)
    found = {uid: search.way(principal) for uid, principal in identities.items()}
    return Escalations({uid: way for uid, way in found.items() if way.hops != ()})


def _here(one: Assignment, subscription: str) -> Assignment:
    """What is inherited from above holds at the subscription."""
    below = normal(one.scope).startswith(f"{normal(subscription)}/")
    return one if below else replace(one, scope=subscription)


def _told(one: Assignment, subscription: str, groups: Mapping[str, str]) -> Assignment:
    """Where Azure does not say what a holder is: one on all of the subscription that may be no group is a program."""
    if one.principal_kind != "unknown" or one.principal in groups or normal(one.scope) != normal(subscription):
        return one
    return replace(one, principal_kind="service-principal")


class _Search:
    def __init__(
        self,
        subscription: str,
        held: tuple[Assignment, ...],
        roles: Mapping[str, RoleDefinition],
        identities: Mapping[str, str],
        machines: Mapping[str, tuple[str, ...]],
        groups: Mapping[str, str],
    ) -> None:
        # Whoever gets to own a group or resource goes on from there as its owner would.
        below = {normal(one.scope): one.scope for one in held if normal(one.scope) != normal(subscription)}
        owners = tuple(
            Assignment(_OWNER.id, owner_of(scope), scope, principal_kind="managed-identity") for scope in below.values()
        )
        self._held = (*held, *owners)
        self._groups = groups
        self._names = {principal: uid for uid, principal in identities.items()}
        self._goal = owner_of(subscription)
        known = {*identities.values(), *(one for some in machines.values() for one in some)}
        people = tuple(Principal(one, "managed-identity") for one in sorted(known))
        written = tuple(
            # A permission under a condition, as some built-in roles have it, is for roles that do not matter here.
            Role(role.id, role.name, tuple(one.permission for one in role.permissions if not one.condition))
            for role in roles.values()
        )
        authorization = Authorization(Directory("", people), (*written, _OWNER), self._held)
        self._authorizer = Authorizer(authorization)
        around = Surroundings(
            workloads=tuple(Workload(uid, principals) for uid, principals in machines.items()),
            identities=tuple(ManagedIdentity(uid, principal) for uid, principal in identities.items()),
        )
        edges = [edge for edge in escalation_edges(authorization, around).edges if edge.method != DELEGATING]
        full = {role.id for role in roles.values() if allows_everything(role)}
        at_subscription = [one for one in held if normal(one.scope) == normal(subscription)]
        self._ends = {one.principal for one in at_subscription if one.role in full and not one.condition}
        self._unknown = {one.principal for one in at_subscription if one.role not in roles}
        goals = {self._goal, *self._ends}
        self._sure = EscalationGraph(goals, [edge for edge in edges if _is_sure(edge)]).paths_to(goals)
        self._graph = EscalationGraph(goals, edges)
        self._perhaps = self._graph.paths_to(goals)

    def way(self, principal: str) -> Escalation:
        """The way of one identity; empty where it holds everything already."""
        if principal in self._ends:
            return Escalation()
        path = self._sure.get(principal)
        if path is not None and path.edges:
            return Escalation(tuple(self._hops(path)))
        doubt = self._doubt(principal)
        return Escalation(Unread("not-yet-known", detail=doubt)) if doubt else Escalation()

    def _doubt(self, principal: str) -> str:
        path = self._perhaps.get(principal)
        if path is not None and path.edges:
            conditions = dict.fromkeys(one for edge in path.edges for one in edge.conditions)
            return f"{', then '.join(edge.words for edge in path.edges)}, if {' and '.join(conditions)}"
        if principal in self._unknown:
            return "what one of its roles allows is not told"
        strong = self._ends | set(self._perhaps)
        kinds = {one.principal: one.principal_kind for one in self._held}
        groups = sorted(one for one in strong if kinds.get(one) in ("group", "foreign-group", "unknown"))
        if groups:
            name = self._groups.get(groups[0], groups[0])
            return f"whether it is in the group {name}, which gets to everything, is not known"
        others = {one for one in strong if kinds.get(one) in ("service-principal", "managed-identity")} - {principal}
        return self._by_unread_workloads(principal) if others else ""

    def _by_unread_workloads(self, principal: str) -> str:
        """Workloads that it can change, of which nobody reads whether they act as one of the strong identities."""
        becomes = {principal, *self._graph.reachable([principal])}
        for one in self._held:
            if one.principal not in becomes:
                continue
            for action in (action for way in UNREAD_WAYS for action in way.needs):
                if self._authorizer.granted(Request(one.principal, action, one.scope)) is not False:
                    return f"it gets to {action} at {one.scope}; whose identities that leads to is not read"
        return ""

    def _hops(self, path: Path) -> Iterator[Hop]:
        for edge in path.edges:
            yield Hop(edge.words, self._named(edge.target), next(iter(edge.witnesses), None))

    def _named(self, target: str) -> str:
        if target == self._goal:
            return "everything in the subscription"
        return self._names.get(target, target)


def _is_sure(edge: Edge | Fan) -> bool:
    one = edge if isinstance(edge, Edge) else edge.edge(edge.targets[0])
    return not one.conditions
