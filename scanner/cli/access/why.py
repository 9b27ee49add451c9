"""`ourside why`: why a principal can or cannot do an action on a resource."""

from __future__ import annotations

import os
import sys
from typing import Any

import click
import msgspec

from scanner.access import Witness
from scanner.attempt import Defect
from scanner.cli.access.asking import ask, say_defects, sure
from scanner.cli.access.estates import estate_options, read_estates
from scanner.cli.exits import Exit
from scanner.cli.options import CloudCommand
from scanner.cli.scan.progress import Progress
from scanner.jsonline import json_line
from scanner.questions import Deciding, Result


class Answer(msgspec.Struct, frozen=True):
    """What `--format json` prints."""

    principal: str
    action: str
    resource: str
    result: Result
    why: str
    deciding: tuple[Deciding, ...]
    conditions: tuple[str, ...]
    witness: Witness | None
    edits: tuple[str, ...]


@click.command(cls=CloudCommand, context_settings={"max_content_width": 100})
@click.argument("principal")
@click.argument("action")
@click.argument("resource")
@estate_options
def why(**values: Any) -> int:
    """Say why PRINCIPAL can or cannot do ACTION on RESOURCE, in an account or in a snapshot of it.

    PRINCIPAL and RESOURCE are uids as findings show them. The answer is Allowed, ImplicitlyDenied (nothing lets it),
    ExplicitlyDenied (something forbids it) or unknown, with the statements that decide, each by the name of its
    document and the JSON pointer in it; what a request must satisfy; a request that is allowed; and for a denial the
    smallest set of edits that would allow it.

    \b
    ourside why PRINCIPAL ACTION RESOURCE --snapshot prod.snapshot
    ourside why PRINCIPAL ACTION RESOURCE --provider P --format json

    The exit code is 0 for an answer, whatever it is, and 3 where it is unknown; --allow-partial accepts that.
    """
    asked = values["principal"], values["action"], values["resource"]
    with Progress(quiet=values["quiet"], verbose=values["verbose"]) as progress:
        engine, estates = read_estates(values, progress)
        answer = sure(ask(engine.why, estates, *asked))
        say_defects([Defect(text) for estate in estates for text in estate.defects])
    if values["format"] == "json":
        click.echo(json_line(Answer(*asked, **msgspec.structs.asdict(answer))))
    else:
        from scanner.cli.access.page import Page
        from scanner.report.terminal import terminal_of

        for piece in Page(terminal_of(sys.stdout, os.environ)).explanation(*asked, answer):
            sys.stdout.write(piece)
    if answer.result != "unknown" or values["allow_partial"]:
        return Exit.COMPLETE
    if not values["quiet"]:
        print("incomplete: the answer is unknown, and the reason is above; accept it: --allow-partial", file=sys.stderr)
    return Exit.INCOMPLETE
