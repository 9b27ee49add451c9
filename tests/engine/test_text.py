"""The search for texts against brute force over a small alphabet."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner.access.text import ANY_TEXT, EVERYTHING, NOTHING, Class, Pattern, Run, find, fixed, texts
from scanner.access.work import LimitReached
from tests.engine.languages import language, matches, of_union, patterns, short_texts, unions

_SOME_A, _SOME_B = Run(Class(frozenset("a"))), Run(Class(frozenset("b")))


@settings(max_examples=150, deadline=None)
@given(patterns)
@example((_SOME_A, _SOME_B))
def test_the_brute_force_is_the_definition(pattern: Pattern) -> None:
    assert language(pattern, 4) == {text for text in short_texts(4) if matches(pattern, text)}


@settings(max_examples=150, deadline=None)
@given(unions)
@example(((_SOME_A, _SOME_B, _SOME_A),))
@example((("a", _SOME_A, _SOME_B, "b"),))
def test_a_set_has_the_texts_that_match(union: tuple[Pattern, ...]) -> None:
    wanted = of_union(union)
    assert {text for text in short_texts() if texts(union).has(text)} == wanted


@settings(max_examples=400, deadline=None)
@given(st.lists(unions, max_size=3), st.lists(unions, max_size=3))
@example([((_SOME_A, _SOME_B),)], [(("a", "b"),), ((_SOME_A,),), ((_SOME_B,),)])
def test_a_shortest_text_is_found_wherever_there_is_one(
    inside: list[tuple[Pattern, ...]], outside: list[tuple[Pattern, ...]]
) -> None:
    found = find([texts(each) for each in inside], [texts(each) for each in outside])
    fitting = set(short_texts()).intersection(*map(of_union, inside)).difference(*map(of_union, outside))
    shortest = min(map(len, fitting), default=None)
    if found is None:
        assert shortest is None
        return
    assert all(any(matches(pattern, found) for pattern in union) for union in inside)
    assert not any(any(matches(pattern, found) for pattern in union) for union in outside)
    if shortest is not None:
        assert len(found) == shortest


def test_nothing_is_in_no_set_and_everything_in_all() -> None:
    assert find([]) == ""
    assert find([NOTHING]) is None
    assert find([], [EVERYTHING]) is None
    assert find([EVERYTHING], [NOTHING]) == ""
    assert texts(((ANY_TEXT,), ("a",))) is EVERYTHING
    assert texts(()) is NOTHING


def test_single_texts_are_looked_at_and_not_searched_for() -> None:
    assert find([fixed("abc"), texts((("a", ANY_TEXT),))], [fixed("abd")], most=0) == "abc"
    assert find([fixed("abc")], [texts((("a", ANY_TEXT),))], most=0) is None
    assert find([fixed("a", "b")], [fixed("a")]) == "b"


@pytest.mark.parametrize("text", ["", "é", "\U0001f600", "a" * 500])
def test_any_character_is_a_character(text: str) -> None:
    assert find([fixed(text)], [fixed(text + "x")]) == text
    assert find([texts(((*text, ANY_TEXT),))], [fixed(text)]) not in (None, text)


def test_patterns_that_hold_every_common_character_leave_others() -> None:
    every = "".join(map(chr, range(0x20, 0x7F)))
    found = find([texts(((Class(frozenset(every), outside=True),),))])
    assert found is not None
    assert found not in every


def test_too_many_states_are_a_limit_and_no_answer() -> None:
    bombs = [texts(((ANY_TEXT, c, *[Class(frozenset(), outside=True)] * 12),)) for c in "abcdefgh"]
    with pytest.raises(LimitReached, match="states"):
        find(bombs, [texts((("z", ANY_TEXT),))], most=2_000)
