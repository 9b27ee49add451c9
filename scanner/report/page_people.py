"""The parts of a page that are about people: who answers for what, by when, and what was accepted."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from scanner.report.cells import COLOURS, DIM, severity_word, short, styled
from scanner.report.digest import Digest, Owned
from scanner.report.paper import Paper

SEVERITY_WIDTH = len("CRITICAL")
COUNT_WIDTH = len("99,999")
NAME_WIDTH = 40
SHOWN = 30
LINES = 4


def excepted(paper: Paper, digest: Digest) -> Iterator[str]:
    """Failures that somebody accepted: which, until when, on whose word."""
    if not digest.excepted.count:
        return
    yield paper.heading("Excepted", digest.excepted.count) + "\n"
    rows = paper.grid(SEVERITY_WIDTH)
    for finding in digest.excepted.shown:
        resource, exception = finding.resource, finding.exception
        lines = Text.assemble(styled(finding.check), "  ", short(resource.name or resource.uid, NAME_WIDTH))
        if exception is not None:
            words = (
                f"until {exception.expires}, ticket {exception.ticket}, approved by {exception.approver}: "
                f"{exception.reason}"
            )
            lines = Text("\n").join([lines, short(words, LINES * (paper.width - SEVERITY_WIDTH), DIM)])
        rows.add_row(severity_word(finding.severity), lines)
    yield paper.text(rows)
    if digest.excepted.more:
        yield paper.text(Text(f"and {digest.excepted.more:,} more; --format json has all", DIM))


def who_answers(paper: Paper, digest: Digest) -> Iterator[str]:
    """A row for each owner, whoever has the worst first, and a row for what nobody owns."""
    owners = digest.owners_worst_first()
    if not any(owned.owner for owned in owners):
        return
    yield paper.heading("Who answers", len(owners)) + "\n"
    rows = paper.grid(SEVERITY_WIDTH, COUNT_WIDTH)
    for owned in owners[:SHOWN]:
        rows.add_row(severity_word(owned.severity), Text(f"{owned.count:,}", justify="right"), _owner(owned))
    yield paper.text(rows)
    if len(owners) > SHOWN:
        yield paper.text(Text(f"and {len(owners) - SHOWN:,} more; --format json has all", DIM))


def _owner(owned: Owned) -> Text:
    parts = [
        styled(owned.owner) if owned.owner else Text("nobody", COLOURS["critical"]),
        styled(f"backup {owned.backup}" if owned.backup else "no backup", DIM),
    ]
    if owned.channel:
        parts.append(styled(owned.channel, DIM))
    if owned.overdue:
        parts.append(Text(f"{owned.overdue:,} overdue", COLOURS["high"]))
    if owned.due is not None:
        parts.append(Text(f"next due {owned.due}"))
    return Text("  ").join(parts)
