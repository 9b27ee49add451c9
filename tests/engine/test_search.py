"""The search for a request against brute force over attributes of few values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.access.attribute import ABSENT, PRESENT, Asked, Domain, Undecidable, Value
from scanner.access.search import Box, Search
from scanner.access.text import ANY_TEXT, fixed, texts
from scanner.access.work import LimitReached

_VALUES = "abc"
_NAMES = ("color", "size", "tags", "zone")

bodies = st.one_of(
    st.lists(st.sampled_from("abcd"), max_size=2, unique=True).map(lambda found: fixed(*found)),
    st.just(texts(((ANY_TEXT,),))),
)
asked = st.one_of(
    st.builds(Asked, bodies, st.booleans(), st.booleans(), st.sampled_from(["any", "all"])),
    st.sampled_from([ABSENT, PRESENT]),
)
boxes: st.SearchStrategy[Box] = st.lists(st.tuples(st.sampled_from(_NAMES), asked), max_size=4).map(tuple)
domains = st.fixed_dictionaries(
    {
        name: st.builds(
            Domain,
            st.sets(st.sampled_from(_VALUES), min_size=1).map(lambda found: (fixed(*sorted(found)),)),
            present=st.booleans() if name == "zone" else st.just(True),
            absent=st.booleans() if name != "zone" else st.just(True),
            many=st.just(name == "tags"),
        )
        for name in _NAMES
    }
)


def values(domain: Domain) -> list[Value]:
    """Every value of a domain."""
    (body,) = domain.inside
    singles = [value for value in _VALUES if body.has(value)]  # type: ignore[arg-type]  # a set of texts
    sets: list[Value] = [found for size in range(1, 4) for found in combinations(singles, size)]
    present: list[Value] = sets if domain.many else list(singles)
    return [*([None] if domain.absent else []), *(present if domain.present else [])]


def lets_through(box: Box, request: Mapping[str, Value]) -> bool:
    return all(question.holds(request[name]) for name, question in box)


@settings(max_examples=700, deadline=None)
@given(domains, boxes, st.lists(boxes, max_size=5))
def test_a_request_is_found_exactly_where_there_is_one(
    known: dict[str, Domain], box: Box, others: Sequence[Box]
) -> None:
    found = Search(known.__getitem__).find(box, others)
    every = (dict(zip(_NAMES, each, strict=True)) for each in product(*(values(known[name]) for name in _NAMES)))
    exists = any(lets_through(box, each) and not any(lets_through(o, each) for o in others) for each in every)
    assert (found is not None) is exists
    if found is not None:
        assert all(value in values(known[name]) for name, value in found.values.items())
        assert lets_through(box, found.values)
        for other in others:
            # What the request says nothing of can be anything, so that some question it does answer is answered no.
            assert not all(q.holds(found.values[name]) for name, q in other if name in found.values) or not other


@settings(max_examples=200, deadline=None)
@given(domains, boxes, st.lists(boxes, max_size=4), st.lists(boxes, max_size=4))
def test_asking_again_gives_the_same(
    known: dict[str, Domain], box: Box, others: Sequence[Box], more: Sequence[Box]
) -> None:
    search = Search(known.__getitem__)
    first = search.find(box, others)
    search.find(box, more)
    assert search.find(box, others) == first


def test_too_many_steps_are_a_limit_and_no_answer() -> None:
    names = [f"n{i}" for i in range(8)]
    known = Domain((fixed("a", "b", "c"),), absent=False)
    alike = [
        ((one, Asked(fixed(value))), (other, Asked(fixed(value))))
        for one, other in combinations(names, 2)
        for value in "abc"
    ]
    with pytest.raises(LimitReached, match="steps"):
        Search(lambda _: known, most=10).find((), alike)
    assert Search(lambda _: known).find((), alike) is None


def test_an_attribute_without_any_value_is_no_answer() -> None:
    empty = Domain(present=False, absent=False)
    with pytest.raises(Undecidable, match="color"):
        Search(lambda _: empty).find((), [(("color", PRESENT),)])
