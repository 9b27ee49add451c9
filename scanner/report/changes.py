"""What became of failures, in rows or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from scanner.check import SEVERITIES
from scanner.finding import Finding, State
from scanner.jsonline import json_line
from scanner.report.cells import DIM, STRONG, styled
from scanner.report.lines import CHECK_WIDTH, ID_LENGTH, NAME_WIDTH, first_of, named
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal

if TYPE_CHECKING:
    from scanner.history import Change

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
LEAST_WIDTH = 12


class Row(msgspec.Struct, frozen=True):
    """One change in JSON."""

    state: State
    before: State | None
    finding: Finding


def rows(changes: Sequence[Change]) -> Iterator[str]:
    """One JSON object per change."""
    for change in changes:
        yield json_line(Row(change.state, change.before, change.finding)) + "\n"


def lines(changes: Sequence[Change], before: str, after: str, limit: int, terminal: Terminal) -> Iterator[str]:
    """A section for each state."""
    paper = Paper(terminal)
    yield paper.text(styled(f"{before} -> {after}", STRONG))
    if not changes:
        yield paper.text("Nothing has changed.")
    for state in ORDER:
        found = sorted(
            (change.finding for change in changes if change.state == state),
            key=lambda finding: (SEVERITIES.index(finding.severity), finding.check, finding.resource.uid),
        )
        if not found:
            continue
        yield "\n" + paper.text(
            Text.assemble((state.capitalize(), STRONG), (f"  {len(found):,} ", STRONG), (MEANS[state], DIM)), ""
        )
        yield first_of(found, limit, paper, _row)


def _row(finding: Finding, width: int) -> Text:
    first = named(finding, finding.resource.account, max(width - CHECK_WIDTH - NAME_WIDTH, LEAST_WIDTH))
    owner = finding.responsibility.owner or "nobody"
    return Text("\n").join(
        [first, Text("  ").join([styled(finding.id[:ID_LENGTH], DIM), styled(f"owner {owner}", DIM)])]
    )
