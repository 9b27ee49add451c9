"""`ourside access judge`: who outside can reach what a document describes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import click
import msgspec

from scanner.access import Judgement, Verdict, Witness
from scanner.attempt import Defect
from scanner.cli import doors
from scanner.cli.access.asking import ask, say_defects, words
from scanner.cli.access.files import STDIN, opened, read_object, refused
from scanner.cli.access.items import Id, Item, items
from scanner.cli.exits import Exit, Stop, worst
from scanner.jsonline import json_line
from scanner.questions import BadInput, Input

GATE: Mapping[str, tuple[Verdict, ...]] = {
    "public": ("public", "unknown"),
    "cross-account": ("public", "cross-account", "unknown"),
}
"""Verdicts that meet `--fail-on`; what is not decided may be either."""
BARE = ("account", "organization", "resource")
"""What is asked for beside a bare policy document."""

Question = Callable[[Input], Judgement]
Line = tuple[Verdict, str]


class Answer(msgspec.Struct, frozen=True):
    """What is printed for one input; an id where it came in a batch."""

    id: Id | msgspec.UnsetType
    verdict: Verdict
    who: str
    witness: Witness | None
    why: str
    flags: tuple[str, ...]


@click.command(
    short_help="Who outside can reach what a document describes.", context_settings={"max_content_width": 100}
)
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--batch", metavar="FILE|-", help="Judge a list of {id, provider, service, dimension?, input}.")
@click.option("--provider", metavar="CLOUD", help=f"Whose document it is: {', '.join(doors.engine_names())}.")
@click.option(
    "--service", metavar="NAME", help="What kind of resource it belongs to; a wrong name lists the right ones."
)
@click.option("--dimension", metavar="NAME", help="The question, where a service has several, such as network.")
@click.option("--account", metavar="ID", help="FILE is a bare policy document, of a resource of this account.")
@click.option("--resource", metavar="UID", help="The uid of that resource.")
@click.option("--organization", metavar="ID", help="The organisation of that account, where it has one.")
@click.option("--fail-on", type=click.Choice(sorted(GATE)), help="Exit 1 for this verdict or a wider one, or unknown.")
def judge(**values: Any) -> int:
    """Say who outside can reach what a document describes, with a request that proves it.

    FILE, or stdin, holds one JSON object: all that the verdict depends on, as the service's documents say it. With
    --account and --resource it is a bare policy document instead. One JSON object is printed: verdict (public,
    cross-account, private or unknown), who, witness (a request that is allowed), why, and flags.

    \b
    ourside access judge --provider P --service S input.json
    ourside access judge --provider P --service S --account 111122223333 --resource UID policy.json
    ourside access judge --batch cases.json > verdicts.jsonl

    --batch takes a JSON list, or one object per line, and prints one line for each, in order, as soon as it is
    decided. What cannot be read costs one line: it is unknown, and `why` says at which JSON pointer. The exit code
    is then 0. Without --batch, input that is not of the right form ends with 2.

    --fail-on makes it a gate for a pipeline: exit 1 where the verdict is met, or could not be decided.
    """
    defects: list[Defect] = []
    verdicts = _batch(values, defects) if values["batch"] is not None else _one(values, defects)
    exits = {Exit.COMPLETE}
    if values["fail_on"] and not verdicts.isdisjoint(GATE[values["fail_on"]]):
        print(f"failed: a verdict is {' or '.join(GATE[values['fail_on']])}", file=sys.stderr)
        exits.add(Exit.FAILED_ON)
    say_defects(defects)
    if defects and values["batch"] is None:
        exits.add(Exit.INTERNAL)
    return worst(exits)


def _one(values: Mapping[str, Any], defects: list[Defect]) -> set[Verdict]:
    for name in ("provider", "service"):
        if not values[name]:
            raise Stop(Exit.USAGE, f"--{name} is missing: say whose document it is, or judge a list with --batch FILE")
    # A wrong name is said before stdin is waited for.
    question = ask(_question, values["provider"], values["service"], values["dimension"])
    if isinstance(question, BadInput):
        raise Stop(Exit.USAGE, f"--{question.pointer[1:]}: {question.why}")
    path = values["file"] or STDIN
    given = read_object(path)
    if any(values[name] for name in BARE):
        given = _whole_input(given, values)
    answer: Line | BadInput | Defect = question if isinstance(question, Defect) else ask(_one_line, question, given)
    if isinstance(answer, BadInput):
        raise refused(path, answer)
    verdict, line = _printable(answer, msgspec.UNSET, defects)
    click.echo(msgspec.json.format(line, indent=2) if sys.stdout.isatty() else line)
    return {verdict}


def _batch(values: Mapping[str, Any], defects: list[Defect]) -> set[Verdict]:
    if any(values[name] for name in ("file", *BARE)):
        raise Stop(Exit.USAGE, f"--batch takes all from its items: leave out FILE, --{', --'.join(BARE)}")
    verdicts: set[Verdict] = set()
    with opened(values["batch"]) as file:
        for item in items(file):
            answer = ask(_item_line, item, values) if item.problem is None else item.problem
            verdict, line = _printable(answer, item.id, defects)
            verdicts.add(verdict)
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return verdicts


def _whole_input(policy: Input, values: Mapping[str, Any]) -> Input:
    if not (values["account"] and values["resource"]):
        raise Stop(Exit.USAGE, "a bare policy document needs both --account and --resource, to know what is outside")
    whole = {name: values[name] for name in BARE if values[name]}
    return {**whole, "evaluationTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "policy": policy}


def _one_line(question: Question, given: Input) -> Line:
    judgement = question(given)
    return judgement.verdict, _line(msgspec.UNSET, judgement)


def _item_line(item: Item, values: Mapping[str, Any]) -> Line:
    """The answer to one item; raises BadInput with a pointer into the item."""
    names = {}
    for name in ("provider", "service", "dimension"):
        names[name] = item.value.get(name, values[name])
        if names[name] is not None and not isinstance(names[name], str):
            raise BadInput(f"/{name}", "is not text")
    given = item.value.get("input")
    if not isinstance(given, Mapping):
        raise BadInput("/input", "is not an object" if "input" in item.value else "is missing")
    question = _question(names["provider"], names["service"], names["dimension"])
    try:
        judgement = question(given)
    except BadInput as bad:
        raise BadInput(f"/input{bad.pointer}", bad.why) from bad
    return judgement.verdict, _line(item.id, judgement)


def _question(provider: str | None, service: str | None, dimension: str | None) -> Question:
    """What is asked, once its names are known to be right; raises BadInput with the name that is not."""
    if not provider or not service:
        raise BadInput("/service" if provider else "/provider", "is missing")
    try:
        engine = doors.engine(provider)
    except Stop as stop:
        raise BadInput("/provider", stop.message) from stop
    dimensions = engine.services.get(service)
    if dimensions is None:
        raise BadInput("/service", f"{provider} judges no {service!r}: {_nearest(service, list(engine.services))}")
    if not dimension and len(dimensions) > 1:
        raise BadInput("/dimension", f"is missing: choose among {', '.join(dimensions)}")
    if dimension and dimension not in dimensions:
        wrong = f"{service} has no {dimension!r}: "
        raise BadInput("/dimension", wrong + (_nearest(dimension, dimensions) if dimensions else "leave it out"))
    chosen = dimension or "".join(dimensions)

    def question(given: Input) -> Judgement:
        judgement = engine.judge(service, given, chosen)
        if not isinstance(judgement, Judgement):
            raise TypeError(f"the access engine of {provider} gave no judgement")
        return judgement

    return question


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"choose among {', '.join(known)}"


def _printable(answer: Line | BadInput | Defect, id_: Id | msgspec.UnsetType, defects: list[Defect]) -> Line:
    if isinstance(answer, tuple):
        return answer
    if isinstance(answer, Defect):
        defects.append(answer)
    return "unknown", _line(id_, Judgement("unknown", "not decided", None, words(answer)))


def _line(id_: Id | msgspec.UnsetType, judgement: Judgement) -> str:
    fields = judgement.verdict, judgement.who, judgement.witness, judgement.why, judgement.flags
    return json_line(Answer(id_, *fields))
