"""A snapshot is the estate again, or a SnapshotError that says in which line it is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from scanner.facts import Fact, Unread, UnreadFact
from scanner.model import EXAMPLE_TIME, Estate
from scanner.scope import Span
from scanner.snapshot import SnapshotError, lines, read
from tests.engine import papercloud
from tests.engine.office import FULL, Papers, papers
from tests.engine.papercloud import CALLS, KINDS, Container, Drawer, Office, PaperSession
from tests.engine.rules import collect, collection, judge, portrait

PERMISSIONS = sorted({permission for call in CALLS for permission in call.permissions})


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("snapshots") / "saved"


def saved(file: Path, estates: list[Estate]) -> Path:
    file.write_text("".join(lines(estates, "1.2.3")), encoding="utf-8")
    return file


@settings(max_examples=50, deadline=None)
@given(papers(), st.sets(st.sampled_from(PERMISSIONS), max_size=3))
def test_judged_again_it_gives_equal_findings_in_the_same_order(file: Path, office: Papers, denied: set[str]) -> None:
    estate = collect(PaperSession({"one": office.answers()}, denied=frozenset(denied)))
    (again,) = read(saved(file, [estate]), KINDS)
    assert judge(again) == judge(estate)
    assert portrait(again) == portrait(estate)
    assert (again.scope, again.taken_at, again.vanished) == (estate.scope, estate.taken_at, estate.vanished)


def test_when_a_scope_was_read_is_told_where_there_is_a_clock(file: Path) -> None:
    reading = collection(PaperSession({"one": FULL.answers()}))
    moments = iter([EXAMPLE_TIME, EXAMPLE_TIME + timedelta(minutes=2)])
    reading.clock = lambda: next(moments)
    estates = list(reading)
    assert [each.reading for each in estates] == [Span(EXAMPLE_TIME, EXAMPLE_TIME + timedelta(minutes=2))]
    assert [each.reading for each in read(saved(file, estates), KINDS)] == [estates[0].reading]
    timeless = [collect(PaperSession({"one": FULL.answers()}))]
    assert [each.reading for each in timeless + read(saved(file, timeless), KINDS)] == [UNSET, UNSET]
    assert '"reading"' not in file.read_text()


def test_every_value_is_of_the_type_that_it_had(file: Path) -> None:
    estate = collect(PaperSession({"one": FULL.answers()}))
    (again,) = read(saved(file, [estate]), KINDS)
    for kind, found in estate.resources.items():
        for before, after in zip(found, again.resources[kind], strict=True):
            assert before.identity == after.identity
            assert {name: (type(value), value) for name, value in before.stored.items()} == {
                name: (type(value), value) for name, value in after.stored.items()
            }


def test_several_scopes_stay_several(file: Path) -> None:
    scopes = [papercloud.scope("one"), papercloud.scope("two", regions=["south"], restricted=True)]
    session = PaperSession({name: FULL.answers(name) for name in ("one", "two")})
    estates = sorted(collection(session, scopes=scopes), key=lambda estate: estate.scope.uid)
    again = read(saved(file, estates), KINDS)
    assert [portrait(estate) for estate in again] == [portrait(estate) for estate in estates]
    assert [estate.scope for estate in again] == scopes


def test_what_many_scopes_lead_to_is_written_once(tmp_path: Path) -> None:
    """It is whole again in each of them, and written anew where it was read otherwise."""
    drawer = next(collect(PaperSession({"one": FULL.answers()})).of(Drawer))
    other = type(drawer)(drawer.identity, {**drawer.stored, "policy": Unread.denied("paper:DrawerPolicy")})
    found = [drawer, drawer, other, drawer, drawer]
    estates = [
        Estate(papercloud.scope(str(number)), EXAMPLE_TIME, {Drawer: []}, {one.uid: one})
        for number, one in enumerate(found)
    ]
    path = saved(tmp_path / "saved", estates)
    written = path.read_bytes().splitlines(keepends=True)
    assert [json.loads(line)["line"] for line in written if b"drawer" in line and b'"scope"' not in line[:20]] == [
        *("resource", "again", "resource", "resource", "again")
    ]
    again = read(path, KINDS)
    assert [estate.others[drawer.uid].stored for estate in again] == [dict(one.stored) for one in found]
    assert [estate.others[drawer.uid].scope for estate in again] == [estate.scope for estate in estates]
    first = next(number for number, line in enumerate(written) if b'"again"' in line)
    doubled = b"".join([*written[: first + 1], *written[first : first + 1], *written[first + 2 :]])
    assert "stands there twice" in refused(tmp_path, doubled)
    lost = b"".join([*written[: first - 2], *written[first - 1 :]]).replace(b'"lines":12', b'"lines":11')
    assert "stands nowhere before" in refused(tmp_path, lost)


def test_what_was_refused_is_refused_still(file: Path) -> None:
    estate = collect(PaperSession({"one": FULL.answers()}, denied=frozenset({"paper:DrawerPolicy", "paper:AllStaff"})))
    (again,) = read(saved(file, [estate]), KINDS)
    assert list(again.gaps) == list(estate.gaps)
    with pytest.raises(UnreadFact) as raised:
        _ = next(again.of(Drawer)).policy
    assert raised.value.unread[0].needs == ("paper:DrawerPolicy",)


def test_a_fact_that_todays_kind_added_was_not_collected(file: Path) -> None:
    class Today(Container, type_id="paper.shelves.drawer"):
        listed = Drawer.listed
        label = Container.label.listed(lambda item: item["Label"])
        oiled = Fact[bool]("It does not creak.").read(papercloud.LOCK, lambda a: a["Oiled"])

        @property
        def unused(self) -> None:
            """Not a fact."""

    saved(file, [collect(PaperSession({"one": FULL.answers()}))])
    (again,) = read(file, [Today, *(kind for kind in KINDS if kind is not Drawer)])
    drawer = next(again.of(Today))
    assert drawer.stored.keys() == {"label"}
    with pytest.raises(UnreadFact) as raised:
        _ = drawer.bound(_view(again, Today.oiled)).oiled
    (unread,) = raised.value.unread
    assert (unread.why, unread.fact, unread.needs) == ("not-collected", "container.oiled", ("paper:DrawerLock",))


def _view(estate: Estate, fact: Fact[Any]) -> Any:
    from scanner.facts import Reads
    from scanner.model import View

    return View(Reads.of([fact]), estate)


# --- files that are none --------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path) -> list[bytes]:
    session = PaperSession({"one": FULL.answers()}, denied=frozenset({"paper:ListCameras"}))
    return saved(tmp_path / "whole", [collect(session)]).read_bytes().splitlines(keepends=True)


def refused(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with pytest.raises(SnapshotError) as raised:
        read(path, KINDS)
    text = str(raised.value)
    assert text.startswith(f"{path}:")
    return text.removeprefix(f"{path}:")


def test_a_file_that_is_cut_anywhere_is_none(tmp_path: Path, written: list[bytes]) -> None:
    whole = b"".join(written)
    for end in [0, 1, *range(7, len(whole) - 1, 97), len(whole) - 2]:
        refused(tmp_path, whole[:end])
    for lost in range(1, len(written)):
        assert refused(tmp_path, b"".join(written[:lost])).startswith(f"{lost}: the file is cut")


def test_a_file_that_lost_or_doubled_a_line_is_none(tmp_path: Path, written: list[bytes]) -> None:
    for number in range(len(written)):
        refused(tmp_path, b"".join(written[:number] + written[number + 1 :]))
        refused(tmp_path, b"".join([*written[: number + 1], *written[number:]]))


def test_a_line_in_place_of_another_is_named(tmp_path: Path, written: list[bytes]) -> None:
    at = drawer_line(written)
    doubled = b"".join([*written[:at], written[at + 1], *written[at + 1 :]])
    assert "stands there twice" in refused(tmp_path, doubled)


def test_lines_in_another_order_are_none(tmp_path: Path, written: list[bytes]) -> None:
    head, scope, resource, end = written[0], written[1], written[2], written[-1]
    assert refused(tmp_path, scope + head).startswith("1: this is not the beginning")
    assert refused(tmp_path, head + resource + scope + end).startswith("2: a line where none belongs")
    assert refused(tmp_path, head + head).startswith("2: this is not the beginning")
    assert refused(tmp_path, head + b'{"line":"end","lines":2}\n' + scope).startswith("3: a line where none belongs")


def edited(written: list[bytes], number: int, edit: Callable[[dict[str, Any]], None]) -> bytes:
    record = json.loads(written[number])
    edit(record)
    return b"".join([*written[:number], json.dumps(record).encode() + b"\n", *written[number + 1 :]])


def drawer_line(written: list[bytes]) -> int:
    return next(number for number, line in enumerate(written) if b'"type":"paper.shelves.drawer"' in line)


def test_a_newer_format_says_by_whom(tmp_path: Path, written: list[bytes]) -> None:
    newer = edited(written, 0, lambda head: head.update(format=2, version="9.9.9", more=True))
    assert refused(tmp_path, newer) == "1: snapshot format 2 was written by ourside 9.9.9; this one reads 1"


def test_an_unknown_type_names_it(tmp_path: Path, written: list[bytes]) -> None:
    at = drawer_line(written)
    told = refused(tmp_path, edited(written, at, lambda record: record.update(type="other.kind")))
    assert told.startswith(f"{at + 1}: unknown resource type 'other.kind'")
    told = refused(tmp_path, edited(written, 1, lambda record: record["kinds"].append("other.kind")))
    assert told.startswith("2: unknown resource type")
    gap = next(number for number, line in enumerate(written) if b'"line":"gap"' in line)
    assert refused(tmp_path, edited(written, gap, lambda record: record.update(type="x"))).startswith(f"{gap + 1}:")


@pytest.mark.parametrize(
    ("fact", "value"),
    [("lock", 3), ("lock", None), ("polished", "true"), ("policy", "ajar"), ("made", "tomorrow"), ("keys", [{}])],
)
def test_a_value_of_another_type_names_the_fact(tmp_path: Path, written: list[bytes], fact: str, value: object) -> None:
    at = drawer_line(written)
    told = refused(tmp_path, edited(written, at, lambda record: record["facts"].update({fact: value})))
    assert told.startswith(f"{at + 1}: fact {fact} of paper:drawer:")


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"null\n",
        b"[]\n",
        b"{}\n",
        b'{"line":"song"}\n',
        b"\xff\xfe\n",
        b'{"line":"resource","type":"paper.shelves.drawer"}\n',
        b"[" * 100_000 + b"\n",
        b'{"line":"gap","type":"paper.shelves.drawer","region":"r","unread":{"why":"odd"}}\n',
    ],
    ids=lambda line: repr(line[:20]),
)
def test_a_damaged_line_is_named(tmp_path: Path, written: list[bytes], line: bytes) -> None:
    assert refused(tmp_path, b"".join([*written[:3], line, *written[3:]])).startswith("4: not a line of a snapshot")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_flipped_bytes_give_an_estate_or_a_snapshot_error_and_nothing_else(file: Path, data: st.DataObject) -> None:
    content = bytearray("".join(_whole()).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(content)
    try:
        estates = read(file, KINDS)
    except SnapshotError as error:
        assert str(error).startswith(f"{file}:")
    else:
        for estate in estates:
            judge(estate)


def _whole() -> Iterator[str]:
    return lines([collect(PaperSession({"one": FULL.answers()}))], "1")


@pytest.mark.parametrize("name", ["absent", "."])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(SnapshotError, match="cannot be read"):
        read(tmp_path / name, KINDS)


def test_facts_that_todays_kinds_no_longer_have_are_left_out(tmp_path: Path, written: list[bytes]) -> None:
    path = tmp_path / "old"
    at = drawer_line(written)

    def add(record: dict[str, Any]) -> None:
        record["facts"].update(forgotten=[1], access={"layers": []})
        record["unread"].update(forgotten_too={"why": "denied"}, heavy={"why": "denied"})

    path.write_bytes(edited(written, at, add))
    (estate,) = read(path, KINDS)
    stored = next(estate.of(Drawer)).stored
    assert not {"forgotten", "forgotten_too", "access", "heavy"} & stored.keys()
    assert isinstance(next(estate.of(Office)).stored["sealed"], bool | Unread)
