"""The page of `--format table`, laid out with rich: sections of plain rows, no boxes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scanner.check import Severity
from scanner.report.cells import COLOURS, DIM, STRONG, broken, counted, listed, severity_word, short, styled
from scanner.report.digest import Digest, Failures, Unknowns, Violated
from scanner.report.report import Report
from scanner.report.summary import coverage, head, scope_lines, status_rows
from scanner.report.terminal import Terminal
from scanner.report.words import missing

SEVERITY_WIDTH = len("CRITICAL")
GAP = 2
REASONS = 3
DUTIES_EXPLAINED = 5
DEFECTS = 10


class Page:
    """One page for one terminal."""

    def __init__(self, report: Report, digest: Digest, terminal: Terminal) -> None:
        self._report = report
        self._digest = digest
        self._width = terminal.width
        self._console = Console(
            file=io.StringIO(),
            width=terminal.width,
            force_terminal=terminal.colour,
            no_color=not terminal.colour,
            color_system="standard" if terminal.colour else None,
            force_jupyter=False,
            legacy_windows=False,
            markup=False,
            highlight=False,
            emoji=False,
        )

    def sections(self) -> Iterator[str]:
        """The page from top to bottom."""
        yield self._text(head(self._report.run))
        yield from self._failed()
        yield from self._unknown()
        yield from self._duties()
        yield from self._summary()

    def _text(self, *parts: RenderableType) -> str:
        with self._console.capture() as captured:
            for part in parts:
                self._console.print(part)
        return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())

    def _heading(self, title: str, count: int) -> str:
        return "\n" + self._text(Text.assemble((title, STRONG), (f"  {count:,}", DIM)))

    def _failed(self) -> Iterator[str]:
        groups = self._digest.failures_worst_first()
        if not groups:
            return
        yield self._heading("Failed", sum(failures.count for _, _, failures in groups))
        widths = self._widths(groups)
        last = groups[0][0]
        table = self._grid(*widths)
        for severity, check, failures in groups:
            if severity != last:
                yield self._text("", table)
                last, table = severity, self._grid(*widths)
            self._add_rows(table, severity, check, failures, widths)
        yield self._text("", table)

    def _widths(self, groups: Sequence[tuple[Severity, str, Failures]]) -> tuple[int, int]:
        """Columns for check and resource: what they need, and never so much that the reason is squeezed."""
        checks = max(len(check) for _, check, _ in groups)
        shown = [finding.resource for _, _, failures in groups for finding in failures.shown]
        resources = max(max(styled(r.name or r.uid).cell_len, styled(r.region).cell_len) for r in shown)
        return min(checks, max(16, self._width // 4)), min(max(resources, 12), max(20, self._width * 3 // 10))

    def _grid(self, check_width: int, resource_width: int) -> Table:
        grid = Table.grid(padding=(0, GAP, 0, 0))
        used = SEVERITY_WIDTH + check_width + resource_width + 4 * GAP
        for width in (SEVERITY_WIDTH, check_width, resource_width, self._width - used):
            grid.add_column(width=width, overflow="fold")
        return grid

    def _add_rows(self, table: Table, severity: Severity, check: str, failures: Failures, widths: tuple[int, int]) -> None:
        word, name = severity_word(severity), broken(check, widths[0])
        for finding in failures.shown:
            resource, responsibility = finding.resource, finding.responsibility
            where = Text("\n").join([short(resource.name or resource.uid, widths[1]), styled(resource.region, DIM)])
            reasons = [styled(reason.text) for reason in finding.reasons[:REASONS]]
            if len(finding.reasons) > REASONS:
                reasons.append(Text(f"and {len(finding.reasons) - REASONS:,} more reasons"))
            owner = f", owner {responsibility.owner}" if responsibility.owner else ""
            reasons.append(styled(f"duty {responsibility.duty}{owner}", DIM))
            table.add_row(word, name, where, Text("\n").join(reasons))
        if failures.more:
            table.add_row(word, name, Text(f"and {failures.more:,} more", DIM), Text("all are in --format json", DIM))

    def _unknown(self) -> Iterator[str]:
        causes = self._digest.unknowns_largest_first()
        if not causes:
            return
        yield self._heading("Unknown", self._report.run.statuses.get("unknown", 0))
        for cause in causes:
            yield self._text("", *self._cause(cause))

    def _cause(self, cause: Unknowns) -> Iterator[RenderableType]:
        answers = counted(cause.answers, "answer needs", "answers need")
        lacks = missing(cause.needs, cause.call, cause.fact)
        yield self._hanging(Text.assemble((answers, STRONG), " ", styled(lacks), f" ({cause.why})"))
        kinds: list[str] = []
        previous = ""
        for kind, name in cause.names:
            kinds.append(name if kind == previous else f"{kind} {name}")
            previous = kind
        yield self._hanging(styled(f"on {listed(kinds, cause.resources)}"), 2)
        yield self._hanging(styled(f"for {listed(list(cause.checks)[:3], len(cause.checks))}", DIM), 2)
        if cause.detail and cause.why != "denied":
            yield self._hanging(styled(cause.detail, DIM), 2)

    def _hanging(self, text: Text, indent: int = 0) -> Padding:
        """A paragraph whose further lines are indented."""
        lines = text.wrap(self._console, max(self._width - indent - 2, 20))
        return Padding(Text("\n  ").join(lines), (0, 0, 0, indent))

    def _duties(self) -> Iterator[str]:
        duties = self._digest.duties_worst_first()
        if not duties:
            return
        yield self._heading("Duties violated", len(duties))
        yield "\n"
        explained = len(duties) if len(duties) <= DUTIES_EXPLAINED + 1 else DUTIES_EXPLAINED
        for number, violated in enumerate(duties):
            yield self._text(self._duty(violated, explain=number < explained))

    def _duty(self, violated: Violated, *, explain: bool) -> Table:
        known = self._report.model.duties.get(violated.duty)
        what = [Text.assemble(styled(known.title if known else violated.duty), ("  " + violated.duty, DIM))]
        if violated.owners:
            what.append(styled(f"owner {listed(list(violated.owners)[:3], len(violated.owners))}"))
        if explain and known:
            what.append(Text.assemble(("your part  ", DIM), known.customer))
            what.append(Text.assemble(("provider's part  ", DIM), known.counterpart))
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column(width=SEVERITY_WIDTH)
        grid.add_column(width=5, justify="right")
        grid.add_column(overflow="fold")
        grid.add_row(severity_word(violated.severity), f"{violated.count:,}", Text("\n").join(what))
        return grid

    def _summary(self) -> Iterator[str]:
        run = self._report.run
        yield "\n" + self._text(Text("Summary", STRONG))
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column()
        grid.add_column(justify="right")
        grid.add_column(overflow="fold")
        for row in status_rows(run, self._digest):
            grid.add_row(*row)
        yield self._text("", grid, "")
        yield self._text(self._hanging(coverage(run)), *(self._hanging(line) for line in scope_lines(run)))
        if self._digest.undescribed:
            types = listed(list(self._digest.undescribed)[:8], len(self._digest.undescribed))
            yield self._text(self._hanging(styled(f"Types without a mapping, by the default rule yours: {types}")))
        yield from self._defects()

    def _defects(self) -> Iterator[str]:
        defects = self._report.run.defects
        if defects:
            title = f"Defects of ours  {len(defects):,}"
            yield "\n" + self._text(
                Text(title, COLOURS["critical"]), "Please report them; what they touched is unknown."
            )
            for defect in defects[:DEFECTS]:
                yield self._text(self._hanging(styled(defect), 2))
            if len(defects) > DEFECTS:
                yield self._text(f"  and {len(defects) - DEFECTS:,} more")
