"""The graph of who can become whom: laws over all small graphs, against plain definitions."""

from __future__ import annotations

import time
from functools import partial
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from scanner.access.graph import Edge, EscalationGraph, Fan, bits, low
from scanner.access.graph_cut import cut

NAMES = [f"node-{number}" for number in range(6)]
END = "node-5"
Triple = tuple[str, str, str]
TRIPLES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(["knock", "dig"])), unique=True
)
FANS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["knock", "dig"]), st.sets(st.sampled_from(NAMES), min_size=1)),
    max_size=9,
)


def edge(source: str, target: str, method: str = "knock") -> Edge:
    return Edge(source, target, method, f"{source} {method} {target}")


def fan(source: str, method: str, targets: set[str]) -> Fan:
    return Fan(source, method, tuple(sorted(targets)), lambda target: edge(source, target, method))


def graph_of(triples: list[Triple]) -> EscalationGraph:
    return EscalationGraph(NAMES, [edge(*triple) for triple in triples])


def distance(pairs: set[tuple[str, str]], source: str) -> int | None:
    """Steps to the end by the plain definition."""
    reached, steps = {source}, 0
    while END not in reached:
        more = reached | {target for start, target in pairs if start in reached}
        if more == reached:
            return None
        reached, steps = more, steps + 1
    return steps


@given(TRIPLES)
def test_paths_are_shortest_and_made_of_edges(triples: list[Triple]) -> None:
    paths = graph_of(triples).paths_to([END])
    for name in NAMES:
        steps = distance({(source, target) for source, target, _ in triples}, name)
        if steps is None:
            assert name not in paths
            continue
        path = paths[name]
        assert len(path.edges) == steps
        assert path.end == END
        place = name
        for each in path.edges:
            assert (each.source, each.target, each.method) in triples
            assert each.source == place
            place = each.target


@given(TRIPLES, st.randoms())
def test_order_of_input_does_not_matter(triples: list[Triple], random: object) -> None:
    shuffled = list(triples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random
    assert graph_of(triples).paths_to([END]) == graph_of(shuffled).paths_to([END])


@given(TRIPLES, st.integers(0, 4))
def test_a_limit_leaves_out_longer_paths_only(triples: list[Triple], limit: int) -> None:
    whole = graph_of(triples).paths_to([END])
    assert graph_of(triples).paths_to([END], limit) == {n: p for n, p in whole.items() if len(p.edges) <= limit}


@given(TRIPLES)
def test_reachability_both_ways(triples: list[Triple]) -> None:
    graph = graph_of(triples)
    pairs = {(source, target) for source, target, _ in triples}
    assert graph.reaching([END]) == tuple(n for n in NAMES if distance(pairs, n) is not None)
    for name in NAMES:
        assert (END in graph.reachable([name])) == (distance(pairs, name) is not None)


@given(FANS)
def test_a_cut_separates_and_nothing_smaller_does(parts: list[tuple[str, str, set[str]]]) -> None:
    fans = [fan(*part) for part in parts]
    found = cut(EscalationGraph(NAMES, fans), NAMES[0], [END])
    assert found.fans is not None

    def separates(removed: tuple[Fan, ...]) -> bool:
        gone = [id(each) for each in removed]
        left = [each for each in fans if id(each) not in gone]
        return END not in EscalationGraph(NAMES, left).reachable([NAMES[0]])

    assert separates(found.fans)
    for size in range(len(found.fans)):
        assert not any(separates(few) for few in combinations(fans, size))


def test_a_cut_is_bounded() -> None:
    graph = EscalationGraph(NAMES, [fan(NAMES[0], f"way-{number}", {END}) for number in range(20)])
    assert cut(graph, NAMES[0], [END], most=19).fans is None
    assert "more than 19" in cut(graph, NAMES[0], [END], most=19).why
    assert len(cut(graph, NAMES[0], [END], most=20).fans or ()) == 20
    assert cut(graph, NAMES[0], [END], most_visits=3).fans is None
    assert cut(graph, END, [END]).fans is None
    assert cut(graph, "stranger", [END]).fans == ()


def test_a_way_may_have_to_move() -> None:
    """The first way found takes the middle; both ends are only used after it is moved."""
    graph = EscalationGraph(
        [],
        [
            fan("s", "m", {"a", "b"}),
            fan("s", "n", {"a"}),
            fan("a", "m", {"c"}),
            fan("b", "m", {"t"}),
            fan("c", "m", {"t"}),
        ],
    )
    assert len(cut(graph, "s", ["t"]).fans or ()) == 2


def test_a_cycle_ends() -> None:
    graph = EscalationGraph([], [edge("a", "b"), edge("b", "a"), edge("b", "b")])
    assert graph.paths_to(["z"]) == {}
    assert graph.paths_to(["a"])["b"].edges == (edge("b", "a"),)


def test_two_thousand_dense_principals() -> None:
    names = tuple(f"p{number:04d}" for number in range(2000))
    fans = [Fan(name, "any", names, partial(edge, name)) for name in names]
    before = time.process_time()
    graph = EscalationGraph(names, fans)
    assert len(graph.paths_to(["p1999"])) == 2000
    assert time.process_time() - before < 3


def test_two_thousand_in_a_row() -> None:
    names = [f"p{number:04d}" for number in range(2000)]
    graph = EscalationGraph(names, [edge(one, other) for one, other in pairwise(names)])
    before = time.process_time()
    assert len(graph.paths_to([names[-1]])[names[0]].edges) == 1999
    assert time.process_time() - before < 3


def test_bits() -> None:
    assert list(bits(0b10110)) == [1, 2, 4]
    assert list(bits(0)) == []
    assert low(0b1000) == 3
    assert low(0) == -1
