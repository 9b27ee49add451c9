"""Boundary rules against the classes they speak of: a path that leads nowhere would be a rule that never decides."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from scanner.cli import doors
from scanner.facts import Fact
from scanner.model import Resource
from scanner.responsibility.boundary import Condition
from scanner.responsibility.load import load_model

MODEL = load_model([provider.responsibility for provider in doors.providers().values()])


@pytest.fixture(scope="module")
def kinds() -> dict[str, type[Resource]]:
    return {kind.type_id: kind for provider in doors.providers().values() for kind in provider.kinds()}


def leaves() -> Iterator[tuple[str, Condition]]:
    for kind in MODEL.types.values():
        for rule in kind.boundary:
            yield from ((kind.id, leaf) for leaf in rule.when.leaves())


def type_at(kind: type[Resource], path: str) -> Any:
    """The type of the value at a path, by the annotations of the fact and of its value."""
    name, *attributes = path.split(".")
    fact = getattr(kind, name)
    assert isinstance(fact, Fact), f"{kind.type_id} has no fact {name}"
    found = fact.parameter
    for attribute in attributes:
        found = get_type_hints(found)[attribute]
    return found


def test_every_kind_that_is_read_has_its_duties_mapped(kinds: dict[str, type[Resource]]) -> None:
    assert set(kinds) <= set(MODEL.types)


@pytest.mark.parametrize(("resource_type", "leaf"), [pytest.param(*each, id=str(each[1])) for each in leaves()])
def test_a_rule_speaks_of_a_fact_and_of_values_that_it_can_have(
    kinds: dict[str, type[Resource]], resource_type: str, leaf: Condition
) -> None:
    found = type_at(kinds[resource_type], leaf.fact)
    if get_origin(found) is Literal:
        named = leaf.one_of or (leaf.equals,)
        assert set(named) <= set(get_args(found))
