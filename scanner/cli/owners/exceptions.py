"""`ourside exceptions`: which failures are accepted, until when, and why one is not."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.accountability_options import accountability_of, accountability_options, file_named
from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit
from scanner.cli.history_option import history_option
from scanner.cli.sources import found_in, opened_source, source_argument
from scanner.report.remark import remark

if TYPE_CHECKING:
    from scanner.accountability.exceptions import Entry, Exceptions


@click.group()
def exceptions() -> None:
    """Say which failures somebody has accepted: lint the file, explain one finding, list what matches nothing."""


@exceptions.command()
@accountability_options
@shared_config_option
def lint(**values: Any) -> int:
    """Say what is amiss with the exceptions file.

    The exit code is 2 where the file is wrong, and 1 where an exception in it has expired. Those that end soon are
    named.
    """
    from scanner.accountability.exceptions import ends

    file_named(values, "exceptions")
    held = accountability_of(values).exceptions
    assert held is not None
    expired = [entry for entry in held.entries if held.is_expired(entry)]
    for entry in held.entries:
        left = (entry.expires - held.today).days
        if entry in expired:
            _say(f"{entry} expired on {entry.expires}: delete it, or let {entry.approver} approve it anew")
        elif left <= held.warn:
            _say(f"{entry} {ends(left, entry.expires)}")
    click.echo(f"{len(held.entries) - len(expired)} of {len(held.entries)} exceptions can hold")
    return Exit.FAILED_ON if expired else Exit.COMPLETE


@exceptions.command()
@click.argument("identifier", metavar="FINDING")
@source_argument
@history_option
@accountability_options
@shared_config_option
def explain(identifier: str, source: Path | None, history: str | None, **values: Any) -> None:
    """Say which exception holds of FINDING, or why each that comes near does not.

    FINDING is an id, or the beginning of one, in a JSON FILE, a snapshot, or the history.

    \b
    ourside exceptions explain f1:6f2c17ada9 findings.json --exceptions exceptions.yaml
    """
    file_named(values, "exceptions")
    people = accountability_of(values)
    with opened_source(source, history) as opened:
        finding = people.settle_anew(found_in(opened, identifier))
    held = people.exceptions
    assert held is not None
    owner = finding.responsibility.owner or "nobody"
    _say(f"{finding.id}: {finding.check} on {finding.resource.uid}: {finding.status}, owned by {owner}")
    if finding.status not in ("fail", "excepted"):
        click.echo(f"only a failure can be excepted, and this is {finding.status}")
        return
    from scanner.accountability.explain import explain as reasons

    shown = 0
    decided = False
    for each in reasons(people, finding):
        shown += 1
        if each.matches and not each.why:
            after = " too, after the one that decides" if decided else f" until {each.entry.expires}"
            _say(f"{each.entry} holds{after}: {each.entry.approver} accepted it: {each.entry.reason}")
            decided = True
        elif each.matches:
            _say(f"{each.entry} matches, and {each.why}")
        elif each.matches is None:
            _say(f"{each.entry} may match: {each.why}")
        else:
            _say(f"{each.entry} does not match: {each.why}")
    if far := len(held.entries) - shown:
        click.echo(f"{far} {'exception has' if far == 1 else 'exceptions have'} nothing in common with it")


@exceptions.command()
@source_argument
@history_option
@accountability_options
@shared_config_option
def unused(source: Path | None, history: str | None, **values: Any) -> None:
    """List exceptions that no failure needs: of a JSON FILE, a snapshot, or the history.

    One may be unused because what it is about was mended, or is gone, or could not be judged this time.
    """
    from scanner.accountability.explain import matched

    file_named(values, "exceptions")
    held = accountability_of(values).exceptions
    assert held is not None
    with opened_source(source, history) as opened:
        found = matched(held, opened.findings())
        known = opened.posture()
    for text in _unused(held, found, whole=known.whole):
        _say(text)
    needed = sum(_is_needed(counts) for counts in found.values())
    click.echo(f"{needed} of {len(found)} exceptions match a failure")


def _unused(held: Exceptions, found: dict[Entry, Counter[str]], *, whole: bool) -> Iterator[str]:
    for entry in held.entries:
        counts = found[entry]
        if _is_needed(counts):
            continue
        if counts["unknown"]:
            yield f"{entry}: keep it: results that it matches could not be judged: {counts['unknown']}"
        elif not whole:
            yield f"{entry}: matches no failure here, where not all was looked at: keep it until a whole scan says so"
        elif counts:
            yield f"{entry}: delete it: nothing that it matches fails any more"
        else:
            yield f"{entry}: matches nothing: delete it, or mend its match"


def _say(text: str) -> None:
    sys.stdout.write(remark(text, sys.stdout, os.environ))


def _is_needed(counts: Counter[str]) -> bool:
    return counts["fail"] + counts["excepted"] > 0
