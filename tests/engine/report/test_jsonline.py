"""One value, one line, whatever is in it."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scanner.jsonline import json_line, well_formed
from tests.engine.report.hostile import texts


class Pair(msgspec.Struct, frozen=True, omit_defaults=True):
    left: object
    right: tuple[object, ...] = ()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_every_parser_reads_the_same_value_back(value: object) -> None:
    line = json_line(value)
    assert line.isascii() and line.isprintable()
    assert json.loads(line) == msgspec.json.decode(line) == well_formed(value)


@given(values)
def test_a_value_without_lone_surrogates_comes_back_as_it_was(value: object) -> None:
    if value == well_formed(value):
        assert json.loads(json_line(value)) == value


def test_a_lone_surrogate_is_written_out_at_any_depth() -> None:
    pair = Pair(left={"a\ud800": [("\udfff",)]}, right=())
    assert json.loads(json_line(pair)) == {"left": {"a\\ud800": [["\\udfff"]]}}
