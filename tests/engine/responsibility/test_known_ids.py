"""Stored lists of ids: what is cited stands in them, and a version that changes is noticed."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.document import DataError
from scanner.responsibility.known_ids import IdList, read_list, stored_lists, strangers
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ResponsibilityModel

MODEL = load_model()
LISTS = stored_lists()
CITED = sorted({(duty, control) for duty in MODEL.duties for control in MODEL.core.controls[duty].items()})


def test_every_citation_stands_in_the_list_of_its_version() -> None:
    assert list(strangers(MODEL, LISTS)) == []
    assert set(LISTS) == set(MODEL.frameworks)


@pytest.mark.parametrize(
    ("framework", "count"),
    [("csa-ccm-4.0", 197), ("csa-ccm-4.1", 207), ("iso-27001", 93), ("cis-controls-8.1", 153), ("soc2", 61)],
)
def test_a_list_is_as_long_as_its_publisher_says(framework: str, count: int) -> None:
    assert len(LISTS[framework].ids) == count


@settings(max_examples=30)
@given(st.sampled_from(CITED), st.data())
def test_an_id_that_a_list_lacks_is_noticed(
    citation: tuple[str, tuple[str, tuple[str, ...]]], data: st.DataObject
) -> None:
    _, (framework, ids) = citation
    lost = data.draw(st.sampled_from(ids))
    kept = tuple(each for each in LISTS[framework].ids if each != lost)
    lists = {**LISTS, framework: msgspec.structs.replace(LISTS[framework], ids=kept)}
    assert any(repr(lost) in text and framework in text for text in strangers(MODEL, lists))


@settings(max_examples=30)
@given(st.sampled_from(sorted(MODEL.frameworks)), st.text(min_size=1, max_size=5))
def test_another_version_is_noticed_until_its_ids_are_read(framework: str, suffix: str) -> None:
    frameworks = tuple(
        msgspec.structs.replace(each, version=each.version + suffix) if each.id == framework else each
        for each in MODEL.core.frameworks
    )
    renewed = ResponsibilityModel(msgspec.structs.replace(MODEL.core, frameworks=frameworks))
    (text,) = strangers(renewed, LISTS)
    assert text.startswith(f"{framework}: ") and "read the ids of that version" in text


def test_a_framework_without_a_list_is_noticed() -> None:
    (text,) = strangers(MODEL, {name: each for name, each in LISTS.items() if name != "hipaa"})
    assert text.startswith("hipaa: no list")


HEAD = "# framework: f\n# version: 1\n# source: s\n# read: 2026-01-31\n"


def test_what_a_list_says(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text(f"{HEAD}# count: 2\n# note: all\nA&A-01\nA.1: (b)\n")
    (found,) = stored_lists(tmp_path).values()
    assert found.ids == ("A&A-01", "A.1: (b)") and found.note == "all" and isinstance(found, IdList)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HEAD}# count: 3\na\nb\n", "counts 3 ids, 2 follow"),
        (f"{HEAD}# count: 2\na\na\n", "line"),
        (f"{HEAD}# count: 2\na\n\n", "line"),
        (f"{HEAD}a\n", "count"),
        (HEAD.replace("framework: f", "framework: g") + "# count: 1\na\n", "'g'"),
    ],
)
def test_a_broken_list_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=says):
        read_list(path)
