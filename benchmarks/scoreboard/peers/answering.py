"""How a tool is asked: questions on standard input, answers on standard output. Runs in the tool's own environment.

A question is `{id, provider, service, dimension, input}`. An answer is `public` or `not public` (for a user
`administrator` or `not administrator`), `crash: ERROR`, or `cannot answer: WHY`.
"""

import contextlib
import importlib.metadata
import json
import sys


class CannotAnswer(Exception):
    """The tool has no check for this, or is not given what decides it."""


def answer_all(ask, packages):
    """Ask every question; `ask` returns whether the resource is public, or the user gets to everything."""
    questions = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answers = {question["id"]: _answer(ask, question) for question in questions}
    versions = {name: importlib.metadata.version(name) for name in packages}
    json.dump({"versions": versions, "answers": answers}, sys.stdout)


def _answer(ask, question):
    try:
        word = "administrator" if question["service"] == "identity" else "public"
        return word if ask(question) else f"not {word}"
    except CannotAnswer as found:
        return f"cannot answer: {found}"
    except Exception as error:  # noqa: BLE001  # whatever it raises is its answer
        return f"crash: {type(error).__name__}"
