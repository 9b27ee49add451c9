"""The fewest grants whose removal separates a principal from the end: a minimal cut, by augmenting ways.

A fan is what one removal takes away: one principal loses one method over a set of targets. By Menger's theorem the
fewest fans to remove are as many as there are ways that share no fan.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

import msgspec

from scanner.access.graph import EscalationGraph, Fan, bits, low

Place: TypeAlias = "tuple[int, int]"
"""A node as (its place, -1), or a fan as (its source's place, its place among the fans of that source)."""


class Cut(msgspec.Struct, frozen=True):
    """The fewest grants to remove; nothing where that was not computed, with the reason."""

    fans: tuple[Fan, ...] | None
    why: str = ""


def cut(
    graph: EscalationGraph, source: str, admins: Iterable[str], most: int = 16, most_visits: int = 1_000_000
) -> Cut:
    """The smallest set of grants without which `source` reaches none of `admins`. Bounded in size and in work."""
    start, goal = graph.index(source), graph.mask(admins)
    if start is None:
        return Cut(())
    if goal >> start & 1:
        return Cut(None, "is there already")
    search = _Search(graph, start, goal, most_visits)
    while True:
        came_from, end = search.explore()
        if search.visits > most_visits:
            return Cut(None, f"not computed: more than {most_visits} steps of work")
        if end is None:
            return Cut(tuple(search.severed(came_from)))
        if search.ways >= most:
            return Cut(None, f"not computed: more than {most} grants would have to go")
        search.augment(came_from, end)


class _Search:
    """The ways found so far: each fan on one of them leads to the target noted here."""

    def __init__(self, graph: EscalationGraph, start: int, goal: int, most_visits: int) -> None:
        self.graph = graph
        self.start = start
        self.goal = goal
        self.most_visits = most_visits
        self.visits = 0
        self.ways = 0
        self.leads: dict[Place, int] = {}
        self.into: dict[int, set[Place]] = {}

    def explore(self) -> tuple[dict[Place, Place | None], Place | None]:
        """What can still be reached from the start, each place with the one before it, up to the goal."""
        first = (self.start, -1)
        came_from: dict[Place, Place | None] = {first: None}
        unseen = ~(1 << self.start)
        queue = deque([first])
        while queue and self.visits <= self.most_visits:
            place = queue.popleft()
            self.visits += 1
            node, number = place
            if number < 0:
                onward: Iterable[Place] = self._fans_at(node)
            else:
                targets = self.graph.spokes[node][number].mask
                if targets & self.goal:
                    end = (low(targets & self.goal), -1)
                    came_from[end] = place
                    return came_from, end
                if place in self.leads:
                    targets |= 1 << node
                onward = [(target, -1) for target in bits(targets & unseen)]
                unseen &= ~targets
            for following in onward:
                if following not in came_from:
                    came_from[following] = place
                    queue.append(following)
        return came_from, None

    def _fans_at(self, node: int) -> Iterator[Place]:
        """Fans of the node that are not on a way, and fans on a way that lead here and could lead elsewhere."""
        for number in range(len(self.graph.spokes[node])):
            if (node, number) not in self.leads:
                yield node, number
        yield from sorted(self.into.get(node, ()))

    def augment(self, came_from: dict[Place, Place | None], end: Place) -> None:
        """Add the way that ends here, moving others where it runs against them."""
        chain = [end]
        while (before := came_from[chain[-1]]) is not None:
            chain.append(before)
        chain.reverse()
        pairs = list(pairwise(chain))
        for one, other in pairs:
            if one[1] < 0 and self.leads.get(other) == one[0]:
                del self.leads[other]
                self.into[one[0]].discard(other)
        # The way out of a fan: on to a target, unless it only gives its unit back to its source.
        for index, (one, other) in enumerate(pairs):
            gives_back = index > 0 and chain[index - 1][0] != one[0] and other[0] == one[0]
            if one[1] >= 0 and not gives_back:
                self.leads[one] = other[0]
                self.into.setdefault(other[0], set()).add(one)
        self.ways += 1

    def severed(self, reached: dict[Place, Place | None]) -> Iterator[Fan]:
        """Fans on the border of what can be reached when no more ways are left."""
        for node, number in sorted(self.leads):
            if (node, -1) in reached and (node, number) not in reached:
                yield self.graph.spokes[node][number].fan
