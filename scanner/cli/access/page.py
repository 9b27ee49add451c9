"""Answers about access as pages for a person: one thing per line, each line labelled, nothing said by colour alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from rich.cells import cell_len, chop_cells

from scanner.access import Witness
from scanner.questions import Explanation, NewAccess, Reached, Row, WhoCan
from scanner.report.terminal import Terminal
from scanner.report.visible import visible

LABEL = 9
"""Columns of the longest label, `to allow`, and a blank."""
GROUPS: Sequence[Reached] = get_args(Reached)
"""Most certain first."""


class Page:
    """Lines for a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def who_can(self, action: str, resource: str, answer: WhoCan) -> Iterator[str]:
        """The rows by how certain they are, then what was not read."""
        yield from self._strong(f"Who can {action} on {resource}?")
        for reached in GROUPS:
            rows = [row for row in answer.rows if row.reached == reached]
            if rows:
                yield "\n"
                yield from self._strong(f"{reached.capitalize()}  {len(rows):,}")
                for row in rows:
                    yield from self._row(row)
        if answer.gaps:
            yield "\n"
            yield from self._strong(f"Not read, and could add to it  {len(answer.gaps):,}")
            for gap in answer.gaps:
                yield from self._hanging("needs", gap)
        yield "\n"
        yield f"{summary(answer)}\n"

    def _row(self, row: Row) -> Iterator[str]:
        yield "\n"
        yield from self._strong(row.principal)
        for number, step in enumerate(row.path):
            yield from self._hanging("then" if number else "by", step)
        for number, condition in enumerate(row.conditions):
            yield from self._hanging("and" if number else "if", condition)
        yield from self._witness(row.witness)
        if row.why:
            yield from self._hanging("why", row.why)

    def explanation(self, principal: str, action: str, resource: str, answer: Explanation) -> Iterator[str]:
        """The result, what decides it, and how it could be otherwise."""
        yield from self._strong(f"{answer.result}: {principal}, {action} on {resource}")
        yield from self._hanging("why", answer.why)
        for statement in answer.deciding:
            text = f"{statement.effect}  {statement.document} at {statement.pointer or '/'}: {statement.text}"
            yield from self._hanging("decides", text)
        for number, condition in enumerate(answer.conditions):
            yield from self._hanging("and" if number else "if", condition)
        yield from self._witness(answer.witness)
        for number, edit in enumerate(answer.edits):
            yield from self._hanging("and" if number else "to allow", edit)

    def new_access(self, answer: Sequence[NewAccess]) -> Iterator[str]:
        """What is allowed now, then what could not be decided."""
        new = [item for item in answer if item.witness is not None]
        open_ = [item for item in answer if item.witness is None]
        for title, items in (
            ("New access", new),
            ("UNKNOWN: it could not be decided whether this is new access", open_),
        ):
            if items:
                yield from self._strong(f"{title}  {len(items):,}")
                for item in items:
                    yield "\n"
                    yield from self._strong(item.subject)
                    yield from self._witness(item.witness)
                    if item.why:
                        yield from self._hanging("why", item.why)
                yield "\n"
        if not answer:
            yield "No new access: all that the second allows, the first allows too.\n"

    def _witness(self, witness: Witness | None) -> Iterator[str]:
        if witness is None:
            return
        yield from self._hanging("request", f"{witness.action} on {witness.resource} as {witness.principal}")
        for key, value in witness.context.items():
            yield from self._hanging("", f"{key} = {value}")
        if witness.statement:
            yield from self._hanging("", f"allowed by {witness.statement}")

    def _strong(self, text: str) -> Iterator[str]:
        begin, end = ("\x1b[1m", "\x1b[0m") if self.terminal.colour else ("", "")
        for line in wrapped(text, self.terminal.width):
            yield f"{begin}{line}{end}\n"

    def _hanging(self, label: str, text: str) -> Iterator[str]:
        for number, line in enumerate(wrapped(text, self.terminal.width - LABEL - 2)):
            yield f"  {'' if number else label:{LABEL}}{line}".rstrip() + "\n"


def summary(answer: WhoCan) -> str:
    """The counts in one line."""
    counts = [(reached, sum(row.reached == reached for row in answer.rows)) for reached in GROUPS]
    told = ", ".join(f"{count:,} {reached}" for reached, count in counts if count)
    if not told:
        return "Nobody, as far as it was read." if answer.gaps else "Nobody."
    return f"{len({row.principal for row in answer.rows}):,} can, or may: {told}."


def wrapped(text: str, width: int) -> list[str]:
    """Text that somebody else wrote, in lines of so many columns; a word is cut only where it is longer than one."""
    lines: list[str] = []
    line = ""
    for word in visible(text).split(" "):
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, width) or [""]
        lines += full
    return [*lines, line]
