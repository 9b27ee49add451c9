"""Pages about one thing: whatever others wrote shows as itself, on a terminal and in a ticket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scanner.report.labelled import Code, Link, Piece, Prose, Sheet, as_markdown, at_spaces, line, on_terminal, section
from scanner.report.terminal import Terminal
from tests.engine.report.hostile import texts
from tests.engine.report.sample import HOSTILE

pieces: st.SearchStrategy[Piece] = st.one_of(
    texts, st.builds(Code, texts), st.builds(Link, texts, texts), st.builds(Prose, texts)
)


def sheet(title: str, *said: Piece) -> Sheet:
    return Sheet(title, (section("About", [line("first", *said), line("second", "x")]), section("Empty", [])))


@given(texts, st.lists(pieces, max_size=3), st.sampled_from([60, 100, 200]))
def test_nothing_steers_a_terminal_and_one_word_alone_is_wider_than_it(
    title: str, said: list[Piece], width: int
) -> None:
    shown = "".join(on_terminal(sheet(title, *said), Terminal(width)))
    assert all(character.isprintable() for character in shown.replace("\n", ""))
    for row in shown.split("\n"):
        assert cell_len(row) <= width or " " not in row.removeprefix("first").strip()
    assert "Empty" not in shown


@given(st.text("ab =,|"), st.integers(1, 12))
def test_rows_break_at_spaces_only(text: str, width: int) -> None:
    rows = list(at_spaces(text, width))
    assert " ".join(rows).split() == text.split()
    for row in rows:
        assert len(row) <= width or " " not in row.strip()


@pytest.mark.parametrize("width", [20, 40, 80])
def test_what_is_copied_is_whole_however_narrow_the_terminal(width: int) -> None:
    command = f"lab store put-public-block --configuration {'RestrictPublicBuckets=true,' * 6}x"
    address = f"https://docs.example/{'long-' * 30}page.html"
    shown = "".join(
        on_terminal(sheet(address, Code(command), Link(address, "The page"), Prose(command)), Terminal(width))
    )
    assert " ".join(shown.split()).count(command) == 2
    assert shown.split().count(address) == 2


@given(texts, st.lists(pieces, max_size=3))
def test_a_ticket_has_the_lines_that_we_wrote_and_no_others(title: str, said: list[Piece]) -> None:
    shown = "".join(as_markdown(sheet(title, *said)))
    assert all(character.isprintable() for character in shown.replace("\n", ""))
    rows = shown.rstrip("\n").split("\n")
    assert rows[0].startswith("# ")
    assert [row for row in rows if row.startswith("#")] == [rows[0], "## About"]
    kept = [each for each in said if each]
    assert len(rows) == 4 + bool(kept) + 1 + (len(kept) if len(kept) > 1 else 0)


def test_hostile_names_are_shown() -> None:
    shown = "".join(on_terminal(sheet(HOSTILE, HOSTILE), Terminal(100)))
    assert "\\x1b[31mred" in shown
    assert "\\u202e" in shown
