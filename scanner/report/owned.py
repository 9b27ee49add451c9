"""Findings by who answers for them, for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.text import Text

from scanner.check import SEVERITIES, Severity
from scanner.finding import Finding
from scanner.report.cells import COLOURS, DIM, STRONG, counted, severity_word, short, styled
from scanner.report.paper import GAP, Paper
from scanner.report.terminal import Terminal

DUTY_WIDTH, COUNT_WIDTH = 32, 6


@dataclass(slots=True)
class Owned:
    """What one owner has to mend, by duty."""

    backups: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    excepted: int = 0
    worst: dict[str, Severity] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    """The fewest days that a failure of a duty has."""
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    """The rules that made it the owner."""

    @property
    def rank(self) -> int:
        """How bad the worst of it is; 0 is worst."""
        return min(map(SEVERITIES.index, self.worst.values()), default=len(SEVERITIES))

    def add(self, finding: Finding) -> None:
        """Count one failure."""
        owed = finding.responsibility
        duty = owed.duty
        if finding.status == "excepted":
            self.excepted += 1
            return
        self.failures[duty] += 1
        self.backups.update(filter(None, (owed.backup,)))
        self.channels.update(filter(None, (owed.channel,)))
        self.rules.setdefault(duty, Counter())[owed.owned_by or ""] += 1
        self.worst[duty] = min(self.worst.get(duty, finding.severity), finding.severity, key=SEVERITIES.index)
        if finding.due_days is not None:
            self.days[duty] = min(self.days.get(duty, finding.due_days), finding.due_days)


def owned(findings: Iterable[Finding]) -> dict[str | None, Owned]:
    """Failures by owner: who has most first, nobody last."""
    found: dict[str | None, Owned] = {}
    for finding in findings:
        if finding.status in ("fail", "excepted"):
            found.setdefault(finding.responsibility.owner, Owned()).add(finding)
    order = sorted(found, key=lambda name: (name is None, -found[name].failures.total(), found[name].rank, name or ""))
    return {name: found[name] for name in order}


def lines(found: dict[str | None, Owned], origin: str, terminal: Terminal) -> Iterator[str]:
    """Each owner with the duties to mend: how bad, how many, in how many days, and by which rule."""
    paper = Paper(terminal)
    if not found:
        yield paper.text(styled(f"Nothing fails in {origin}."))
        return
    for number, (name, one) in enumerate(found.items()):
        yield "\n" if number else ""
        yield paper.text(_head(name, one))
        rows = paper.grid(len("CRITICAL"), DUTY_WIDTH, COUNT_WIDTH)
        width = paper.width - len("CRITICAL") - DUTY_WIDTH - COUNT_WIDTH - 3 * GAP
        for duty in sorted(
            one.failures, key=lambda duty: (SEVERITIES.index(one.worst[duty]), -one.failures[duty], duty)
        ):
            severity = one.worst[duty]
            days = f"in {one.days[duty]} days, " if duty in one.days else ""
            by = one.rules[duty].most_common(1)[0][0]
            rows.add_row(
                severity_word(severity),
                short(duty, DUTY_WIDTH),
                Text(f"{one.failures[duty]:,}"),
                short(f"{days}{f'by {by}' if by else 'no rule, no tag'}", width * 2),
            )
        yield paper.text(rows)


def _head(name: str | None, one: Owned) -> Text:
    count = counted(one.failures.total(), "failure", "failures")
    excepted = f", {one.excepted:,} excepted" if one.excepted else ""
    if name is None:
        return Text.assemble(("nobody", f"{STRONG} {COLOURS['high']}"), f": {count}{excepted}")
    backup = " or ".join(one.backups) or "nobody"
    channel = f", {' or '.join(one.channels)}" if one.channels else ""
    return Text.assemble(styled(name, STRONG), f": {count}{excepted}", styled(f"  backup {backup}{channel}", DIM))
