"""Values that are made smaller."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.sinks.shorten import GONE, LEAST, MORE, shortened, size_of

texts = st.text(st.characters(), max_size=200) | st.sampled_from(["x" * 3000, "\U0001f600" * 500, '"' * 500])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(texts, inner, max_size=8),
    max_leaves=20,
)


@given(values, st.integers(LEAST, 2000))
def test_whatever_it_is_has_room_and_is_itself_where_it_had(value: Any, octets: int) -> None:
    found = shortened(value, octets)
    assert size_of(found) <= octets
    if size_of(value) <= octets:
        assert found == value
    elif not isinstance(value, int):
        assert type(found) is type(value)
        assert "left out" in str(found)


def test_a_text_keeps_its_beginning_and_says_what_is_missing() -> None:
    found = shortened("abc" * 1000, 300)
    assert found.startswith("abcabc")
    kept, _, rest = found.partition("... (")
    assert rest == f"{3000 - len(kept)} characters left out)"
    assert size_of(found) > 200


def test_a_list_keeps_its_first_items() -> None:
    found = shortened(list(range(1000)), 400)
    assert found[:5] == [0, 1, 2, 3, 4]
    assert found[-1] == f"... ({1000 - (len(found) - 1)} items left out)"
    assert shortened(["x" * 1000], 300)[0].startswith("xxx")


def test_an_object_keeps_its_small_members_and_their_order() -> None:
    value = {"z": 1, "large": "x" * 5000, "a": 2, "larger": ["y" * 5000], "b": {"c": 3}}
    found = shortened(value, 1500)
    assert list(found) == ["z", "large", "a", "larger", "b"]
    assert (found["z"], found["a"], found["b"]) == (1, 2, {"c": 3})
    assert found["large"].startswith("xxx")
    assert found["larger"][0].startswith("yyy")
    assert size_of(found) > 1000
    many = shortened({str(number): number for number in range(1000)}, 500)
    assert many[MORE] == f"{1000 - (len(many) - 1)} members"


@pytest.mark.parametrize("depth", [39, 45, 400])
def test_what_is_nested_deeply_ends_somewhere(depth: int) -> None:
    value: Any = "x" * 20_000
    for _ in range(depth):
        value = {"a": value}
    found = shortened(value, 10_000)
    assert size_of(found) <= 10_000
    assert (GONE in str(found)) is (depth > 40)
