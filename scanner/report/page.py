"""The page of `--format table`, laid out with rich: sections of plain rows, no boxes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scanner.check import Severity
from scanner.finding import Finding, Subject
from scanner.report.cells import COLOURS, DIM, STRONG, counted, listed, padded, severity_word, short, styled
from scanner.report.digest import Digest, Failures, Unknowns, Violated
from scanner.report.report import Report
from scanner.report.summary import coverage, head, scope_lines, status_rows
from scanner.report.visible import visible
from scanner.report.words import missing

SEVERITY_WIDTH = len("CRITICAL")
COUNT_WIDTH = len("99,999")
NARROWEST_NAME, NAME_WIDTH, WIDEST_NAME = 20, 40, 60
PAGE_LINES = 25
GAP = 2
REASONS = 3
LINES = 4
"""Lines that one text from outside may fill."""
DUTIES_EXPLAINED = 5
DEFECTS = 10


class Page:
    """One page for the terminal that its report is for."""

    def __init__(self, report: Report, digest: Digest) -> None:
        terminal = report.terminal
        self._report = report
        self._digest = digest
        self._names = {(scope.provider, scope.account): scope.name for scope in report.run.scopes}
        self._width = terminal.width
        self._body = terminal.width - SEVERITY_WIDTH - 2 * GAP
        self._console = Console(
            file=io.StringIO(),
            width=terminal.width,
            height=PAGE_LINES,  # without both, rich asks the environment and calls a dumb terminal 80 wide
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
        columns = self._columns(groups)
        last = None
        for severity, check, failures in groups:
            if severity != last:
                yield "\n"
                last = severity
            yield self._text(self._rows(severity, check, failures, columns))

    def _columns(self, groups: Sequence[tuple[Severity, str, Failures]]) -> tuple[int, int]:
        """Widths for check and resource: what they need, as far as the line has room for the region as well."""
        checks = max(len(visible(check)) for _, check, _ in groups)
        shown = [finding.resource for _, _, failures in groups for finding in failures.shown]
        names = max(cell_len(visible(resource.name or resource.uid)) for resource in shown)
        places = max(cell_len(visible(self._place(resource))) for resource in shown)
        check_width = min(checks, self._width // 2)
        room = self._body - check_width - places - 2 * GAP
        return check_width, min(names, max(room, NARROWEST_NAME), WIDEST_NAME)

    def _rows(self, severity: Severity, check: str, failures: Failures, columns: tuple[int, int]) -> Table:
        rows = self._grid(SEVERITY_WIDTH)
        word = severity_word(severity)
        for finding in failures.shown:
            rows.add_row(word, self._row(finding, columns))
        if failures.more:
            more = f"and {failures.more:,} more of them; --format json has all"
            rows.add_row(word, Text.assemble(padded(styled(check), columns[0] + GAP), (more, DIM)))
        return rows

    def _row(self, finding: Finding, columns: tuple[int, int]) -> Text:
        """A line that says what failed, lines that say why, and the duty: after the last reason where it fits."""
        resource, responsibility = finding.resource, finding.responsibility
        check_width, name_width = columns
        name = short(resource.name or resource.uid, name_width)
        first = Text.assemble(
            padded(styled(finding.check), check_width + GAP),
            padded(name, name_width + GAP),
            styled(self._place(resource), DIM),
        )
        # Several requests can show the same thing; all of them stand in the other formats.
        reasons = list(dict.fromkeys(reason.text for reason in finding.reasons))
        lines = [first, *(short(reason, LINES * self._body) for reason in reasons[:REASONS])]
        if len(reasons) > REASONS:
            lines.append(Text(f"and {counted(len(reasons) - REASONS, 'more reason', 'more reasons')}"))
        owner = f", owner {responsibility.owner}" if responsibility.owner else ""
        duty = styled(f"(violates {responsibility.duty}{owner})", DIM)
        if len(lines) > 1 and lines[-1].cell_len + 1 + duty.cell_len <= self._body:
            lines[-1] = Text.assemble(lines[-1], " ", duty)
        else:
            lines.append(duty)
        return Text("\n").join(lines)

    def _place(self, resource: Subject) -> str:
        """The region, and where there are several accounts the account, by its name if that is shorter."""
        if len(self._report.run.scopes) == 1:
            return resource.region
        name = self._names.get((resource.provider, resource.account), "")
        account = name if 0 < len(name) < len(resource.account) else resource.account
        return f"{account} {resource.region}"

    @staticmethod
    def _grid(*widths: int) -> Table:
        """Columns of these widths, and a last one that takes the rest."""
        grid = Table.grid(padding=(0, GAP, 0, 0))
        for width in widths:
            grid.add_column(width=width)
        grid.add_column(overflow="fold")
        return grid

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
        yield self._hanging(Text.assemble((answers, STRONG), " ", short(lacks, LINES * self._body), f" ({cause.why})"))
        kinds: list[str] = []
        previous = ""
        for kind, name in cause.names:
            named = short(name, NAME_WIDTH).plain
            kinds.append(named if kind == previous else f"{kind} {named}")
            previous = kind
        yield self._hanging(styled(f"on {listed(kinds, cause.resources)}"), 2)
        yield self._hanging(styled(f"for {listed(list(cause.checks)[:3], len(cause.checks))}", DIM), 2)
        if cause.why != "denied":
            for detail in cause.details:
                yield self._hanging(short(detail, LINES * self._body, DIM), 2)

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
        what: list[RenderableType] = [
            Text.assemble(styled(known.title if known else ""), "  ", styled(violated.duty, DIM))
        ]
        if violated.owners:
            owners = listed(
                [short(owner, NAME_WIDTH).plain for owner in list(violated.owners)[:3]], len(violated.owners)
            )
            what.append(Text(f"owner {owners}"))
        if explain and known:
            halves = self._grid(len("provider's part"))
            halves.add_row(Text("your part", DIM), styled(known.customer))
            halves.add_row(Text("provider's part", DIM), styled(known.counterpart))
            what.append(halves)
        rows = self._grid(SEVERITY_WIDTH, COUNT_WIDTH)
        rows.add_row(severity_word(violated.severity), Text(f"{violated.count:,}", justify="right"), Group(*what))
        return rows

    def _summary(self) -> Iterator[str]:
        run = self._report.run
        yield "\n" + self._text(Text("Summary", STRONG))
        counts = self._grid(len("not applicable"), COUNT_WIDTH)
        for word, count, details in status_rows(run, self._digest):
            counts.add_row(word, Text(count, justify="right"), details)
        yield self._text("", counts, "")
        yield self._text(self._hanging(coverage(run)), *(self._hanging(line) for line in scope_lines(run)))
        if self._digest.undescribed:
            types = listed(list(self._digest.undescribed)[:8], len(self._digest.undescribed))
            yield self._text(
                self._hanging(styled(f"Resource types without a mapping, by the default rule yours: {types}"))
            )
        yield from self._defects()

    def _defects(self) -> Iterator[str]:
        defects = self._report.run.defects
        if defects:
            title = f"Defects of ours  {len(defects):,}"
            yield "\n" + self._text(
                Text(title, COLOURS["critical"]), "Please report them; what they touched is unknown."
            )
            for defect in defects[:DEFECTS]:
                yield self._text(self._hanging(short(defect, LINES * self._body), 2))
            if len(defects) > DEFECTS:
                yield self._text(f"  and {len(defects) - DEFECTS:,} more")
