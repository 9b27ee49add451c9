"""Where resources are written: told by the entry, refused where it leads out of its folder, kept by snapshots."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.cli import doors
from scanner.collect import Collection
from scanner.facts import every
from scanner.model import GLOBAL, Estate, Listing, Resource
from scanner.passage import Passage
from scanner.plan import Plan
from scanner.provider import Target
from scanner.snapshot import SnapshotError, lines, read
from tests.engine import papercloud
from tests.engine.papercloud import DRAWERS, PaperSession
from tests.engine.rules import QUICK, TAKEN_AT
from tests.hostile.corpus import PAYLOADS


class Note(Resource, kind="note", type_id="paper.shelves.note"):
    listed = Listing(
        uid="paper:note:{Name}",
        name="{Name}",
        call=DRAWERS,
        written=lambda item: Passage(**item["Where"]) if item["Where"] else None,
    )


def estate_of(**where: object) -> Estate:
    """Notes by name, and where they are written."""
    drawers = [{"Name": name, "Where": place} for name, place in where.items()]
    session = PaperSession({"one": {("ListDrawers", GLOBAL, ""): {"drawers": drawers}}})
    plan = Plan.reading((every(Note),), (Note,))
    (estate,) = Collection(plan, session, Target((papercloud.scope(),)), TAKEN_AT, QUICK)
    return estate


def written(estate: Estate) -> dict[str, Passage | None]:
    return {note.name: note.identity.written for note in estate.of(Note)}


LINES: dict[str, Any] = {"file": "shelves/öne two.json", "first_line": 3, "last_line": 8}


def test_what_the_entry_tells_is_of_the_resource() -> None:
    estate = estate_of(told=LINES, untold=None)
    assert written(estate) == {"told": Passage("shelves/öne two.json", 3, 8), "untold": None}
    assert not estate.defects


@pytest.mark.parametrize(
    "where",
    [{"file": "../secret", "first_line": 1}, {"file": "a", "first_line": 0}, {"file": None, "first_line": 1}, {"a": 1}],
)
def test_a_place_that_is_none_is_a_defect_and_costs_the_resource_nothing_else(where: dict[str, Any]) -> None:
    estate = estate_of(good=LINES, bad=where)
    assert written(estate) == {"good": Passage(**LINES), "bad": None}
    (defect,) = estate.defects
    assert defect.startswith("where paper:note:bad is written: ")
    assert not estate.gaps


def test_a_snapshot_keeps_it_and_has_no_word_of_what_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "saved"
    saved = list(lines([estate_of(told=LINES, untold=None)], "1.2.3"))
    path.write_text("".join(saved))
    (again,) = read(path, (Note,))
    assert written(again) == {"told": Passage(**LINES), "untold": None}
    assert ['"written"' in line for line in saved if '"note:' in line or "paper:note:" in line] == [True, False]
    path.write_text("".join(saved).replace("shelves/", "../"))
    with pytest.raises(SnapshotError, match=r"saved:\d+: .*is no file within a folder"):
        read(path, (Note,))


@pytest.mark.parametrize(
    "file",
    [
        *("", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", "file:///etc/passwd", "https://evil.example/a"),
        *("..\\a", "\\\\host\\share", "a\\b", "C:\\a", "C:/a", "c:a", "a\nb", "a\x00", "\x1b[2J", "a\x9b", "a\ud800"),
    ],
)
def test_what_leads_elsewhere_is_refused(file: str) -> None:
    with pytest.raises(ValueError, match="is no file within a folder"):
        Passage(file, 1)


@given(st.one_of(st.sampled_from([*PAYLOADS.values()]), st.text("./\\:aC\x00é ", max_size=8)))
def test_what_is_not_refused_stays_in_its_folder_wherever_it_is_read(file: str) -> None:
    try:
        Passage(file, 1)
    except ValueError:
        return
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind("root") / file
        assert path.parts[0] == "root" and ".." not in path.parts
        assert len(path.parts) == len(file.split("/")) + 1
    assert file.isprintable() or not file.isascii()


@pytest.mark.parametrize(("first", "last"), [(0, None), (-1, 2), (2, 1), (1.0, None), ("1", None), (True, None)])
def test_lines_are_counted_from_one_and_in_order(first: Any, last: Any) -> None:
    with pytest.raises(ValueError, match="are no lines of a file"):
        Passage("a", first, last)


@pytest.mark.parametrize(("last", "text"), [(None, "a/b.json:3"), (3, "a/b.json:3"), (9, "a/b.json:3-9")])
def test_it_is_said_as_editors_take_it(last: int | None, text: str) -> None:
    assert str(Passage("a/b.json", 3, last)) == text


def test_no_live_cloud_says_that_its_resources_are_written_somewhere() -> None:
    kinds = [kind for provider in doors.providers().values() for kind in provider.kinds()]
    assert {kind.type_id.partition(".")[0] for kind in kinds} >= {"aws", "azure", "gcp"}
    assert [kind for kind in kinds if kind.listed is not None and kind.listed.written is not None] == []
