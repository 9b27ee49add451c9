"""From policies to edges: which ways of the catalogue are open to a principal, and where each leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from providers.aws.policy.escalation.catalogue import Catalogue, Step, Way
from providers.aws.policy.escalation.ground import Ground, Nodes
from providers.aws.policy.escalation.oracle import Possible
from providers.aws.policy.escalation.parts import Part, everywhere
from providers.aws.policy.escalation.principals import (
    Principal,
    Workload,
    empowered,
    is_empowered,
    is_limited,
    overwritten,
)
from providers.aws.policy.escalation.reading import Reading
from providers.aws.policy.escalation.selves import Self, Selves
from providers.aws.policy.escalation.takes import Takes
from scanner.access.graph import Edge, Fan, bits, low

ADMIN = "everything in the account"


class Doubt(msgspec.Struct, frozen=True):
    """Edges that may be there: why that cannot be told."""

    fan: Fan
    why: str


class Potential(msgspec.Struct, frozen=True):
    """A way that would be open if something were so that was not read: no edge."""

    principal: str
    method: str
    words: str
    why: str
    proof: tuple[Possible, ...] = ()


class Onward(msgspec.Struct):
    """All that starts at a principal."""

    fans: list[Fan] = []
    doubts: list[Doubt] = []
    potentials: list[Potential] = []
    states: list[Principal] = []
    """What principals can make of themselves or others, to be looked at in turn."""


class Edges:
    """The ways of the catalogue, for the principals of an account."""

    def __init__(self, catalogue: Catalogue, reading: Reading, ground: Ground, takes: Takes) -> None:
        self._reading = reading
        self._ground = ground
        self._takes = takes
        self._selves = Selves(ground, takes)
        self._states = {reading.content_of(each): each.node for each in (*ground.users, *ground.roles)}
        self._given_all: dict[tuple[str, int, bool], Nodes] = {}
        self._ways = [
            (
                way,
                [
                    (steps, reading.mask(s.action for s in steps if s.action != "sts:AssumeRole"))
                    for steps in way.requires
                ],
            )
            for way in catalogue.ways
        ]

    def of(self, principal: Principal) -> Onward:
        """Every way that is open to the principal, or may be."""
        onward = Onward([], [], [], [])
        may = self._reading.may_do(principal)
        for way, alternatives in self._ways:
            steps = [steps for steps, needed in alternatives if not needed & ~may]
            if not steps:
                continue
            match way.kind:
                case "self":
                    self._add_self(principal, way, steps, onward)
                case "principal" | "new-passrole":
                    self._add_targets(principal, way, steps, onward)
                case "existing-resource":
                    self._add_workloads(principal, way, steps, onward)
        return onward

    def _add_self(self, principal: Principal, way: Way, steps: Sequence[tuple[Step, ...]], onward: Onward) -> None:
        for found in self._selves.of(principal, way, steps):
            if isinstance(found, Self):
                part = everywhere(found.proof, 1)
                nodes = Nodes.of({self._state(found.becomes, onward): 0})
                self._add(principal, way, part, nodes_where(nodes), onward)
            else:
                onward.potentials.append(Potential(principal.node, way.id, way.title, found.why, found.proof))

    def _add_targets(
        self, principal: Principal, way: Way, alternatives: Sequence[tuple[Step, ...]], onward: Onward
    ) -> None:
        kind, part = self._takes.all_of_way(principal, way, alternatives)
        if way.gives == "new-principal":
            self._add(principal, way, part, lambda _: Nodes.of({ADMIN: 0}), onward)
            return
        if way.gives == "target-with-anything":
            puts = any(s.action in ("iam:PutUserPolicy", "iam:PutRolePolicy") for s in alternatives[0])
            self._add(principal, way, part, lambda mask: self._empowered(kind, mask, puts, onward), onward)
        else:
            self._add(principal, way, part, lambda mask: self._ground.nodes(kind, mask), onward)

    def _empowered(self, kind: str, mask: int, puts: bool, onward: Onward) -> Nodes:
        """What targets become that are given every permission: for most, everything at once."""
        key = (kind, mask, puts)
        if key not in self._given_all:
            free = mask & self._ground.unlimited[kind]
            nodes = {ADMIN: low(free)} if free else {}
            for index in bits(mask & ~free):
                target = self._ground.people(kind)[index]
                state = overwritten(target) if puts else empowered(target)
                nodes.setdefault(self._state(state, onward), index)
            self._given_all[key] = Nodes.of(nodes)
        # What was met before is already on the list of states.
        return self._given_all[key]

    def _add_workloads(
        self, principal: Principal, way: Way, alternatives: Sequence[tuple[Step, ...]], onward: Onward
    ) -> None:
        service = way.services[0]
        workloads = self._ground.workloads.get(service, ())
        if not workloads:
            answers = self._takes.on_any_workload(principal, alternatives)
            if answers is not None:
                why = next((a.why for a in answers if a.answer is None), "")
                open_question = f"no {service} resource is known with the role that it runs with"
                why = f"{open_question}; {why}" if why else open_question
                onward.potentials.append(Potential(principal.node, way.id, way.title, why, answers))
            return
        part = self._takes.on_workloads(principal, service, alternatives)

        def becomes(mask: int) -> Nodes:
            nodes: dict[str, int] = {}
            for index in bits(mask):
                nodes.setdefault(self._workload(way, workloads[index], onward) or principal.node, index)
            return Nodes.of(nodes)

        self._add(principal, way, part, becomes, onward)

    def _workload(self, way: Way, workload: Workload, onward: Onward) -> str:
        """What one becomes by way of a workload."""
        if way.gives == "new-principal":
            return ADMIN
        role = self._ground.role(workload.role)
        if way.gives == "workload-role-with-anything" and role is not None:
            return self._state(empowered(role), onward)
        return workload.role

    def _state(self, principal: Principal, onward: Onward) -> str:
        """The node of what somebody becomes; everything at once where nothing is left to limit it."""
        if is_empowered(principal) and not is_limited(principal):
            return ADMIN
        content = self._reading.content_of(principal)
        if content not in self._states:
            self._states[content] = principal.node
            if principal.state:
                onward.states.append(principal)
        return self._states[content]

    def _add(self, principal: Principal, way: Way, part: Part, nodes: Callable[[int], Nodes], onward: Onward) -> None:
        """Fans to the nodes behind the targets, the certain and the doubtful ones."""
        if part.yes:
            sure = fan(principal, way, part, nodes(part.yes))
            if sure is not None:
                onward.fans.append(sure)
        if part.maybe:
            unsure = fan(principal, way, part, nodes(part.maybe))
            if unsure is not None:
                answers = part.proof(low(part.maybe))
                why = next((answer.why for answer in answers if answer.answer is None), "it cannot be told")
                onward.doubts.append(Doubt(unsure, why))


def nodes_where(nodes: Nodes) -> Callable[[int], Nodes]:
    """The same nodes, whatever the targets."""
    return lambda _: nodes


def fan(principal: Principal, way: Way, part: Part, nodes: Nodes) -> Fan | None:
    """The fan to nodes. One may be the source itself among others, so that principals can share the nodes."""
    source = principal.node
    if nodes.names in ((), (source,)):
        return None

    def edge(node: str) -> Edge:
        return edge_of(source, node, way.id, way.title, part.proof(nodes.places[node]))

    return Fan(source, way.id, nodes.names, edge)


def edge_of(source: str, target: str, method: str, words: str, proof: Iterable[Possible]) -> Edge:
    """An edge with the witnesses, and all that was taken for granted or is open."""
    answers = tuple(proof)
    taken = [condition for answer in answers for condition in answer.conditions]
    taken += [f"not decided: {answer.why}" for answer in answers if answer.answer is None]
    witnesses = tuple(answer.witness for answer in answers if answer.witness is not None)
    return Edge(source, target, method, words, witnesses, tuple(dict.fromkeys(taken)))
