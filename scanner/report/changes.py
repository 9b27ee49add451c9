"""What became of failures, in rows or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from scanner.check import SEVERITIES
from scanner.finding import Finding, State
from scanner.jsonline import json_line
from scanner.report.cells import COLOURS, DIM, STRONG, counted, listed, short, styled
from scanner.report.lines import ID_LENGTH, first_of, named
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal

if TYPE_CHECKING:
    from scanner.history import Change, Unlooked

ORDER: tuple[State, ...] = ("new", "reopened", "changed", "unknowable", "standing", "excepted", "resolved")
MEANS: dict[State, str] = {
    "new": "fail for the first time",
    "reopened": "fail again",
    "changed": "fail for other reasons",
    "unknowable": "failed, and cannot be judged now",
    "standing": "could not be judged, or were accepted, and fail",
    "excepted": "fail, and an exception holds",
    "resolved": "do not fail any more",
}
NAMED, LINES = 6, 3


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of failures, and those of which nobody can say, because nobody looked there again."""

    found: tuple[Change, ...]
    unlooked: tuple[Unlooked, ...]
    untold: int = 0
    """Failures of the second scan of which the first, a part, cannot tell whether they are new."""


class Row(msgspec.Struct, frozen=True):
    """One change in JSON."""

    state: State
    before: State | None
    finding: Finding


class Left(msgspec.Struct, frozen=True):
    """Failures that lie where the second scan did not look, in JSON."""

    what: str
    failures: int
    names: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True):
    """All of it, counted."""

    states: Mapping[State, int]
    not_looked_at: tuple[Left, ...]


class LastRow(msgspec.Struct, frozen=True):
    """The last line in JSON."""

    summary: Summary


def rows(changes: Changes) -> Iterator[str]:
    """One JSON object per change, and one that counts them."""
    for change in changes.found:
        yield json_line(Row(change.state, change.before, change.finding)) + "\n"
    counts = Counter(change.state for change in changes.found)
    left = tuple(Left(each.what, each.failures, each.names) for each in changes.unlooked)
    yield json_line(LastRow(Summary({state: counts[state] for state in ORDER if counts[state]}, left))) + "\n"


def lines(changes: Changes, before: str, after: str, limit: int, terminal: Terminal) -> Iterator[str]:
    """A section for each state."""
    paper = Paper(terminal)
    yield paper.text(styled(f"{before} -> {after}", STRONG))
    for each in changes.unlooked:
        yield paper.text(paper.hanging(short(_unlooked(each, after), LINES * (paper.width - 4), COLOURS["high"])))
    if not changes.found:
        where = "in what both tell of" if changes.untold else "in what both looked at" if changes.unlooked else ""
        yield paper.text(f"Nothing has changed {where}".rstrip() + ".")
    for state in ORDER:
        found = sorted(
            (change.finding for change in changes.found if change.state == state),
            key=lambda finding: (SEVERITIES.index(finding.severity), finding.check, finding.resource.uid),
        )
        if not found:
            continue
        yield "\n" + paper.text(
            Text.assemble((state.capitalize(), STRONG), (f"  {len(found):,} ", STRONG), (MEANS[state], DIM)), ""
        )
        yield first_of(found, limit, paper, _row)


def _unlooked(left: Unlooked, after: str) -> str:
    failures = counted(left.failures, "failure lies", "failures lie")
    count = len(left.names)
    places = {
        "scope": f"in {counted(count, 'scope', 'scopes')} that {after} did not look at",
        "check": f"with {counted(count, 'check', 'checks')} that {after} did not run there",
        "region": f"in {counted(count, 'region', 'regions')} that {after} did not look at",
    }
    return f"{failures} {places[left.what]}: {listed(left.names[:NAMED], count)}"


def _row(finding: Finding, width: int, checks: int) -> Text:
    first = named(finding, finding.resource.account, width, checks)
    owner = finding.responsibility.owner or "nobody"
    return Text("\n").join(
        [first, Text("  ").join([styled(finding.id[:ID_LENGTH], DIM), styled(f"owner {owner}", DIM)])]
    )
