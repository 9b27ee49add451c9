"""Who can become whom: a graph of principals, and the shortest ways through it to those that can do everything.

Edges come in *fans*: one source, one method, any number of targets. A dense account has a million edges but only
thousands of fans; an edge is written out when it stands on a path that somebody reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from scanner.access.layers import Witness


class Edge(msgspec.Struct, frozen=True):
    """The source can become the target."""

    source: str
    target: str
    method: str
    """Id of the way in the catalogue that it comes from."""
    words: str
    witnesses: tuple[Witness, ...] = ()
    """One allowed request for each thing that the source must do."""
    conditions: tuple[str, ...] = ()
    """What must hold besides, in plain words."""


class Fan(msgspec.Struct, frozen=True):
    """Edges of one source by one method. `edge` writes out the one to a given target."""

    source: str
    method: str
    targets: tuple[str, ...]
    edge: Callable[[str], Edge]


class Path(msgspec.Struct, frozen=True):
    """A way from a principal to the end, step by step; no steps where it is there already."""

    source: str
    edges: tuple[Edge, ...] = ()

    @property
    def end(self) -> str:
        """Where it leads."""
        return self.edges[-1].target if self.edges else self.source


class Spoke(msgspec.Struct, frozen=True):
    """A fan with its place in the graph."""

    fan: Fan
    mask: int
    """Targets, as bits by their place among the nodes."""


class EscalationGraph:
    """Nodes and the fans between them. The answers do not depend on the order in which they were given."""

    def __init__(self, nodes: Iterable[str], edges: Iterable[Edge | Fan]) -> None:
        fans = [fan_of(item) if isinstance(item, Edge) else item for item in edges]
        names = set(nodes)
        for targets in {fan.targets for fan in fans}:
            names.update(targets)
        names.update(fan.source for fan in fans)
        self.nodes: tuple[str, ...] = tuple(sorted(names))
        self._index: Mapping[str, int] = {name: index for index, name in enumerate(self.nodes)}
        masks: dict[tuple[str, ...], int] = {}
        spokes: list[list[Spoke]] = [[] for _ in self.nodes]
        for fan in fans:
            if fan.targets not in masks:
                masks[fan.targets] = self.mask(fan.targets)
            spokes[self._index[fan.source]].append(Spoke(fan, masks[fan.targets]))
        for own in spokes:
            own.sort(key=lambda spoke: (spoke.fan.method, low(spoke.mask), spoke.mask))
        self.spokes: Sequence[Sequence[Spoke]] = spokes

    def index(self, node: str) -> int | None:
        """The node's place; nothing if it is not in the graph."""
        return self._index.get(node)

    def mask(self, nodes: Iterable[str]) -> int:
        """Those of the nodes that are in the graph, as bits."""
        digits = bytearray(b"0") * max(len(self.nodes), 1)
        for node in nodes:
            index = self._index.get(node)
            if index is not None:
                digits[-1 - index] = 49
        return int(digits, 2)

    def names(self, mask: int) -> tuple[str, ...]:
        """The nodes behind the bits, in order."""
        return tuple(self.nodes[index] for index in bits(mask))

    def paths_to(self, admins: Iterable[str], limit: int | None = None) -> dict[str, Path]:
        """For every node that gets to one of `admins`, a shortest path, of at most `limit` steps."""
        goal = self.mask(admins)
        hops = self._hops(goal, limit)
        paths = {self.nodes[index]: Path(self.nodes[index]) for index in bits(goal)}
        for index, (spoke, target) in hops.items():  # nearest first, so that the rest of the way is known
            rest = paths[self.nodes[target]]
            first = spoke.fan.edge(self.nodes[target])
            paths[self.nodes[index]] = Path(self.nodes[index], (first, *rest.edges))
        return dict(sorted(paths.items()))

    def reaching(self, targets: Iterable[str]) -> tuple[str, ...]:
        """All nodes from which one of the targets can be reached, the targets included."""
        goal = self.mask(targets)
        found = goal
        for index in self._hops(goal, None):
            found |= 1 << index
        return self.names(found)

    def reachable(self, sources: Iterable[str]) -> tuple[str, ...]:
        """All nodes that can be reached from one of the sources, the sources included."""
        return self.names(self.reached(self.mask(sources)))

    def reached(self, start: int) -> int:
        """The same, as bits."""
        found, news = start, start
        while news:
            onward = 0
            for index in bits(news):
                for spoke in self.spokes[index]:
                    onward |= spoke.mask
            news = onward & ~found
            found |= news
        return found

    def _hops(self, goal: int, limit: int | None) -> dict[int, tuple[Spoke, int]]:
        """For each node that gets to the goal, the first hop of a shortest way; nearest nodes first."""
        hops: dict[int, tuple[Spoke, int]] = {}
        open_nodes: dict[int, int] = {}
        for index, spokes in enumerate(self.spokes):
            if spokes and not goal >> index & 1:
                union = 0
                for spoke in spokes:
                    union |= spoke.mask
                open_nodes[index] = union
        ring, steps = goal, 0
        while ring and (limit is None or steps < limit):
            steps += 1
            nearer, ring = ring, 0
            for index in [index for index, union in open_nodes.items() if union & nearer]:
                del open_nodes[index]
                spoke = next(spoke for spoke in self.spokes[index] if spoke.mask & nearer)
                hops[index] = (spoke, low(spoke.mask & nearer))
                ring |= 1 << index
        return hops


def fan_of(edge: Edge) -> Fan:
    """A fan of one edge."""
    return Fan(edge.source, edge.method, (edge.target,), lambda _: edge)


def low(mask: int) -> int:
    """The lowest bit's place; -1 where there is none."""
    return (mask & -mask).bit_length() - 1


def bits(mask: int) -> Iterator[int]:
    """The places of all bits, from the lowest."""
    digits = bin(mask)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
