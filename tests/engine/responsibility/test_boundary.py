"""Conditions: Kleene's laws, what each form means, and what the grammar refuses."""

from collections.abc import Mapping
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.document import DataError, parse
from scanner.responsibility.boundary import Condition, DatedList, Unknown, holds

Truth = bool | None

names = st.sampled_from("abcd")
leaves = names.map(lambda name: Condition(fact=name, equals=True))
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Condition(all_of=tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: Condition(any_of=tuple(parts)))
        | inner.map(lambda part: Condition(negated=part))
    ),
    max_leaves=12,
)
worlds = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in "abcd"})


def judged(condition: Condition, world: Mapping[str, Truth]) -> Truth:
    verdict = holds(condition, lambda name: Unknown(name, "denied") if world[name] is None else world[name], {})
    return None if isinstance(verdict, Unknown) else verdict


def by_table(condition: Condition, world: Mapping[str, Truth]) -> float:
    """Kleene by arithmetic: false 0, unknown a half, true 1."""
    if condition.all_of:
        return min(by_table(part, world) for part in condition.all_of)
    if condition.any_of:
        return max(by_table(part, world) for part in condition.any_of)
    if condition.negated:
        return 1 - by_table(condition.negated, world)
    value = world[condition.fact]
    return 0.5 if value is None else float(value)


@given(trees, worlds)
def test_truth_is_kleenes(condition: Condition, world: dict[str, Truth]) -> None:
    assert judged(condition, world) == {0.0: False, 0.5: None, 1.0: True}[by_table(condition, world)]


@given(trees, worlds, worlds)
def test_an_unknown_fact_never_decides(condition: Condition, world: dict[str, Truth], other: dict[str, Truth]) -> None:
    answer = judged(condition, world)
    learned = {name: other[name] if value is None else value for name, value in world.items()}
    assert answer is None or judged(condition, learned) is answer


@given(st.lists(trees, min_size=1, max_size=3), worlds)
def test_de_morgan(parts: list[Condition], world: dict[str, Truth]) -> None:
    neither = Condition(negated=Condition(any_of=tuple(parts)))
    each_not = Condition(all_of=tuple(Condition(negated=part) for part in parts))
    assert judged(neither, world) is judged(each_not, world)


@given(trees, worlds)
def test_an_unknown_answer_names_a_fact_that_was_not_read(condition: Condition, world: dict[str, Truth]) -> None:
    verdict = holds(condition, lambda name: Unknown(name, "denied") if world[name] is None else world[name], {})
    assert not isinstance(verdict, Unknown) or world[verdict.fact] is None


class Key(msgspec.Struct, frozen=True):
    holder: str | None
    rotated: bool = False
    days: int = 0
    users: tuple[str, ...] = ()


OLD = DatedList(id="old", title="", source="", as_of=date(2026, 1, 1), values=frozenset({"v1"}))


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("{fact: key.holder, is: provider}", Key("provider"), True),
        ("{fact: key.holder, is: provider}", Key("customer"), False),
        ("{fact: key.holder, is: null}", Key(None), True),
        ("{fact: key.holder, is: null}", None, True),
        ("{fact: key.holder, is: provider}", None, False),
        ("{fact: key.rotated, is: true}", Key("x", rotated=True), True),
        ("{fact: key.rotated, is: 'true'}", Key("x", rotated=True), False),
        ("{fact: key.days, is: 90}", Key("x", days=90), True),
        ("{fact: key.days, is: 1}", Key("x", rotated=True), False),
        ("{fact: key.holder, in: [a, b, null]}", Key("b"), True),
        ("{fact: key.holder, in: [a, b]}", Key(None), False),
        ("{fact: key.holder, starts: custom-}", Key("custom-engine"), True),
        ("{fact: key.holder, starts: custom-}", Key("engine"), False),
        ("{fact: key.holder, starts: custom-}", Key(None), False),
        ("{fact: key.holder, contains: ner}", Key("owner"), True),
        ("{fact: key.users, contains: anna}", Key("x", users=("anna", "ben")), True),
        ("{fact: key.users, contains: ann}", Key("x", users=("anna", "ben")), False),
        ("{fact: key.holder, listed_in: old}", Key("v1"), True),
        ("{fact: key.holder, listed_in: old}", Key("v2"), False),
    ],
)
def test_what_a_leaf_means(text: str, value: Key | None, expected: bool) -> None:
    condition = parse(text, Condition, "")
    assert holds(condition, {"key": value}.__getitem__, {"old": OLD}) is expected


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{all: []}",
        "{fact: a}",
        "{fact: a, is: x, in: [y]}",
        "{fact: a, is: x, all: [{fact: b, is: y}]}",
        "{fact: a b, is: x}",
        "{fact: a., is: x}",
        "{is: x}",
        "{not: {fact: a}}",
        "{fact: a, matches: x}",
        "{fact: a, starts: ''}",
    ],
)
def test_the_grammar_refuses(text: str) -> None:
    with pytest.raises(DataError):
        parse(text, Condition, "rules.yaml")


def test_a_rule_that_does_not_fit_the_value_is_a_defect_not_an_answer() -> None:
    key = {"key": Key("x")}.__getitem__
    with pytest.raises(AttributeError):
        holds(Condition(fact="key.keeper", equals="x"), key, {})
    with pytest.raises(TypeError, match="attributes"):
        holds(Condition(fact="key", equals="x"), key, {})
    with pytest.raises(TypeError, match="no such part"):
        holds(Condition(fact="key.days", starts="9"), key, {})


def test_a_condition_reads_as_a_sentence() -> None:
    text = "{all: [{any: [{fact: a, is: x}, {not: {fact: b.c, in: [y, null]}}]}, {fact: d, listed_in: old}]}"
    assert str(parse(text, Condition, "")) == "(a is x or not b.c is one of y, absent) and d is listed in old"
    assert [leaf.fact for leaf in parse(text, Condition, "").leaves()] == ["a", "b.c", "d"]
