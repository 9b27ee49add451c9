"""Calls that bear few a second are asked no more often, and no further page once what is wanted was found."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping

import pytest

from scanner.facts import Answer, Call
from scanner.lane import Request
from scanner.model import EXAMPLE_SCOPE, Scope
from scanner.provider import Page
from scanner.schedule import Limits, Scheduler

LOOKUP = Call("log", "Lookup", {"of": "a"}, items="rows")


def run(call: Call, pages: int, limits: Limits, times: int = 1) -> tuple[list[Answer], list[float]]:
    """The pages that came, and when each was asked for; each row says the number of its page."""
    came: list[Answer] = []
    asked: list[float] = []
    ended: list[str] = []

    def ask(scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        asked.append(time.monotonic())
        number = int(str(params.get("page", 0)))
        return Page({"rows": [number]}, {"page": number + 1} if number + 1 < pages else None)

    scheduler = Scheduler(limits)
    for _ in range(times):
        scheduler.submit(
            Request(
                ask,
                EXAMPLE_SCOPE,
                "here",
                call,
                {"of": "a"},
                on_page=came.append,
                on_end=lambda: ended.append("end"),
                on_failure=lambda failure: ended.append(failure.detail),
                lane=("scope", "log"),
            )
        )
    try:
        while len(ended) < times:
            scheduler.step()
    finally:
        scheduler.close()
    assert set(ended) == {"end"}
    return came, asked


@pytest.mark.parametrize("wanted", [0, 2, 4])
def test_pages_end_where_what_is_wanted_is_found(wanted: int) -> None:
    def enough(answer: Answer, params: Mapping[str, object]) -> bool:
        assert params == {"of": "a"}
        return wanted in answer["rows"]

    came, _ = run(dataclasses.replace(LOOKUP, enough=enough), 5, Limits())
    assert [page["rows"] for page in came] == [[number] for number in range(wanted + 1)]


def test_without_it_all_pages_come() -> None:
    assert len(run(LOOKUP, 5, Limits())[0]) == 5


def test_a_rate_is_kept_from_the_first_call_to_the_last() -> None:
    _, asked = run(dataclasses.replace(LOOKUP, rate=50.0), 1, Limits(), times=12)
    assert max(asked) - min(asked) >= 10 / 50


def test_a_rate_is_left_alone_where_nothing_is_paced() -> None:
    _, asked = run(dataclasses.replace(LOOKUP, rate=1.0), 1, Limits(paced=False), times=6)
    assert max(asked) - min(asked) < 1
