"""Answers held against the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from benchmarks.scoreboard.asking import Answers
from benchmarks.scoreboard.cases import YES, Case

Outcome = Literal["right", "false PASS", "false FAIL", "crash", "cannot answer"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def outcome(case: Case, answer: str) -> Outcome:
    """What an answer is worth. A false PASS calls safe what is open; a false FAIL calls open what is not."""
    for word in ("crash", "cannot answer"):
        if answer.startswith(word):
            return word
    if answer in case.right:
        return "right"
    return "false FAIL" if answer in YES else "false PASS"


class Score(msgspec.Struct, frozen=True):
    """How many answers were what."""

    counts: dict[str, int]

    @classmethod
    def of(cls, cases: Iterable[Case], answers: Answers) -> Score:
        """Of one tool on some cases."""
        counted = Counter(outcome(case, answers[case.id]) for case in cases)
        return cls({name: counted[name] for name in OUTCOMES})

    @property
    def answered(self) -> int:
        """Cases that the tool answered, or broke on."""
        return sum(self.counts.values()) - self.counts["cannot answer"]

    def __str__(self) -> str:
        if not self.answered:
            return "–"
        signs = {"false PASS": "P", "false FAIL": "F", "crash": "C", "cannot answer": "?"}
        wrong = [f"{self.counts[name]} {sign}" for name, sign in signs.items() if self.counts[name]]
        return ", ".join([f"**{self.counts['right']}**/{self.answered}", *wrong])
