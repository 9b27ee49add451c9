"""The scans of a history, in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from scanner.report.cells import DIM, counted, listed, styled
from scanner.report.page_changes import STATES
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal

if TYPE_CHECKING:
    from scanner.history import ScanRecord

ID_LENGTH = len("scan-") + 8
NAMED = 3


def lines(scans: Sequence[ScanRecord], terminal: Terminal) -> Iterator[str]:
    """A row per scan: its id, its time, what it looked at, what became of failures."""
    paper = Paper(terminal)
    if not scans:
        yield paper.text("No scan was recorded yet.")
    rows = paper.grid(ID_LENGTH, len("2026-11-26 08:13Z"))
    for scan in scans:
        names = [scope.name or scope.account for scope in scan.scopes]
        what = f"{counted(len(names), 'scope', 'scopes')}: {listed(names[:NAMED], len(names))}"
        said = ", ".join(f"{scan.lifecycle[state]:,} {state}" for state in STATES if scan.lifecycle.get(state))
        whole = "" if scan.complete else "not complete; "
        rows.add_row(
            Text(scan.scan[:ID_LENGTH]),
            Text(f"{scan.taken_at:%Y-%m-%d %H:%MZ}", DIM),
            Text("\n").join([styled(what), styled(f"{whole}{said or 'no failure'}", DIM)]),
        )
    yield paper.text(rows)
