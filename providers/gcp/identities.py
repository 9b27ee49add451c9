"""Identities for programs, as far as others have to know them, and how each of them gets to rule its project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from providers.gcp.documents import Binding
from providers.gcp.policy.concrete.principals import names
from providers.gcp.policy.escalation.edges import RULER, escalation
from providers.gcp.policy.escalation.edges import Escalation as Steps
from providers.gcp.policy.escalation.landscape import Account, Landscape
from providers.gcp.policy.language.policies import AllowPolicy
from providers.gcp.policy.language.request import Principal
from providers.gcp.reach import Above, allow_policy, knowing
from providers.gcp.roles import GcpPredefinedRole, Learnt, learnt
from scanner.access import Escalation, Escalations, Hop, Powers
from scanner.access.graph import Edge, EscalationGraph
from scanner.facts import Fact, Relations, Unread, derived
from scanner.kinds import ServiceIdentity

if TYPE_CHECKING:
    from datetime import datetime

_ACCOUNT: Final = "serviceAccount:"
OWNER_ROLES: Final = ("roles/owner", "roles/admin")
"""The basic roles that hold everything; the second is the newer name.

https://cloud.google.com/iam/docs/roles-overview#basic
"""


class GcpIdentity(ServiceIdentity, kind="service-identity"):
    """An identity for programs that a project holds."""

    address = Fact[str]("Its e-mail address.")
    disabled = Fact[bool]("Nobody can act as it.")
    policy = Fact[tuple[Binding, ...]]("Who holds which role on it.")
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.")

    @derived(reads=[named_roles / GcpPredefinedRole.held])
    def learnt(self) -> Learnt:
        """What was read of the roles that are held on it."""
        return learnt(self.named_roles)


def powers(address: str, upper: Above) -> Powers:
    """Whether the identity holds a basic role that allows everything, on its project or above it."""
    principal = Principal("service-account", address.lower(), (), (), "")
    held: list[str] = []
    doubts: list[Unread] = []
    for node in upper.nodes:
        if isinstance(node.allow, Unread):
            doubts.append(node.allow)
            continue
        for binding in node.allow.bindings:
            if binding.role not in OWNER_ROLES:
                continue
            answers = {names(one, principal, upper.owner.pools) for one in binding.members}
            if True in answers:
                held.append(f"{binding.role} on {node.name}")
            elif None in answers:
                doubts.append(Unread("not-yet-known", detail=f"whether {binding.role} on {node.name} is given to it"))
    return Powers(everything=tuple(held) if held or not doubts else doubts[0])


def ways(identities: Iterable[GcpIdentity], upper: Above, at: datetime) -> Escalations:
    """How each identity of a project gets to rule it, by way of others where need be.

    One that is disabled neither acts nor is acted as. One that holds everything already has no way to go.
    """
    uids: dict[str, str] = {}
    accounts: list[Account] = []
    project = upper.nodes[-1].name
    learnt_of: list[Learnt] = []
    for identity in identities:
        if not identity.disabled:
            allow = allow_policy(identity.policy)
            learnt_of.append(identity.learnt)
            accounts.append(
                Account(identity.address, project, allow if isinstance(allow, AllowPolicy) else AllowPolicy())
            )
            uids[accounts[-1].id] = identity.uid
    upper = knowing(upper, *learnt_of)
    parents = {below.name: node.name for node, below in zip(upper.nodes, upper.nodes[1:], strict=False)}
    landscape = Landscape(upper.owner, upper.roles, upper.nodes, parents, tuple(accounts), {}, at)
    found = escalation(landscape)
    certain = found.graph.paths_to([RULER + project])
    perhaps = _with_doubts(found, uids, project).paths_to([RULER + project])
    answers: dict[str, Escalation] = {}
    for name, uid in uids.items():
        held = powers(name.partition(":")[2], upper).everything
        if held and not isinstance(held, Unread):
            continue
        if name in certain:
            answers[uid] = Escalation(tuple(map(_hop, certain[name].edges)))
        elif name in perhaps:
            answers[uid] = Escalation(_why(found, upper, {edge.source for edge in perhaps[name].edges}))
    return Escalations(answers)


def _hop(edge: Edge) -> Hop:
    """A step in words for people: accounts by their address alone."""
    words = edge.words.removesuffix(f": {edge.target}").replace(_ACCOUNT, "")
    target = edge.target.removeprefix(_ACCOUNT)
    if target.startswith(RULER):
        target = f"everything in {target.removeprefix(RULER)}"
    return Hop(words, target, edge.witnesses[0] if edge.witnesses else None, edge.conditions)


def _with_doubts(found: Steps, accounts: Iterable[str], project: str) -> EscalationGraph:
    """The graph in which every step that could not be decided is taken."""
    graph = found.graph
    nodes = [*graph.nodes, RULER + project]
    certain = [spoke.fan for spokes in graph.spokes for spoke in spokes]
    return EscalationGraph(dict.fromkeys(nodes), [*certain, *_perhaps(found, tuple(accounts))])


def _perhaps(found: Steps, accounts: tuple[str, ...]) -> Iterator[Edge]:
    for doubt in found.doubts:
        targets = accounts if doubt.target.startswith("accounts of ") else (doubt.target,)
        for target in targets:
            if target != doubt.source:
                yield Edge(doubt.source, target, doubt.method, doubt.why)


def _why(found: Steps, upper: Above, sources: set[str]) -> Unread:
    """What would have decided it: a policy above, a custom role, or a role that our data does not list."""
    for node in upper.nodes:
        for document in (node.allow, node.deny):
            if isinstance(document, Unread):
                return document
    if upper.roles_unread:
        return upper.roles_unread[0][1]
    why = next((doubt.why for doubt in found.doubts if doubt.source in sources), "whether it can")
    return Unread("not-yet-known", detail=f"{why}: our data does not list all that the roles in question hold")
