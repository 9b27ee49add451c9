"""Ask access engines so that whatever comes back is a value: an answer, what is wrong with the input, or our defect."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, TypeVar

from scanner.attempt import Defect, attempt
from scanner.cli.exits import Exit, Stop
from scanner.questions import AccessEngine, BadInput

T = TypeVar("T")
P = ParamSpec("P")
SAID = 5


def ask(question: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T | BadInput | Defect:
    """The answer to a question that goes to an engine."""

    def asked() -> T | BadInput:
        try:
            return question(*arguments, **options)
        except BadInput as bad:
            return bad

    return attempt(asked)


def ask_whose(engines: Mapping[str, AccessEngine], question: Callable[[AccessEngine], T]) -> T | BadInput | Defect:
    """The answer of the one engine whose form the input is of; BadInput where that is none or several.

    What is wrong is said by the engine that came furthest into the input, so most likely the one that was meant.
    """
    answers = {name: ask(question, engine) for name, engine in engines.items()}
    knowing = [name for name, answer in answers.items() if not isinstance(answer, BadInput | Defect)]
    if len(knowing) == 1:
        return answers[knowing[0]]
    if knowing:
        return BadInput("", f"{' and '.join(knowing)} could both read it: say which is meant with --provider")
    for answer in answers.values():
        if isinstance(answer, Defect):
            return answer
    refusals = [answer for answer in answers.values() if isinstance(answer, BadInput)]
    if not refusals:
        return BadInput("", "no access engine is installed")
    return max(refusals, key=lambda refusal: refusal.pointer.count("/"))


def sure(answer: T | BadInput | Defect) -> T:
    """The answer to a question on which everything rests; Stop where there is none."""
    if isinstance(answer, BadInput):
        raise Stop(Exit.USAGE, words(answer))
    if isinstance(answer, Defect):
        raise Stop(Exit.INTERNAL, f"{words(answer)}: please report this")
    return answer


def words(problem: BadInput | Defect) -> str:
    """A problem in one line: at which place, and what."""
    if isinstance(problem, Defect):
        return f"a defect of ours: {problem}"
    return f"at {problem.pointer}: {problem.why}" if problem.pointer else problem.why


def say_defects(defects: Sequence[Defect]) -> None:
    """Say on stderr what failed in our own code."""
    for defect in defects[:SAID]:
        print(f"defect: {defect}: please report this", file=sys.stderr)
    if len(defects) > SAID:
        print(f"defect: and {len(defects) - SAID} more", file=sys.stderr)
