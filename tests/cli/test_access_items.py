"""A batch is its items, however it is cut, and whatever is broken in it costs itself alone."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.cli.access.items import LONGEST, Item, _elements, items
from scanner.cli.access.json import MOST_NESTING, read_json
from scanner.questions import BadInput

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(['"', "\\", '\\"', "[", "]}"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | FLOATS | TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
OBJECTS = st.dictionaries(TEXT, JSON, max_size=3)
IDS = TEXT | st.integers(-(2**63), 2**63 - 1)
BATCHES = st.lists(st.builds(lambda id_, rest: {**rest, "id": id_}, IDS, OBJECTS), max_size=5)
TOKENS = st.lists(st.sampled_from(['"', "\\", "[", "]", "{", "}", ",", ":", "id", "\n", "1"]))
BAD = (
    '{"id": "bad", "x": [1}',
    '{"id": "bad", "x": NaN}',
    '{"id": "bad", "x": nope}',
    '{"x": {"a": 1, "a": 2}, "id": "bad"}',
    '{"id": "bad", "x": 1, "x": 2}',
    '{"id": "bad", "x": "\\ud800"}',
    '{"id": "bad", "x": 1e999}',
    '{"id": "bad", "x": ' + "9" * 9999 + "}",
    '{"id": "bad", "x": ' + "[" * 5000 + "]" * 5000 + "}",
)
PLACES = ('{"a": 1, "a": 2}', "NaN", "-Infinity", '"\\udc00"', "1e400")


def read(content: bytes) -> list[Item]:
    return list(items(io.BytesIO(content)))


def values(found: list[Item]) -> list[Any]:
    assert [item.problem and (item.problem.pointer, item.problem.why) for item in found] == [None] * len(found)
    return [dict(item.value) for item in found]


@given(BATCHES, st.sampled_from([None, 1]), st.booleans())
def test_a_list_is_its_items(batch: list[dict[str, Any]], indent: int | None, ascii_: bool) -> None:
    text = json.dumps(batch, indent=indent, ensure_ascii=ascii_)
    assert values(read(text.encode())) == batch


@given(BATCHES, st.booleans(), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_lines_are_items(batch: list[dict[str, Any]], ascii_: bool, end: str) -> None:
    text = end.join(json.dumps(item, ensure_ascii=ascii_) for item in batch)
    assert values(read(text.encode())) == batch


@given(OBJECTS, IDS)
def test_one_object_over_many_lines_is_one_item(rest: dict[str, Any], id_: str | int) -> None:
    item = {**rest, "id": id_}
    assert values(read(json.dumps(item, indent=2).encode())) == [item]


@given(st.lists(JSON), st.integers(1, 7))
def test_elements_are_the_same_however_the_text_is_cut(batch: list[Any], size: int) -> None:
    text = json.dumps(batch, ensure_ascii=False)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(_elements(pieces)) == list(_elements([text]))


@settings(max_examples=500)
@given(st.binary(max_size=60) | TOKENS.map(lambda parts: "".join(parts).encode()))
def test_any_bytes_give_items_with_a_value_or_a_problem(content: bytes) -> None:
    for item in read(content):
        assert (item.problem is None) == (item.id is not None and "id" in item.value)


@given(
    BATCHES,
    st.integers(0, 4),
    st.sampled_from(
        [
            '{"id": "bad", "x": [1}',
            '{"id": "bad", "x": NaN}',
            '{"id": "bad", "x": nope}',
            '{"x": {"a": 1, "a": 2}, "id": "bad"}',
            '{"id": "bad", "x": 1, "x": 2}',
            '{"id": "bad", "x": "\\ud800"}',
            '{"id": "bad", "x": 1e999}',
            '{"id": "bad", "x": ' + "9" * 9999 + "}",
            '{"id": "bad", "x": ' + "[" * 5000 + "]" * 5000 + "}",
        ]
    ),
    st.booleans(),
)
def test_what_is_broken_costs_itself_alone(batch: list[dict[str, Any]], place: int, bad: str, lines: bool) -> None:
    texts = [json.dumps(item) for item in batch]
    place = min(place, len(texts))
    if lines and bad.endswith("[1}") and place == 0:
        place = len(texts)  # a first line whose brackets are open may be an object over many lines
    texts.insert(place, bad)
    found = read(("\n".join(texts) if lines else f"[{','.join(texts)}]").encode())
    if not lines and "[1}" in bad:
        assert found[-1].problem is not None  # brackets that are open swallow the rest of a list
        assert values(found[:place]) == batch[:place]
        return
    broken = found.pop(place)
    assert broken.problem is not None
    assert broken.id == "bad"
    assert values(found) == batch


@pytest.mark.parametrize("id_", ["null", "true", "[]", "{}", str(2**64), "1e999", '"\\ud800"'])
def test_an_id_that_cannot_be_repeated_is_none(id_: str) -> None:
    (item,) = read(f'[{{"id": {id_}, "provider": "p"}}]'.encode())
    assert item.id is None
    assert item.problem is not None
    assert "/id" in item.problem.pointer
    assert "item 1 of the batch" in item.problem.why


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[{"id": 1}', "the end is missing"),
        (b'[{"id": 1}] x', "something follows"),
        (b'[{"id": 1}, {"id": "x', "the end is missing"),
    ],
)
def test_a_damaged_list_is_said_after_what_stands_before(content: bytes, said: str) -> None:
    found = read(content)
    assert found[0] == Item(1, {"id": 1})
    assert found[-1].id is None
    assert found[-1].problem is not None
    assert said in found[-1].problem.why


def test_bytes_that_are_no_text_cost_their_item() -> None:
    found = read(b'[{"id": 1, "x": "\xff"}, {"id": 2}]')
    assert [item.id for item in found] == [1, 2]
    assert found[0].problem is not None
    assert (found[0].problem.pointer, found[1].problem) == ("/x", None)


@pytest.mark.parametrize("content", [b"", b" \n\n ", b"[]", b" [ ] ", b"\xef\xbb\xbf[]", b"\xef\xbb\xbf"])
def test_nothing_is_no_item(content: bytes) -> None:
    assert read(content) == []


def test_a_mark_of_byte_order_is_skipped() -> None:
    assert values(read(b'\xef\xbb\xbf[{"id": 1}]')) == [{"id": 1}]
    assert values(read(b'\xef\xbb\xbf{"id": 1}')) == [{"id": 1}]


@pytest.mark.parametrize("form", ["[%s,%s]", "%s\n%s"])
def test_what_is_too_long_costs_itself(form: str) -> None:
    long = '{"id": 1, "x": "%s"}' % ("y" * LONGEST)
    found = read((form % (long, '{"id": 2}')).encode())
    assert [item.id for item in found] == [None, 2]
    assert found[0].problem is not None
    assert "item 1 is longer than" in found[0].problem.why


@given(JSON)
def test_what_is_read_is_what_was_written(value: Any) -> None:
    assert read_json(json.dumps(value)) == value


@given(
    JSON,
    st.lists(TEXT | st.integers(0, 2), max_size=4),
    st.sampled_from(['{"a": 1, "a": 2}', "NaN", "-Infinity", '"\\udc00"', "1e400"]),
)
def test_the_pointer_leads_to_the_place(value: Any, path: list[str | int], bad: str) -> None:
    text = bad
    for step in reversed(path):
        text = (
            f"[{'0, ' * step}{text}, {json.dumps(value)}]"
            if isinstance(step, int)
            else f"{{{json.dumps(step)}: {text}}}"
        )
    with pytest.raises(BadInput) as raised:
        read_json(text)
    expected = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    assert raised.value.pointer == expected + ("/a" if bad.startswith("{") else "")


@pytest.mark.parametrize("depth", [MOST_NESTING, MOST_NESTING + 1, 100_000])
def test_nesting_has_an_end(depth: int) -> None:
    text = "[" * depth + "]" * depth
    if depth <= MOST_NESTING:
        assert read_json(text)
    else:
        with pytest.raises(BadInput, match="nested deeper"):
            read_json(text)
