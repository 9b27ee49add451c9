"""What is known of a framework's controls, for a person: a page for the terminal, and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from rich.console import Group
from rich.table import Table
from rich.text import Text

from scanner.frameworks.standing import FrameworkReport, Standing, State
from scanner.report.cells import DIM, STRONG, counted, listed
from scanner.report.markdown import plain, table
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal
from scanner.report.visible import visible

TITLES: Mapping[State, str] = {
    "evidence-against": "Evidence against",
    "no-violation-found": "No violation found",
    "attested": "Attested by a person",
    "provider-side": "On the provider's side",
    "not-assessed": "Not assessed",
    "not-mapped": "Not mapped: nothing of ours bears on them",
}
NAMES = 6
"""Names that one line of a control has at most."""
IDS = 60
LABEL, WIDEST_ID = len("checks"), 24


def page(report: FrameworkReport, terminal: Terminal) -> Iterator[str]:
    """The counts, then each control by what is known of it; nothing is said by colour alone."""
    paper = Paper(terminal)
    yield paper.text(Text(_title(report), STRONG), "")
    for line in _counts(report):
        yield paper.text(paper.hanging(Text(line)))
    for state in report.states:
        rows = [each for each in report.standings if each.state == state]
        yield paper.heading(TITLES[state], len(rows))
        if state == "not-mapped":
            yield paper.text(paper.hanging(Text(listed([each.control for each in rows[:IDS]], len(rows)))))
            continue
        grid = paper.grid(min(max(len(each.control) for each in rows), WIDEST_ID))
        for standing in rows:
            grid.add_row(Text(standing.control), Group(Text(said(standing)), _details(paper, standing)))
        yield paper.text(grid)


def _title(report: FrameworkReport) -> str:
    return f"{report.framework.title} {report.framework.version} ({report.framework.id})"


def _counts(report: FrameworkReport) -> Iterator[str]:
    share = report.assessed * 100 // max(report.controls, 1)
    yield (
        f"Assessed: {report.assessed:,} of {report.controls:,} controls ({share}%); checks or duties of ours bear on "
        f"{report.mapped:,}. Where no violation was found, no control is thereby met: a check sees a part of one."
    )
    scopes = counted(report.scopes, "account", "accounts")
    part = "" if report.incomplete == report.scopes else f"{report.incomplete:,} of them "
    whole = f", {part}not read as a whole" if report.incomplete else ""
    clouds = f" of {', '.join(map(visible, report.clouds))}" if report.clouds else ""
    when = f"{report.taken_at.astimezone(UTC):%Y-%m-%d %H:%MZ}"
    yield f"From {visible(report.origin)}, read {when}: {scopes}{clouds}{whole}."
    if report.note:
        yield f"Counted as controls: {report.note}."


def said(standing: Standing) -> str:
    """A control's state with its numbers."""
    parts = []
    if standing.violations:
        parts.append(counted(standing.violations, "violation", "violations"))
    if standing.excepted:
        parts.append(f"{standing.excepted:,} excepted")
    if parts:
        parts.append(f"worst {(standing.worst or '').upper()}")
    if standing.state == "no-violation-found":
        parts.append(f"none found in {standing.clean:,} of {standing.asked:,}")
    if standing.unknown and standing.state != "no-violation-found":
        parts.append(f"{standing.unknown:,} unknown")
    why = ", ".join(standing.why)
    if not parts:
        return why
    return ", ".join(parts) + (f" ({why})" if why else "")


def owned(standing: Standing) -> str:
    """Who answers for it."""
    names = [
        visible(each.owner) + (f" (backup {visible(each.backup)})" if each.backup else ", no backup")
        for each in standing.owners
        if each.owner
    ]
    text = listed(names[:NAMES], len(names))
    if standing.unowned or not names:
        nobody = f"nobody for {standing.unowned:,}" if names else "nobody named"
        roles = f", usually {' or '.join(standing.roles)}" if standing.roles else ""
        text = "; ".join(part for part in (text, nobody + roles) if part)
    return text


def _checks(standing: Standing) -> str:
    if not standing.checks:
        return ""
    names = [name for name in standing.checks if name in standing.answered] or list(standing.checks)
    parts = [listed(names[:NAMES], len(names))]
    if standing.silent and standing.answered:
        parts.append(f"{standing.silent:,} of {len(standing.applicable):,} gave no answer")
    others = len(standing.checks) - len(standing.applicable)
    if others and standing.applicable:
        parts.append(f"{others:,} more {'is' if others == 1 else 'are'} only for {', '.join(standing.elsewhere)}")
    return "; ".join(parts)


def _details(paper: Paper, standing: Standing) -> Table:
    lines = [("duty", ", ".join(standing.duties)), ("checks", _checks(standing)), ("owner", owned(standing))]
    if standing.state in ("not-assessed", "provider-side"):
        lines = lines[:1]
    grid = paper.grid(LABEL)
    for label, text in lines:
        if text:
            grid.add_row(Text(label, DIM), Text(text))
    return grid


def markdown(report: FrameworkReport) -> Iterator[str]:
    """The counts, then a table with a row per control; those that nothing bears on only by their ids."""
    yield f"# {plain(_title(report))}\n\n"
    for line in _counts(report):
        yield f"{plain(line)}\n\n"
    states = [(TITLES[state], f"{number:,}") for state, number in report.states.items()]
    yield from table(("state", "controls"), states, right=("controls",))
    yield "\n"
    mapped = [each for each in report.standings if each.state != "not-mapped"]
    yield from table(
        ("control", "state", "what is known", "duties", "checks", "owner"),
        [tuple(map(plain, _row(standing))) for standing in mapped],
    )
    left = [standing.control for standing in report.standings if standing.state == "not-mapped"]
    if left:
        yield f"\n{TITLES['not-mapped']}: {plain(', '.join(left))}\n"


def _row(standing: Standing) -> Sequence[str]:
    title = TITLES[standing.state]
    return (standing.control, title, said(standing), ", ".join(standing.duties), _checks(standing), owned(standing))
