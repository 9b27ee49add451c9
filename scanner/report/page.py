"""The page of `--format table`, laid out with rich: sections of plain rows, no boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scanner.check import Severity
from scanner.finding import Finding, Subject
from scanner.report.cells import COLOURS, DIM, STRONG, counted, listed, padded, severity_word, short, styled
from scanner.report.digest import Digest, Failures, Unknowns, Violated
from scanner.report.page_changes import only_some, resolved, since_last_look
from scanner.report.page_people import excepted, who_answers
from scanner.report.paper import GAP, Paper
from scanner.report.report import Report
from scanner.report.summary import coverage, head, scope_lines, status_rows
from scanner.report.visible import visible
from scanner.report.words import missing

SEVERITY_WIDTH = len("CRITICAL")
COUNT_WIDTH = len("99,999")
NARROWEST_NAME, NAME_WIDTH, WIDEST_NAME = 20, 40, 60
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
        self._paper = Paper(terminal)

    def sections(self) -> Iterator[str]:
        """The page from top to bottom."""
        yield self._paper.text(head(self._report.run))
        yield from only_some(self._paper, self._report, self._digest)
        yield from self._failed()
        yield from self._unknown()
        yield from excepted(self._paper, self._digest)
        if self._report.only:
            yield from resolved(self._paper, self._digest)
        yield from self._duties()
        yield from who_answers(self._paper, self._digest)
        yield from self._summary()

    def _failed(self) -> Iterator[str]:
        groups = self._digest.failures_worst_first()
        if not groups:
            return
        yield self._paper.heading("Failed", sum(failures.count for _, _, failures in groups))
        columns = self._columns(groups)
        last = None
        for severity, check, failures in groups:
            if severity != last:
                yield "\n"
                last = severity
            yield self._paper.text(self._rows(severity, check, failures, columns))

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
        rows = self._paper.grid(SEVERITY_WIDTH)
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
        late = ", overdue" if finding.due and finding.last_seen and finding.due < finding.last_seen.date() else ""
        due = f", due {finding.due}{late}" if finding.due else ""
        became = f"{finding.lifecycle.state}; " if self._report.only and finding.lifecycle else ""
        duty = styled(f"({became}violates {responsibility.duty}{owner}{due})", DIM)
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

    def _unknown(self) -> Iterator[str]:
        causes = self._digest.unknowns_largest_first()
        if not causes:
            return
        yield self._paper.heading("Unknown", self._report.run.statuses.get("unknown", 0))
        for cause in causes:
            yield self._paper.text("", *self._cause(cause))

    def _cause(self, cause: Unknowns) -> Iterator[RenderableType]:
        answers = counted(cause.answers, "answer needs", "answers need")
        lacks = missing(cause.needs, cause.call, cause.fact)
        yield self._paper.hanging(
            Text.assemble((answers, STRONG), " ", short(lacks, LINES * self._body), f" ({cause.why})")
        )
        kinds: list[str] = []
        previous = ""
        for kind, name in cause.names:
            named = short(name, NAME_WIDTH).plain
            kinds.append(named if kind == previous else f"{kind} {named}")
            previous = kind
        yield self._paper.hanging(styled(f"on {listed(kinds, cause.resources)}"), 2)
        yield self._paper.hanging(styled(f"for {listed(list(cause.checks)[:3], len(cause.checks))}", DIM), 2)
        if cause.why != "denied":
            for detail in cause.details:
                yield self._paper.hanging(short(detail, LINES * self._body, DIM), 2)

    def _duties(self) -> Iterator[str]:
        duties = self._digest.duties_worst_first()
        if not duties:
            return
        yield self._paper.heading("Duties violated", len(duties))
        yield "\n"
        explained = len(duties) if len(duties) <= DUTIES_EXPLAINED + 1 else DUTIES_EXPLAINED
        for number, violated in enumerate(duties):
            yield self._paper.text(self._duty(violated, explain=number < explained))

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
            halves = self._paper.grid(len("provider's part"))
            halves.add_row(Text("your part", DIM), styled(known.customer))
            halves.add_row(Text("provider's part", DIM), styled(known.counterpart))
            what.append(halves)
        rows = self._paper.grid(SEVERITY_WIDTH, COUNT_WIDTH)
        rows.add_row(severity_word(violated.severity), Text(f"{violated.count:,}", justify="right"), Group(*what))
        return rows

    def _summary(self) -> Iterator[str]:
        run = self._report.run
        yield "\n" + self._paper.text(Text("Summary", STRONG))
        counts = self._paper.grid(len("not applicable"), COUNT_WIDTH)
        for word, count, details in status_rows(run, self._digest, some=bool(self._report.only)):
            counts.add_row(word, Text(count, justify="right"), details)
        yield self._paper.text("", counts, "")
        for line in since_last_look(run):
            yield self._paper.text(self._paper.hanging(line), "")
        yield self._paper.text(
            self._paper.hanging(coverage(run)), *(self._paper.hanging(line) for line in scope_lines(run))
        )
        if self._digest.undescribed:
            types = listed(list(self._digest.undescribed)[:8], len(self._digest.undescribed))
            yield self._paper.text(
                self._paper.hanging(styled(f"Resource types without a mapping, by the default rule yours: {types}"))
            )
        for notice in run.notices:
            yield self._paper.text(self._paper.hanging(Text.assemble(("Note: ", STRONG), styled(notice))))
        yield from self._defects()

    def _defects(self) -> Iterator[str]:
        defects = self._report.run.defects
        if defects:
            title = f"Defects of ours  {len(defects):,}"
            yield "\n" + self._paper.text(
                Text(title, COLOURS["critical"]), "Please report them; what they touched is unknown."
            )
            for defect in defects[:DEFECTS]:
                yield self._paper.text(self._paper.hanging(short(defect, LINES * self._body), 2))
            if len(defects) > DEFECTS:
                yield self._paper.text(f"  and {len(defects) - DEFECTS:,} more")
