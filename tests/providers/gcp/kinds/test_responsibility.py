"""Who owns what on Google Cloud: each kind is mapped, and each rule speaks of a fact and of values that it can have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_type_hints

import pytest

import providers.gcp
from providers.gcp.kinds import KINDS
from scanner.responsibility.boundary import Condition
from scanner.responsibility.load import load_model

MODEL = load_model([Path(providers.gcp.__file__).with_name("responsibility.yaml")])
_KINDS = {kind.type_id: kind for kind in KINDS}
_LEAVES = [(one.id, leaf) for one in MODEL.types.values() for rule in one.boundary for leaf in rule.when.leaves()]


def test_every_kind_is_mapped() -> None:
    assert set(_KINDS) <= set(MODEL.types)
    assert len(_KINDS) == len(KINDS)


def test_each_type_lists_duties_that_can_fall_on_the_customer_there() -> None:
    for one in MODEL.types.values():
        if one.model != "control-plane":
            assert [duty for duty in one.duties if one.model not in MODEL.duties[duty].models] == [], one.id


def test_every_source_is_cited() -> None:
    cited = {one.source for one in MODEL.types.values()}
    assert cited | {rule.source for one in MODEL.types.values() for rule in one.boundary} == set(MODEL.sources)
    assert all(".google.com/" in source.url for source in MODEL.sources.values())


@pytest.mark.parametrize(("type_id", "leaf"), _LEAVES, ids=lambda value: str(value)[:60])
def test_a_rule_reads_a_fact(type_id: str, leaf: Condition) -> None:
    name, *attributes = leaf.fact.split(".")
    found: Any = _KINDS[type_id].facts[name].parameter
    for attribute in attributes:
        found = get_type_hints(found)[attribute]
    assert found is bool or {*(leaf.one_of or (leaf.equals,))} <= {*found.__args__}
