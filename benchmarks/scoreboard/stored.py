"""What the other tools answered when they were last asked: data beside this file, so that the page needs no network."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.scoreboard.asking import Answers, Asked
from benchmarks.scoreboard.cases import Case
from benchmarks.scoreboard.tally import Score

_RUN: Final = Path(__file__).parent / "run.json"
_ANSWERS: Final = Path(__file__).parent / "answers.jsonl"


class Run(msgspec.Struct, frozen=True):
    """When they were asked, and what they were."""

    date: str
    python: str
    versions: Mapping[str, Mapping[str, str]]
    """By tool: packages that decide its answers."""
    given: Mapping[str, Mapping[str, Score]] = {}
    """By set of cases that this repository does not hold, and tool."""


class Line(msgspec.Struct, frozen=True):
    """The answers to one case."""

    id: str
    asked: str
    answers: Mapping[str, str]


def store(cases: Sequence[Case], asked: Mapping[str, Asked], given: Mapping[str, Mapping[str, Score]]) -> None:
    """Write what was answered just now."""
    versions = {name: each.versions for name, each in asked.items()}
    run = Run(datetime.datetime.now(datetime.UTC).date().isoformat(), platform.python_version(), versions, given)
    _RUN.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n")
    lines = [
        Line(case.id, case.asked, {name: a.answers[case.id] for name, a in asked.items() if case.id in a.answers})
        for case in cases
    ]
    _ANSWERS.write_bytes(msgspec.json.Encoder().encode_lines(lines))


def run() -> Run:
    """About the last run."""
    return msgspec.json.decode(_RUN.read_bytes(), type=Run)


def lines() -> list[Line]:
    """The answers of the last run."""
    return [msgspec.json.decode(line, type=Line) for line in _ANSWERS.read_bytes().splitlines()]


def scored(cases: Sequence[Case]) -> list[Case]:
    """The cases that were asked, in the very words they have now."""
    asked = {line.id: line.asked for line in lines()}
    return [case for case in cases if asked.get(case.id) == case.asked]


def answers_of(tool: str) -> Answers:
    """What one tool answered."""
    return {line.id: line.answers[tool] for line in lines() if tool in line.answers}
