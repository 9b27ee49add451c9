"""`ourside access diff`: what the newer of two policies or snapshots allows and the older does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from scanner.access import Witness
from scanner.cli import doors
from scanner.cli.access.asking import ask, ask_whose, sure
from scanner.cli.access.files import STDIN, opened, read_object
from scanner.cli.exits import Exit, Stop
from scanner.jsonline import json_line
from scanner.questions import NewAccess

SNAPSHOT = b'{"line":"ourside-snapshot"'
FORMATS = ("table", "json")


class Line(msgspec.Struct, frozen=True):
    """What `--format json` prints for one difference."""

    change: str
    """`new`, or `unknown` where it could not be decided."""
    subject: str
    witness: Witness | None
    why: str


class Summary(msgspec.Struct, frozen=True):
    """The last line."""

    new: int
    unknown: int


@click.command(
    short_help="What the newer of two allows and the older does not.", context_settings={"max_content_width": 100}
)
@click.argument("older", metavar="A")
@click.argument("newer", metavar="B")
@click.option("--provider", metavar="CLOUD", help=f"Whose they are: {', '.join(doors.engine_names())}.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--fail-on-new", is_flag=True, help="Exit 1 if B allows anything new, or that could not be decided.")
def diff(**values: Any) -> int:
    """Print the requests that B allows and A does not, each with a witness.

    A and B are two policy documents, two inputs as `ourside access judge` takes them, or two snapshots that
    `scan --save-snapshot` wrote. One of two documents may be `-`, stdin.

    \b
    ourside access diff old-policy.json new-policy.json --fail-on-new
    ourside access diff monday.snapshot tuesday.snapshot --format json

    It compares what is allowed, not how it is written: an edit that grants nothing more is no difference. What cannot
    be decided is printed as UNKNOWN and counts as new for --fail-on-new, so the gate never passes by not knowing.
    """
    changes = _changes(values["older"], values["newer"], values["provider"])
    for piece in _printed(changes, values["format_"]):
        sys.stdout.write(piece)
    undecided = sum(change.witness is None for change in changes)
    if undecided:
        print(f"unknown: {undecided} could not be decided and may be new access", file=sys.stderr)
    if changes and values["fail_on_new"]:
        print(f"failed: {len(changes)} new or undecided", file=sys.stderr)
        return Exit.FAILED_ON
    return Exit.COMPLETE


def _changes(older: str, newer: str, provider: str | None) -> Sequence[NewAccess]:
    if provider is not None:
        doors.engine(provider)
    if older == newer == STDIN:
        raise Stop(Exit.USAGE, "only one of the two can be `-`: give the other a file")
    saved = [path for path in (older, newer) if _is_snapshot(path)]
    if len(saved) == 1:
        raise Stop(Exit.USAGE, f"{saved[0]} is a snapshot and the other is none: compare two of a kind")
    if saved:
        return _between_snapshots(Path(older), Path(newer), provider)
    engines = doors.engines() if provider is None else {provider: doors.engine(provider)}
    before, after = read_object(older), read_object(newer)
    return sure(ask_whose(engines, lambda engine: engine.new_access(before, after)))


def _between_snapshots(older: Path, newer: Path, provider: str | None) -> Sequence[NewAccess]:
    from scanner.cli.access.estates import saved_estates

    engine, before = saved_estates(older, provider)
    other, after = saved_estates(newer, provider)
    if other is not engine:
        raise Stop(Exit.USAGE, f"{older} is of {engine.name} and {newer} of {other.name}: compare two of one provider")
    return sure(ask(engine.new_access_between, before, after))


def _is_snapshot(path: str) -> bool:
    if path == STDIN or not Path(path).is_file():
        return False  # a pipe, such as <(git show HEAD:policy.json), can be read only once
    with opened(path) as file:
        return file.read(len(SNAPSHOT)) == SNAPSHOT


def _printed(changes: Sequence[NewAccess], form: str) -> Iterator[str]:
    if form == "json":
        lines = [
            Line("new" if change.witness else "unknown", change.subject, change.witness, change.why)
            for change in changes
        ]
        yield from (f"{json_line(line)}\n" for line in lines)
        new = sum(line.change == "new" for line in lines)
        summary: Mapping[str, Summary] = {"summary": Summary(new, len(lines) - new)}
        yield f"{json_line(summary)}\n"
        return
    from scanner.cli.access.page import Page
    from scanner.report.terminal import terminal_of

    yield from Page(terminal_of(sys.stdout, os.environ)).new_access(changes)
