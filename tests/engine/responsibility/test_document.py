"""Strict YAML: what it reads, what it refuses, and where it says the fault is."""

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scanner.document import DEEPEST, LONGEST, DataError, load, parse


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    enabled: bool = False
    size: int = 0
    since: date | None = None
    tags: dict[str, str] = {}


class Items(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: tuple[Item, ...]


printable = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | printable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(printable, inner, max_size=4),
    max_leaves=20,
)


def fault(text: str) -> DataError:
    with pytest.raises(DataError) as caught:
        parse(text, Items, "file.yaml")
    assert caught.value.path == "file.yaml"
    return caught.value


@given(values)
def test_quoted_texts_containers_and_constants_come_back_as_written(value: object) -> None:
    assert parse(json.dumps(value, ensure_ascii=False), object, "") == value


@given(values)
def test_what_the_library_writes_in_block_style_comes_back(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=False)
    if "&" not in text and "!" not in text:
        assert parse(text, object, "") == value


@given(st.text(st.sampled_from("ab:-[]{}\"'|>&*!?#%@\n \t,\\~0\ud800")) | st.text())
def test_any_text_is_read_or_refused_with_a_line_of_it(text: str) -> None:
    try:
        parse(text, object, "file")
    except DataError as error:
        assert 0 <= error.line <= text.count("\n") + text.count("\r") + 2
        assert str(error).startswith("file:")


@pytest.mark.parametrize(
    "written", ["no", "Off", "y", "0123", "0o17", "0x1F", "12:30:45", "1_000", ".inf", "2026-01-31", "3.10", "="]
)
def test_no_plain_word_is_taken_for_something_else(written: str) -> None:
    assert parse(f"items: [{{name: {written}}}]", Items, "") == Items((Item(written),))


def test_the_asked_type_makes_numbers_and_dates() -> None:
    item = parse("items: [{name: 007, enabled: true, size: 12, since: 2026-01-31}]", Items, "").items[0]
    assert item == Item("007", True, 12, date(2026, 1, 31))
    assert parse("items: [{name: '', since: ~}]", Items, "").items[0].since is None
    assert "true or false" in fault("items: [{name: a, enabled: no}]").message
    assert "size" in fault("items: [{name: a, size: 0123}]").message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("items:\n- name: a\n- name: b\n  name: c", 4, "'name' stands here a second time"),
        ("items: []\nitems: []", 2, "'items' stands here a second time"),
        ("a: &x 1\nitems: []", 1, "anchors"),
        ("items: []\nb: *x", 2, "aliases"),
        ("items: !!python/tuple []", 1, "tag"),
        ("items: []\n---\nitems: []", 2, "second document"),
        ("? [a]\n: b", 1, "key must be plain text"),
        ("items:\n- name: a\n- {name: b, size: many}", 3, "items[1].size"),
        ("items:\n- name: a\n  colour: red", 3, "colour"),
        ("items:\n- size: 1", 2, "missing required field `name`"),
        ("items:\n- name: a\n  tags:\n    x: true", 3, "text"),
        ("items:\n- name: ]", 2, "not YAML"),
        ("items:\n- name: [a]", 2, "Expected text"),
        ("items: \0", 0, "not YAML"),
        ("items:\n- \ud800", 2, "half a character"),
        ("", 1, "Expected a mapping, got nothing"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, line: int, words: str) -> None:
    error = fault(text)
    assert (error.line, words in error.message) == (line, True), str(error)


@pytest.mark.parametrize("nested", ["[" * 10_000, "- " * 10_000, "{a: " * 200, "[" * 60 + "]" * 60])
def test_depth_is_bounded(nested: str) -> None:
    assert any(word in fault(nested).message for word in ("deeper", "depth"))
    assert parse("[" * DEEPEST + "]" * DEEPEST, object, "")


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert fault("\n".join(lines)).line == 1


def test_size_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (LONGEST + 1))
    with pytest.raises(DataError, match="larger than"):
        load(path, Items)
    with pytest.raises(DataError, match="longer than"):
        parse("#" * (LONGEST + 1), Items, "")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.yaml: cannot be read \(No such file"):
        load(tmp_path / "absent.yaml", Items)
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path, Items)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"items:\n- name: caf\xe9\n")
    with pytest.raises(DataError, match=r"latin\.yaml:2: is not UTF-8"):
        load(latin, Items)
