"""`ourside who-can`: everybody who can do an action on a resource."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import msgspec

from scanner.attempt import Defect
from scanner.cli.access.asking import ask, say_defects, sure
from scanner.cli.access.estates import estate_options, read_estates
from scanner.cli.exits import Exit
from scanner.cli.options import CloudCommand
from scanner.cli.scan.progress import Progress
from scanner.jsonline import json_line

if TYPE_CHECKING:
    from scanner.questions import WhoCan


@click.command(name="who-can", cls=CloudCommand, context_settings={"max_content_width": 100})
@click.argument("action")
@click.argument("resource")
@estate_options
def who_can(**values: Any) -> int:
    """List everybody who can do ACTION on RESOURCE, in an account or in a snapshot of it.

    RESOURCE is a uid as findings show it. Rows come in four groups: `always`; `under conditions` (which, in plain
    words); `one hop away` (who can become somebody that can); `unknown` (and why). Each has its path, statement by
    statement, and a request that is allowed. Parties outside the account are listed like those inside.

    \b
    ourside who-can ACTION RESOURCE --snapshot prod.snapshot
    ourside who-can ACTION RESOURCE --provider P --format json

    --format json prints one object per row: reached, principal, path, conditions, witness, why. The last line is
    {"summary": {...}} with the counts, the gaps and whether it is complete.

    The exit code is 0 whether anybody can or nobody, and 3 where something was not read that could add rows: it is
    listed with the permission that is missing, and --allow-partial accepts it.
    """
    action, resource = values["action"], values["resource"]
    with Progress(quiet=values["quiet"], verbose=values["verbose"]) as progress:
        engine, estates = read_estates(values, progress)
        answer = sure(ask(engine.who_can, estates, action, resource))
        say_defects([Defect(text) for estate in estates for text in estate.defects])
    if values["format"] == "json":
        pieces = _json_lines(action, resource, answer)
    else:
        from scanner.cli.access.page import Page
        from scanner.report.terminal import terminal_of

        pieces = Page(terminal_of(sys.stdout, os.environ)).who_can(action, resource, answer)
    for piece in pieces:
        sys.stdout.write(piece)
    if not answer.gaps or values["allow_partial"]:
        return Exit.COMPLETE
    if not values["quiet"]:
        many = len(answer.gaps)
        what = "one thing that could add rows was" if many == 1 else f"{many} things that could add rows were"
        print(f"incomplete: {what} not read. Grant what is missing, or accept it: --allow-partial", file=sys.stderr)
    return Exit.INCOMPLETE


class Summary(msgspec.Struct, frozen=True, rename="kebab"):
    """The last line: what was asked, how many rows there are of each group, and what was not read."""

    action: str
    resource: str
    rows: int
    always: int
    under_conditions: int
    one_hop_away: int
    unknown: int
    gaps: tuple[str, ...]
    complete: bool


def _json_lines(action: str, resource: str, answer: WhoCan) -> Iterator[str]:
    for row in answer.rows:
        yield f"{json_line(row)}\n"
    counts = Counter(row.reached for row in answer.rows)
    each = counts["always"], counts["under conditions"], counts["one hop away"], counts["unknown"]
    summary = Summary(action, resource, len(answer.rows), *each, answer.gaps, not answer.gaps)
    yield f"{json_line({'summary': summary})}\n"
