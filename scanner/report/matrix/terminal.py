"""The matrix for a terminal: what has to be known first, the table, where the line runs, what is inherited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

import msgspec
from rich.text import Text

from scanner.matrix.matrix import Matrix
from scanner.matrix.standing import Lack
from scanner.report.cells import COLOURS, DIM, STRONG, counted, listed, short, styled
from scanner.report.matrix.table import Table
from scanner.report.matrix.wording import (
    LEGEND,
    coverage_words,
    document_words,
    lack_words,
    moved_words,
    older_by_day,
    scope_name,
)
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal

LABEL = len("Without backup  ")
SCOPES, LACKS, DUTIES, RULES, OPEN_RULES, TYPES = 6, 4, 6, 12, 6, 4
LINES, DAYS = 3, 4
NAME = 40
NEEDS, LACK = 6, 600
"""Permissions of one lack, and its columns: longer than any that is real."""
HEAD = 60


def matrix_page(matrix: Matrix, terminal: Terminal, *, fold: bool = False) -> Iterator[str]:
    """The page, section by section."""
    page = _Page(matrix, terminal)
    yield from page.head()
    yield from Table(matrix, page.paper, fold=fold).blocks()
    yield from page.line()
    yield from page.heritage()
    yield from page.legend()


def _some(lack: Lack) -> Lack:
    """A lack with as many permissions as can be shown whole: half of a name grants nothing."""
    more = len(lack.needs) - NEEDS
    if more <= 0:
        return lack
    return msgspec.structs.replace(lack, needs=(*lack.needs[:NEEDS], f"{more:,} more"))


class _Page:
    def __init__(self, matrix: Matrix, terminal: Terminal) -> None:
        self.paper = Paper(terminal)
        self._matrix = matrix

    def head(self) -> Iterator[str]:
        """What has to be known before any number of the table."""
        matrix = self._matrix
        when = matrix.taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        yield self.paper.text(
            Text("  ").join(
                [Text(f"Responsibility by {matrix.by}", STRONG), short(matrix.origin, HEAD - 15), Text(when, DIM)]
            ),
            "",
        )
        rows = self.paper.grid(LABEL)
        rows.add_row(
            Text("Coverage", STRONG), Text(coverage_words(matrix.coverage, inventory_known=matrix.inventory_known))
        )
        rows.add_row(Text("Without owner", STRONG), self._unowned("without_owner"))
        rows.add_row(Text("Without backup", STRONG), self._unowned("without_backup"))
        rows.add_row(Text("Not fully read", STRONG), self._partly_read())
        if matrix.older:
            rows.add_row(Text("Older readings", STRONG), self._older())
        if matrix.elsewhere:
            words = counted(matrix.elsewhere, "result is", "results are")
            rows.add_row(Text("Left out", STRONG), Text(f"{words} about duties that this version does not know"))
        yield self.paper.text(rows)

    def _unowned(self, field: str) -> Text:
        violated = self._matrix.violated
        if not violated:
            return Text("no duty is violated in what was decided")
        lacking = [(one, getattr(one, field)) for one in violated if getattr(one, field)]
        if field == "without_backup" and lacking == [(one, one.without_owner) for one, _ in lacking]:
            return Text("the same, and no other") if any(one.without_owner for one in violated) else Text("none")
        if not lacking:
            return Text(f"none of {counted(len(violated), 'violated duty', 'violated duties')}")
        shown = [f"{one.duty} ({count:,})" for one, count in lacking[:DUTIES]]
        head = f"{len(lacking):,} of {counted(len(violated), 'violated duty', 'violated duties')}: "
        return Text(head + listed(shown, len(lacking)))

    def _partly_read(self) -> Text:
        partly = self._matrix.partly_read
        scopes = counted(self._matrix.scopes, "scope", "scopes")
        if not partly:
            return Text(f"none of {scopes}")
        lines = [Text(f"{len(partly):,} of {scopes}")]
        for one in partly[:SCOPES]:
            lacks = [short(lack_words(_some(lack)), LACK).plain for lack in one.lacks[:LACKS]]
            words = f": {listed(lacks, len(one.lacks))}" if lacks else ""
            lines.append(Text.assemble(short(scope_name(one.scope), NAME), words))
        if len(partly) > SCOPES:
            lines.append(Text(f"and {len(partly) - SCOPES:,} more; --format json has all", DIM))
        return Text("\n").join(lines)

    def _older(self) -> Text:
        days = older_by_day(self._matrix.older)
        lines = []
        for day, names in list(days.items())[:DAYS]:
            shown = [short(name, NAME).plain for name in names[:SCOPES]]
            lines.append(Text(f"not read since {day}: {listed(shown, len(names))}"))
        if len(days) > DAYS:
            more = sum(map(len, list(days.values())[DAYS:]))
            lines.append(Text(f"and {more:,} more, read later; --format json has all", DIM))
        return Text("\n").join(lines)

    def line(self) -> Iterator[str]:
        """Where attributes of resources moved a responsibility."""
        moved, undecided = self._matrix.moved, self._matrix.undecided
        if not moved and not undecided:
            return
        yield self.paper.heading("Where the line runs for you", len(moved))
        for one in moved[:RULES]:
            failed = f", {counted(one.violations, 'violation', 'violations')}" if one.violations else ""
            head = Text.assemble(
                (counted(one.resources, "resource", "resources"), STRONG),
                f"  {one.duty}  ",
                (moved_words(one), STRONG),
                (failed, COLOURS["high"]),
            )
            yield self.paper.text(
                "",
                self.paper.hanging(head),
                self.paper.hanging(self._cut(one.rule), 2),
                self.paper.hanging(styled(f"on {self._types(one.types)}", DIM), 2),
            )
        if len(moved) > RULES:
            yield self.paper.text("", Text(f"and {len(moved) - RULES:,} more rules; --format json has all", DIM))
        if undecided:
            yield "\n" + self.paper.text(Text("Left open, so that the table's answer stands:", STRONG))
        for each in undecided[:OPEN_RULES]:
            results = counted(each.results, "result", "results")
            words = f"{results}  {each.duty}  {each.what}, on {self._types(each.types)}"
            yield self.paper.text(self.paper.hanging(self._cut(words), 2))
        if len(undecided) > OPEN_RULES:
            yield self.paper.text(Text(f"  and {len(undecided) - OPEN_RULES:,} more; --format json has all", DIM))

    def heritage(self) -> Iterator[str]:
        """What the provider answers for, and by which document."""
        if not self._matrix.heritage:
            return
        yield "\n" + self.paper.text(Text("What you inherit", STRONG), "")
        for one in self._matrix.heritage:
            words = Text.assemble((f"{short(one.provider, NAME).plain}  ", STRONG), ", ".join(one.layers))
            late = one.document is not None and one.document.late(self._matrix.today)
            document = self._cut(document_words(one.document))
            yield self.paper.text(self.paper.hanging(words))
            mark = Text("OVERDUE ", COLOURS["high"]) if late else Text("")
            yield self.paper.text(self.paper.hanging(Text.assemble(mark, document), 2))

    def legend(self) -> Iterator[str]:
        """What the signs mean."""
        rows = self.paper.grid(1)
        for sign, words in LEGEND:
            rows.add_row(Text(sign, STRONG), Text(words, DIM))
        yield "\n" + self.paper.text(rows)

    def _cut(self, text: str) -> Text:
        return short(text, LINES * (self.paper.width - 6))

    @staticmethod
    def _types(types: Sequence[str]) -> str:
        return listed([short(each, NAME).plain for each in types[:TYPES]], len(types))
