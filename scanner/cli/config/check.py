"""Whether a file of options is right: its keys, their values, the sinks, and the files that it names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import click
import msgspec

from scanner.cli import doors
from scanner.cli.accountability_options import FILES, accountability_of
from scanner.cli.config.in_use import OFF, READ, written_at
from scanner.cli.config.keys import commands, options_of, values_in
from scanner.cli.config.origins import without_arguments
from scanner.cli.exits import Exit, Stop
from scanner.cli.options import choose_checks, demos_chosen, flat
from scanner.cli.scan.options import fail_on_of, states_of, statuses_of, told_of
from scanner.cli.scan.outputs import outputs_of
from scanner.deliver.config import holds_password, routes_of
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SinkError
from scanner.document import DataError, Document, Problems
from scanner.history.address import POSTGRES, SQLITE


def problems_in(document: Document) -> list[str]:
    """All that is wrong, in the order of its lines, as far as it can be told without asking anything outside."""
    found: list[DataError] = []
    texts: list[str] = []
    for name, command in commands():
        if not options_of(command):
            continue
        with click.Context(command, info_name=name) as ctx:
            given = values_in(document, ctx, found)
        if name == "scan":
            texts += _of_scan(document, command, given)
    try:
        routes_of(document, doors.SinkTypes(), doors.event_format_names())
    except Problems as error:
        found += error.problems
    except Stop as error:
        texts.append(error.message)
    lines = [line for text in [*map(str, found), *texts] for line in text.splitlines()]
    return sorted(dict.fromkeys(lines), key=lambda text: _line(text, document.path))


def notes_on(document: Document) -> Iterator[str]:
    """Of a right file: secrets that are not where it says, seen from here, and one that stands in it."""
    given = document.value.get("history") if isinstance(document.value, dict) else None
    if holds_password(given):
        line = document.line_at("history")
        yield f"{document.path}:{line}: history holds a password: say it by OURSIDE_HISTORY, or keep it in ~/.pgpass"
    for route in routes_of(document, doors.SinkTypes(), doors.event_format_names()):
        for secret in _secrets(route.options):
            try:
                secret.read()
            except SinkError as error:
                yield f"{route.where}: sink {route.name!r}: {error.message}"


def _of_scan(document: Document, command: click.Command, given: dict[str, Any]) -> list[str]:
    """What `scan` itself would say of values that are of the right form."""
    bare = without_arguments(command)
    for option in bare.params:
        option.envvar = None
    bare.params = [option for option in bare.params if option.expose_value]
    told: list[str] = []
    with bare.make_context("scan", [], default_map=given) as ctx:
        ctx.meta[READ] = document
        values = ctx.params
        asked: list[Callable[[], object]] = [
            lambda: outputs_of(flat(values["format"]), flat(values["output"]), values["save_snapshot"]),
            lambda: fail_on_of(values["fail_on"], kept=values["history"] != OFF),
            lambda: demos_chosen(values["provider"], values["demo"], values["snapshot"]),
            *(partial(statuses_of, (each,)) for each in flat(values["status"])),
            *(partial(states_of, (each,), kept=values["history"] != OFF) for each in flat(values["only"])),
            *(partial(choose_checks, (each,)) for each in flat(values["check"])),
            *(partial(choose_checks, (), (each,)) for each in flat(values["duty"])),
            *(partial(choose_checks, (), (), None, (each,)) for each in flat(values["framework"])),
            *(partial(accountability_of, {name: values[name]}) for name in FILES),
            partial(_check_history, values["history"]),
            lambda: told_of({}, kept=values["history"] != OFF),
        ]
        for ask in asked:
            try:
                ask()
            except Stop as error:
                told.append(error.message)
    return told


def _check_history(where: str | None) -> None:
    scheme, separator, _ = (where or "").partition("://")
    if separator and not f"{scheme}://".startswith((SQLITE.rstrip("/"), *POSTGRES)):
        raise Stop(
            Exit.USAGE,
            f"{written_at('history')}a history cannot lie at {scheme}://: give a file, or postgresql://host/database",
        )


def _line(text: str, path: str) -> int:
    """The line that a text about the file begins with; what is said of other files comes last."""
    number = text.removeprefix(f"{path}:").partition(":")[0]
    return int(number) if number.isdecimal() else sys.maxsize


def _secrets(value: object) -> Iterator[Secret]:
    match value:
        case Secret():
            yield value
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _secrets(getattr(value, name))
        case Mapping():
            for each in value.values():
                yield from _secrets(each)
        case list() | tuple():
            for each in value:
                yield from _secrets(each)
