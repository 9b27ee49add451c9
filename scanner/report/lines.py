"""Findings in rows, for a person who asks what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from scanner.finding import Finding
from scanner.report.cells import COLOURS, DIM, STRONG, counted, padded, severity_word, short, styled
from scanner.report.paper import GAP, Paper
from scanner.report.terminal import Terminal
from scanner.report.visible import visible
from scanner.report.words import missing

SEVERITY_WIDTH = len("CRITICAL")
NARROWEST, WHERE_WIDTH, REASON_LINES = 12, 30, 2
ID_LENGTH = len("f1:") + 10
"""What is shown of an id: enough to name one of a million."""


def lines(findings: Sequence[Finding], origin: str, limit: int, terminal: Terminal) -> Iterator[str]:
    """The rows and what they were taken from."""
    paper = Paper(terminal)
    if not findings:
        yield paper.text(styled(f"No such finding in {origin}."))
        return
    yield paper.text(
        Text.assemble((counted(len(findings), "finding", "findings"), STRONG), styled(f"  {origin}", DIM)), ""
    )
    yield first_of(findings, limit, paper, _row)


def first_of(findings: Sequence[Finding], limit: int, paper: Paper, row: Callable[[Finding, int, int], Text]) -> str:
    """As many findings as may be shown, each beside its severity, and how many are not.

    A row is told its width and that of its check, which is shown whole: a part of an id names nothing.
    """
    checks = max((cell_len(visible(finding.check)) for finding in findings[:limit]), default=0)
    rows = paper.grid(SEVERITY_WIDTH)
    for finding in findings[:limit]:
        rows.add_row(severity_word(finding.severity), row(finding, paper.width - SEVERITY_WIDTH - GAP, checks))
    more = f"and {len(findings) - limit:,} more: --limit, or --format json"
    return paper.text(rows, *([Text(more, DIM)] if len(findings) > limit else []))


def named(finding: Finding, where: str, width: int, checks: int) -> Text:
    """A finding's check in so many columns, its resource, and where that is: both as long as the rest has room for."""
    resource = finding.resource
    room = max(width - checks - 2 * GAP, 2 * NARROWEST)
    place = short(where, min(WHERE_WIDTH, room // 2), DIM)
    name = short(resource.name or resource.uid, room - place.cell_len)
    return Text.assemble(padded(styled(finding.check), checks), " " * GAP, name, " " * GAP, place)


def _row(finding: Finding, width: int, checks: int) -> Text:
    resource = finding.resource
    where = resource.account if resource.region == "global" else f"{resource.account} {resource.region}"
    said = [named(finding, where, width, checks)]
    said += [short(reason.text, width * REASON_LINES) for reason in finding.reasons[:1]]
    said += [short(f"{missing(gap.needs, gap.call, gap.fact)} ({gap.why})", width) for gap in finding.unread[:1]]
    said.append(_standing(finding))
    return Text("\n").join(said)


def _standing(finding: Finding) -> Text:
    """Its id, how it stands, whose it is and by when."""
    owner, backup = finding.responsibility.owner, finding.responsibility.backup
    state = finding.lifecycle.state if finding.lifecycle else finding.status
    since = f" since {finding.first_seen.date()}" if finding.first_seen else ""
    parts = [
        Text(finding.id[:ID_LENGTH], DIM),
        Text(f"{state}{since}"),
        styled(f"owner {owner}") if owner else Text("owner nobody", COLOURS["high"]),
    ]
    if backup:
        parts.append(styled(f"backup {backup}", DIM))
    if finding.exception:
        parts.append(Text(f"until {finding.exception.expires}"))
    elif finding.due:
        parts.append(Text(f"due {finding.due}"))
    return Text("  ").join(parts)
