"""What a terminal can show: the user's word first, then the terminal's."""

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator, Mapping
from datetime import date
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.history import Day, Trend, TrendRow
from scanner.report import trending
from scanner.report.terminal import NARROWEST, NO_TERMINAL_WIDTH, WIDEST, Terminal, terminal_of


@pytest.fixture
def screen() -> Iterator[IO[str]]:
    """A real terminal, 90 columns wide."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    with os.fdopen(follower, "w", encoding="utf-8") as stream:
        yield stream
    os.close(leader)


@pytest.mark.parametrize(
    ("environment", "colour"),
    [
        ({}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
    ],
)
def test_colour_on_a_terminal(screen: IO[str], environment: Mapping[str, str], colour: bool) -> None:
    assert terminal_of(screen, environment) == Terminal(90, colour)


@pytest.mark.parametrize(
    ("environment", "terminal"),
    [
        ({}, Terminal(NO_TERMINAL_WIDTH, False)),
        ({"FORCE_COLOR": "1"}, Terminal(NO_TERMINAL_WIDTH, True)),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(NO_TERMINAL_WIDTH, False)),
        ({"COLUMNS": "132"}, Terminal(132, False)),
    ],
)
def test_what_is_no_terminal_gets_plain_text(environment: Mapping[str, str], terminal: Terminal) -> None:
    assert terminal_of(io.StringIO(), environment) == terminal


def test_columns_win_over_the_terminal(screen: IO[str]) -> None:
    assert terminal_of(screen, {"COLUMNS": "120"}).width == 120


@given(st.text() | st.integers().map(str))
def test_any_width_becomes_one_that_can_be_used(columns: str) -> None:
    assert NARROWEST <= terminal_of(io.StringIO(), {"COLUMNS": columns}).width <= WIDEST


@pytest.mark.parametrize(("encoding", "bars"), [("utf-8", "▁█"), ("cp437", "_#"), ("ascii", "_#"), ("latin-1", "_#")])
def test_bars_are_of_signs_that_the_stream_can_carry(encoding: str, bars: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    days = tuple(Day(date(2026, 11, 1 + number), number, 0, 0) for number in range(2))
    row = TrendRow(
        name="a", days=days, open=1, opened=1, resolved=0, overdue=0, resolution=None, lag=None,
    )  # fmt: skip
    trend = Trend("owner", days[0].day, tuple(day.day for day in days), (row,))
    stream.write(text := "".join(trending.lines(trend, "history", terminal_of(stream, {}))))
    assert text.splitlines()[3].endswith(f" {bars}")
