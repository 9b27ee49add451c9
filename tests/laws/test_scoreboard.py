"""The published scoreboard: our column is asked again, the page says what the stored answers say, its claims hold."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.scoreboard import stored
from benchmarks.scoreboard.asking import ask_ours
from benchmarks.scoreboard.cases import ROOT, Case, own_cases
from benchmarks.scoreboard.classes import CLASSES, Mistakes
from benchmarks.scoreboard.identities import identity_cases
from benchmarks.scoreboard.page import page
from benchmarks.scoreboard.tally import outcome
from benchmarks.scoreboard.tools import SIDE_BY_SIDE


@cache
def cases() -> tuple[Case, ...]:
    return (*own_cases(), *identity_cases())


def test_our_answers_are_all_right() -> None:
    """Undecided only where the documentation decides no more: such cases say so."""
    answers = ask_ours(cases())
    found = {case.id: outcome(case, answers[case.id]) for case in cases()}
    undecided = {case.id for case in cases() if "unknown" in case.accept}
    wrong = {
        case: answers[case]
        for case, each in found.items()
        if each != "right" and not (each == "cannot answer" and case in undecided)
    }
    assert not wrong


def test_the_page_says_what_was_answered() -> None:
    written = (ROOT / "docs" / "scoreboard.md").read_text("utf-8")
    assert written == page(cases()), "run `python -m benchmarks.scoreboard --page`"


def test_most_cases_were_asked() -> None:
    """Cases may be added without asking the other tools again, but not many."""
    asked = stored.scored(cases())
    assert len(asked) >= 0.9 * len(cases()), "run `make scoreboard`"
    for tool in SIDE_BY_SIDE:
        assert {case.id for case in asked} <= set(stored.answers_of(tool.name))


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.title)
def test_a_kind_of_mistake_is_made(each: Mistakes) -> None:
    known = {case.id: case for case in cases()}
    for tool in each.tools:
        answers = stored.answers_of(tool)
        found = {case: outcome(known[case], answers[case]) for case in each.cases}
        assert set(found.values()) == {each.kind}, (tool, found)
