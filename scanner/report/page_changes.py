"""The parts of a page that are about what changed since the last look."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from scanner.finding import State
from scanner.record import Run
from scanner.report.cells import DIM, counted, severity_word, short, styled
from scanner.report.digest import Digest
from scanner.report.paper import Paper
from scanner.report.report import Report
from scanner.report.words import details_of

SEVERITY_WIDTH = len("CRITICAL")
NAME_WIDTH = 40
STATES: tuple[State, ...] = ("new", "reopened", "changed", "standing", "unknowable", "resolved")
OF_ALL: tuple[State, ...] = (*STATES, "excepted")


def only_some(paper: Paper, report: Report, digest: Digest) -> Iterator[str]:
    """One line that says so where a report tells only of what changed in some way."""
    if not report.only:
        return
    *others, last = [state for state in OF_ALL if state in report.only]
    states = f"{', '.join(others)} or {last}" if others else last
    some = counted(digest.findings, "result", "results") if digest.findings else "nothing"
    judged = f"{some}; {sum(report.run.statuses.values()):,} were judged"
    yield paper.text(paper.hanging(Text(f"Only what is {states} since the last look: {judged}.", DIM)))


def resolved(paper: Paper, digest: Digest) -> Iterator[str]:
    """Failures that were mended, or are gone with what they were about."""
    if not digest.resolved.count:
        return
    yield paper.heading("Resolved", digest.resolved.count) + "\n"
    rows = paper.grid(SEVERITY_WIDTH)
    for finding in digest.resolved.shown:
        resource, owner = finding.resource, finding.responsibility.owner
        first = Text.assemble(
            styled(finding.check),
            "  ",
            short(resource.name or resource.uid, NAME_WIDTH),
            "  ",
            styled(f"{resource.account} {resource.region}", DIM),
        )
        said = f"{'; '.join(details_of(finding))}{f' (owner {owner})' if owner else ''}"
        rows.add_row(severity_word(finding.severity), Text("\n").join([first, styled(said)]))
    yield paper.text(rows)
    if digest.resolved.more:
        yield paper.text(Text(f"and {digest.resolved.more:,} more; --format json has all", DIM))


def since_last_look(run: Run) -> Iterator[Text]:
    """One line on what became of failures, where there is a history."""
    said = [f"{run.lifecycle[state]:,} {state}" for state in STATES if run.lifecycle.get(state)]
    if said:
        yield Text(f"Since the last look: {', '.join(said)}.")
