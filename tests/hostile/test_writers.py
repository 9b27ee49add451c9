"""Whatever others wrote into what is reported, no format lets it act, and none loses a finding for it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from scanner.cli import doors
from scanner.report.report import Report
from scanner.report.terminal import Terminal
from tests.effort import share
from tests.hostile.corpus import PAYLOADS, SHARP
from tests.hostile.laws import LAWS, STYLES, safe
from tests.hostile.reports import drenched, hostile, long, of_aws

FORMATS = doors.writer_names()
PARTS = ("first", "second", "third")
"""Of the payloads, every third each."""


def written(name: str, report: Report) -> str:
    """What a writer makes of a report, of which it must not have lost anything."""
    lost: list[tuple[str, ...]] = []

    def keep() -> Generator[str, None, None]:
        pieces: Any = doors.writer(name)(report)
        lost.append((yield from pieces) or ())

    text = "".join(keep())
    assert lost == [()]
    return text


def test_how_each_format_is_read_back_is_known() -> None:
    assert sorted(set(FORMATS) - set(LAWS)) == [], "say in tests/hostile/laws.py how such a report is read back"


def check(name: str, report: Report) -> None:
    if name == "asff":
        # It has words for accounts of AWS alone.
        report = of_aws(report)
    text = written(name, report)
    safe(text, report)
    LAWS[name](text, report)


@pytest.mark.parametrize("name", FORMATS)
def test_each_sort_of_payload_in_each_place_by_itself(name: str) -> None:
    check(name, hostile())


@pytest.mark.parametrize("name", FORMATS)
def test_long_texts_in_each_place(name: str) -> None:
    check(name, long())


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"html"}))
def test_each_payload_in_all_places_at_once(name: str) -> None:
    for payload in PAYLOADS.values():
        check(name, drenched(payload))


@pytest.mark.parametrize("part", share(PARTS, len(PARTS)))
def test_each_payload_in_all_places_of_a_page(part: str) -> None:
    """A page takes longer to make and to read than all other formats together."""
    for payload in [*PAYLOADS.values()][PARTS.index(part) :: len(PARTS)]:
        check("html", drenched(payload))


def test_colours_are_all_that_a_terminal_is_told() -> None:
    for report in (hostile(), *map(drenched, SHARP.values())):
        plain, coloured = (
            written("table", replace(report, terminal=Terminal(colour=colour))) for colour in (False, True)
        )
        lines = [line.rstrip() for line in STYLES.sub("", coloured).split("\n")]
        assert lines == [line.rstrip() for line in plain.split("\n")]
