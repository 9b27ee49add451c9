"""What became of failures, in rows or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from scanner.check import SEVERITIES
from scanner.finding import Finding, State
from scanner.jsonline import json_line
from scanner.report.cells import DIM, STRONG, severity_word, short, styled
from scanner.report.paper import GAP, Paper
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
SEVERITY_WIDTH = len("CRITICAL")
CHECK_WIDTH, NAME_WIDTH = 36, 34


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
        table = paper.grid(SEVERITY_WIDTH)
        for finding in found[:limit]:
            table.add_row(severity_word(finding.severity), _row(finding, paper.width - SEVERITY_WIDTH - GAP))
        yield paper.text(table)
        if len(found) > limit:
            yield paper.text(Text(f"and {len(found) - limit:,} more: --limit, or --format json", DIM))


def _row(finding: Finding, width: int) -> Text:
    resource = finding.resource
    line = [
        short(finding.check, CHECK_WIDTH),
        short(resource.name or resource.uid, NAME_WIDTH),
        short(resource.account, max(width - CHECK_WIDTH - NAME_WIDTH, 12), DIM),
    ]
    owner = finding.responsibility.owner or "nobody"
    return Text("\n").join(
        [Text("  ").join(line), Text("  ").join([styled(finding.id[:13], DIM), styled(f"owner {owner}", DIM)])]
    )
