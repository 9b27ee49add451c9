"""Values of one attribute against brute force: texts, numbers, sets of texts, and no value at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.access.attribute import (
    ABSENT,
    ALWAYS,
    NEVER,
    PRESENT,
    Asked,
    Body,
    Domain,
    Undecidable,
    Value,
    satisfy,
)
from scanner.access.ranges import Ranges, exactly
from scanner.access.text import EVERYTHING, Texts, fixed, texts
from tests.engine.languages import matches, short_texts, unions
from tests.engine.test_ranges import intervals

_TEXTS = short_texts(3)

bodies = unions.map(texts)


def asked(of: st.SearchStrategy[Body]) -> st.SearchStrategy[Asked]:
    return st.builds(Asked, of, st.booleans(), st.booleans(), st.sampled_from(["one", "any", "all"]))


constants = st.sampled_from([ALWAYS, NEVER, PRESENT, ABSENT])
questions = st.lists(st.tuples(st.one_of(asked(bodies), constants), st.booleans()), max_size=4)


def has(body: Body, value: str) -> bool:
    assert isinstance(body, Texts)
    return any(matches(pattern, value) for pattern in body.patterns)


def answer(question: Asked, value: Value) -> bool:
    """The definition of the four forms."""
    if value is None:
        return question.absent
    if isinstance(value, str):
        return has(question.body, value) is not question.negated
    assert isinstance(value, tuple)
    each = [has(question.body, one) is not question.negated for one in value]
    return any(each) if question.quantifier == "any" else all(each)


def holds(domain: Domain, value: Value) -> bool:
    """Whether the domain holds the value."""
    if value is None:
        return domain.absent
    values = value if isinstance(value, tuple) else (value,)
    return domain.present and all(
        isinstance(one, str)
        and all(has(body, one) for body in domain.inside)
        and not any(has(body, one) for body in domain.outside)
        for one in values
    )


def cells(domain: Domain, wanted: Sequence[tuple[Asked, bool]]) -> list[str]:
    """One short text of every kind that the questions and the domain tell apart."""
    every = [*domain.inside, *domain.outside, *(question.body for question, _ in wanted)]
    return list({tuple(has(body, text) for body in every): text for text in reversed(_TEXTS)}.values())


def candidates(domain: Domain, wanted: Sequence[tuple[Asked, bool]]) -> Iterator[Value]:
    yield None
    known = cells(domain, wanted)
    if domain.many:
        yield from (found for size in range(1, min(len(known), 4) + 1) for found in combinations(known, size))
    else:
        yield from known


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        Domain,
        st.lists(bodies, max_size=1).map(tuple),
        st.lists(bodies, max_size=1).map(tuple),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    questions,
)
def test_a_value_is_found_wherever_there_is_one(domain: Domain, wanted: list[tuple[Asked, bool]]) -> None:
    def fits(value: Value) -> bool:
        return holds(domain, value) and all(answer(question, value) is want for question, want in wanted)

    found = satisfy(domain, wanted)
    if found is None:
        assert not any(fits(value) for value in candidates(domain, wanted))
    else:
        assert fits(found[0])
        assert all(question.holds(found[0]) is want for question, want in wanted)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(asked(intervals.map(Ranges)), st.booleans()), max_size=3), st.booleans(), st.booleans())
def test_a_number_is_found_wherever_there_is_one(wanted: list[tuple[Asked, bool]], absent: bool, whole: bool) -> None:
    domain = Domain(inside=(Ranges([((0, 0), (6, 1))]),), absent=absent, whole=whole)
    numbers = [Decimal(n) / (1 if whole else 4) for n in range(7 if whole else 25)]

    def fits(value: Value) -> bool:
        return all(question.holds(value) is want for question, want in wanted)

    found = satisfy(domain, wanted)
    if found is None:
        assert not any(fits(n) for n in numbers)
        assert not (absent and fits(None))
    else:
        assert fits(found[0])


def test_what_is_never_there_is_absent_or_impossible() -> None:
    assert satisfy(Domain(present=False), [(ABSENT, True)]) == (None,)
    assert satisfy(Domain(present=False), [(PRESENT, True)]) is None
    assert satisfy(Domain(present=False, absent=False), []) is None


def test_texts_and_numbers_are_not_compared_with_each_other() -> None:
    text, number = Asked(fixed("a")), Asked(Ranges([exactly(1)]))
    with pytest.raises(Undecidable):
        satisfy(Domain(absent=False), [(text, True), (number, True)])
    with pytest.raises(Undecidable):
        text.holds(1)
    with pytest.raises(Undecidable):
        number.holds("a")
    assert satisfy(Domain(absent=False), [(Asked(EVERYTHING), True), (number, True)]) == (1,)
