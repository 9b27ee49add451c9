"""`ourside owners`: who answers for what, and where nobody does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.accountability_options import accountability_of, accountability_options, file_named, people_of
from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import history_option, standard
from scanner.cli.options import choice_of, flat
from scanner.cli.sources import opened_source, source_argument
from scanner.report.remark import remark
from scanner.report.terminal import terminal_of
from scanner.report.visible import visible

if TYPE_CHECKING:
    from scanner.accountability.lint import Lint
    from scanner.cli.sources import Source

STATUSES = ("fail", "excepted", "unknown", "pass", "not-applicable")


@click.group()
def owners() -> None:
    """Say who answers for which findings: lint the owners file, show it at work, split findings by owner."""


def findings_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What is asked, and by which files."""
    for option in (shared_config_option, accountability_options, history_option, source_argument):
        function = option(function)
    return function


@owners.command()
@findings_options
def lint(source: Path | None, history: str | None, **values: Any) -> int:
    """Say what is amiss with the owners file, seen against findings: a JSON FILE, a snapshot, or the history.

    Violated duties that lack an owner or a backup; rules that decide nothing; a name that owns more than half of all;
    tags that name nobody. The exit code is 1 where a violated duty lacks an owner or a backup, and 2 where the file is
    wrong. Without findings only the file itself is looked at.

    \b
    ourside owners lint findings.json --owners owners.yaml
    """
    from scanner.accountability.lint import Lint

    file_named(values, "owners")
    people = accountability_of(values)
    assert people.owners is not None
    seen = Lint(people.owners)
    with ExitStack() as stack:
        opened = None
        if source is not None or history is not None or standard().exists():
            opened = stack.enter_context(opened_source(source, history))
            for finding in opened.findings():
                seen.see(finding)
        return _say(seen, opened)


def _say(seen: Lint, opened: Source | None) -> int:
    lacking = set()
    for each in seen.remarks(whole=opened is None or opened.posture().whole):
        sys.stdout.write(remark(each.text, sys.stdout, os.environ))
        if each.duty:
            lacking.add(each.duty)
    if opened is None:
        click.echo(f"{len(seen.owners.rules)} rules; name findings to see what they decide")
        return Exit.COMPLETE
    violated = len(seen.violated)
    click.echo(f"{violated - len(lacking)} of {violated} violated duties have an owner and a backup")
    return Exit.FAILED_ON if lacking else Exit.COMPLETE


@owners.command()
@findings_options
def show(source: Path | None, history: str | None, **values: Any) -> None:
    """Show what each owner has to mend, in how many days and by which rule: nobody's stands last.

    Findings come from a JSON FILE, a snapshot, or the history. With --owners they are given owners anew; else those
    that the scan gave them are shown.
    """
    from scanner.report.owned import lines, owned

    people = people_of(values)
    with opened_source(source, history, people) as opened:
        for piece in lines(owned(opened.findings()), opened.name, terminal_of(sys.stdout, os.environ)):
            sys.stdout.write(piece)


@owners.command()
@findings_options
@choice_of(("status", "STATUS", "Only findings of these statuses; fail, excepted and unknown if not said."))
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the files go; it is made where it does not exist.",
)
def split(source: Path | None, history: str | None, output: Path, **values: Any) -> None:
    """Write a file of findings per owner into a directory, and nobody.json for what nobody owns.

    Each is a report in the native format, which every command reads, and knows as a part of its scan. Files of the
    same names are replaced.

    \b
    ourside owners split findings.json --owners owners.yaml --output by-owner
    """
    from scanner.cli.owners.split import Split, file_name
    from scanner.deliver.file import DeliveryError, deliver
    from scanner.report.cells import counted

    wanted = flat(values["status"]) or STATUSES[:3]
    for status in wanted:
        if status not in STATUSES:
            raise Stop(Exit.USAGE, f"unknown status {status!r}: choose among {', '.join(STATUSES)}")
    people = people_of(values)
    with opened_source(source, history, people) as opened, ExitStack() as stack:
        parts = Split(opened.findings(), wanted)
        stack.callback(parts.close)
        _make(output)
        posture, run = opened.posture(), opened.run()
        written = []
        for owner in parts.owners():
            path = output / file_name(owner)
            try:
                deliver(parts.lines(owner, posture, run), path)
            except DeliveryError as error:
                raise Stop(Exit.NOT_DELIVERED, str(error)) from error
            name = "nobody" if owner is None else visible(owner)
            written.append(f"{path}: {counted(parts.statuses[owner].total(), 'finding', 'findings')} of {name}")
    # Not before: a reader that has enough of this ends the command, and would end the writing.
    for text in written:
        click.echo(text, err=True)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(
            Exit.NOT_DELIVERED, f"{directory}: cannot be made: {error.strerror}. Give another --output"
        ) from error
