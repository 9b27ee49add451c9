"""The whole account: who gets to everything, by which steps, who may, and what was not read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from providers.aws.policy.escalation.catalogue import Catalogue, load_catalogue
from providers.aws.policy.escalation.edges import ADMIN, Doubt, Edges, Potential, edge_of
from providers.aws.policy.escalation.ground import Ground
from providers.aws.policy.escalation.oracle import Can
from providers.aws.policy.escalation.power import Held, Powers, asked_actions
from providers.aws.policy.escalation.principals import Principal, Principals, Workload
from providers.aws.policy.escalation.reading import Reading
from providers.aws.policy.escalation.spread import Spreads
from providers.aws.policy.escalation.takes import Takes
from providers.aws.policy.escalation.trusting import Trusting
from scanner.access.graph import Edge, EscalationGraph, Fan, Path, fan_of
from scanner.access.graph_cut import Cut, cut

OUTSIDE = "outside: "
MOST_NODES = 50_000
EVERYTHING = "everything"
"""The step of those who can do everything as they are."""


class Unknown(msgspec.Struct, frozen=True):
    """A path that may be there: its steps, and why it cannot be told."""

    path: Path
    why: str


class Escalations(msgspec.Struct, frozen=True):
    """What the policies of an account add up to."""

    admins: tuple[str, ...]
    """Principals that can do everything as they are."""
    paths: Mapping[str, Path]
    """For every other principal that gets there, and every party outside, a shortest path."""
    unknown: Mapping[str, Unknown]
    """For principals without a path that may have one."""
    potentials: tuple[Potential, ...]
    """Ways that need something which was not read."""
    near_admins: Mapping[str, tuple[Held, ...]]
    """Dangerous things that principals can do on arbitrary resources, administrators left out."""
    graph: EscalationGraph
    """Only what is certain."""
    open_graph: EscalationGraph
    """What may be as well."""
    dated: date
    """The day of the catalogue."""
    gap: str = ""
    """Why the graph was not drawn to its end."""

    def cut(self, principal: str, most: int = 16) -> Cut:
        """The fewest grants without which the principal does not get to everything."""
        return cut(self.graph, principal, [ADMIN], most)


def escalation(
    principals: Principals,
    can: Can,
    workloads: Sequence[Workload] = (),
    outside: Mapping[str, tuple[str, ...]] | None = None,
    catalogue: Catalogue | None = None,
) -> Escalations:
    """Draw the graph of an account. `outside`: for each role's ARN, the parties outside that its trust lets in."""
    known = catalogue or load_catalogue()
    actions = {step.action for way in known.ways for steps in way.requires for step in steps}
    reading = Reading(actions | asked_actions(), principals.guardrails)
    ground = Ground(principals, known, workloads)
    spreads = Spreads(reading, can, principals.account)
    trusting = Trusting(ground.roles, can, principals.account)
    edges = Edges(known, reading, ground, Takes(ground, spreads, trusting))
    powers = Powers(spreads, principals.account, principals.partition)
    drawn = _Drawing(edges, powers)
    drawn.draw((*ground.users, *ground.roles))
    admins = tuple(each.arn for each in principals.principals if each.arn in drawn.admins)
    fans = [*drawn.fans, *(fan_of(edge) for edge in _from_outside(outside or {}))]
    doubtful = [doubt.fan for doubt in drawn.doubts]
    nodes = [each.arn for each in principals.principals]
    graph = EscalationGraph([*nodes, ADMIN], fans)
    open_graph = EscalationGraph([*nodes, ADMIN], [*fans, *doubtful])
    paths = graph.paths_to([ADMIN])
    asked = [*nodes, *sorted({fan.source for fan in fans if fan.source.startswith(OUTSIDE)})]
    sure = {node: paths[node] for node in asked if node in paths and node not in drawn.admins}
    missing = [node for node in asked if node not in paths]
    maybe = open_graph.paths_to([ADMIN]) if doubtful else {}
    reasons = _reasons(drawn.doubts)
    unknown = {node: Unknown(maybe[node], _why(maybe[node], reasons)) for node in missing if node in maybe}
    if drawn.gap:
        unknown.update({node: Unknown(Path(node), drawn.gap) for node in missing if node not in unknown})
    near = {
        each.arn: held
        for each in (*ground.users, *ground.roles)
        if each.arn not in drawn.admins and (held := powers.capabilities(each))
    }
    potentials = tuple(sorted(drawn.potentials, key=lambda each: (each.principal, each.method)))
    return Escalations(tuple(sorted(admins)), sure, unknown, potentials, near, graph, open_graph, known.date, drawn.gap)


class _Drawing:
    """The graph as it grows: principals, and what they make of themselves and others."""

    def __init__(self, edges: Edges, powers: Powers) -> None:
        self._edges = edges
        self._powers = powers
        self.fans: list[Fan] = []
        self.doubts: list[Doubt] = []
        self.potentials: list[Potential] = []
        self.admins: set[str] = set()
        self.gap = ""

    def draw(self, principals: Sequence[Principal]) -> None:
        queue = deque(principals)
        seen = {principal.node for principal in principals}
        while queue:
            principal = queue.popleft()
            power = self._powers.power(principal)
            if power.answer is not False:
                edge = edge_of(principal.node, ADMIN, EVERYTHING, "can do everything", power.proof)
                if power.answer:
                    self.fans.append(fan_of(edge))
                    self.admins.add(principal.node)
                    continue
                self.doubts.append(Doubt(fan_of(edge), power.why))
            onward = self._edges.of(principal)
            self.fans += onward.fans
            self.doubts += onward.doubts
            self.potentials += onward.potentials
            for state in onward.states:
                if state.node not in seen and len(seen) >= MOST_NODES:
                    self.gap = f"not drawn to its end: more than {MOST_NODES} principals and states of them"
                elif state.node not in seen:
                    seen.add(state.node)
                    queue.append(state)


def _from_outside(outside: Mapping[str, tuple[str, ...]]) -> Iterator[Edge]:
    for role in sorted(outside):
        for party in sorted(set(outside[role])):
            yield Edge(
                OUTSIDE + party, role, "outside-trust", "The trust policy lets an outside party take the role on"
            )


def _reasons(doubts: Sequence[Doubt]) -> Mapping[tuple[str, str], str]:
    return {(doubt.fan.source, doubt.fan.method): doubt.why for doubt in doubts}


def _why(path: Path, reasons: Mapping[tuple[str, str], str]) -> str:
    """The reason of the first step that is not certain."""
    return next((reasons[e.source, e.method] for e in path.edges if (e.source, e.method) in reasons), "")
