"""`ourside access authorize`: whether one request is allowed by policies."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

import click
import msgspec

from scanner.attempt import Defect
from scanner.cli import doors
from scanner.cli.access.asking import ask_whose, say_defects, words
from scanner.cli.access.files import STDIN, opened, read_object, refused
from scanner.cli.access.items import Id, items
from scanner.cli.exits import Exit, Stop
from scanner.jsonline import json_line
from scanner.questions import AccessEngine, BadInput, Input, Result


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is printed for one request."""

    id: Id | msgspec.UnsetType
    result: Result | bool
    why: str = ""
    """Where it is unknown: what was not understood."""


@click.command(short_help="Whether policies allow a request.", context_settings={"max_content_width": 100})
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--batch", metavar="FILE|-", help="Answer a list of requests, each with an id.")
@click.option("--provider", metavar="CLOUD", help="Whose policies they are, where an item does not say it itself.")
def authorize(**values: Any) -> int:
    """Evaluate a request against policies: Allowed, ImplicitlyDenied, ExplicitlyDenied or unknown.

    FILE, or stdin, holds one JSON object: `kind` authorize with `policies` (by layer) and `request` (principal,
    action, resource, context ...), or `kind` condition with `condition` and `context`, whose result is true or
    false. One JSON object is printed: {"result": ...}.

    \b
    ourside access authorize request.json
    ourside access authorize --batch requests.json > results.jsonl

    --batch takes a JSON list, or one object per line, and prints {"id", "result"} for each, in order. What cannot be
    read is unknown, and `why` says at which JSON pointer. The exit code is then 0.
    """
    if values["provider"] is not None:
        doors.engine(values["provider"])
    if values["batch"] is None:
        return _one(values)
    if values["file"]:
        raise Stop(Exit.USAGE, "--batch takes all from its items: leave out FILE")
    defects: list[Defect] = []
    with opened(values["batch"]) as file:
        for item in items(file):
            answer = item.problem or _result(item.value, values["provider"])
            if isinstance(answer, Defect):
                defects.append(answer)
            sys.stdout.write(f"{json_line(_answer(item.id, answer))}\n")
            sys.stdout.flush()
    say_defects(defects)
    return Exit.COMPLETE


def _one(values: Mapping[str, Any]) -> int:
    path = values["file"] or STDIN
    given = read_object(path)
    result = _result(given, values["provider"])
    if isinstance(result, BadInput):
        raise refused(path, result)
    click.echo(json_line(_answer(msgspec.UNSET, result)))
    if isinstance(result, Defect):
        say_defects([result])
        return Exit.INTERNAL
    return Exit.COMPLETE


def _answer(id_: Id | msgspec.UnsetType, result: Result | bool | BadInput | Defect) -> Answer:
    if isinstance(result, BadInput | Defect):
        return Answer(id_, "unknown", words(result))
    return Answer(id_, result)


def _result(given: Input, provider: str | None) -> Result | bool | BadInput | Defect:
    """The answer to one request, by the engine that is named or that knows its form."""
    name = given.get("provider", provider)
    if name is None:
        return ask_whose(doors.engines(), partial(_asked, given))
    if not isinstance(name, str):
        return BadInput("/provider", "is not text")
    try:
        return ask_whose({name: doors.engine(name)}, partial(_asked, given))
    except Stop as stop:
        return BadInput("/provider", stop.message)


def _asked(given: Input, engine: AccessEngine) -> Result | bool:
    """The engine's answer, checked to be one."""
    result: Result | bool = msgspec.convert(engine.authorize(given), Result | bool)
    return result
