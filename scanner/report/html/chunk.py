"""Findings as columns: what a list shows and filters by in one island, what is only read one by one in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, get_args

import msgspec

from scanner.access import Witness
from scanner.check import SEVERITIES
from scanner.finding import Finding, Status
from scanner.jsonline import json_line
from scanner.passage import Passage
from scanner.report.html.interned import Interned
from scanner.report.html.island import island, packed_island
from scanner.report.html.shared import Shared, Tags, pairs

STATUSES: tuple[Status, ...] = get_args(Status)
ROWS = 4_000
"""Findings of one pair of islands, at most."""
EVIDENCE = 4_000_000
"""Characters of evidence after which a pair is full: one that is opened unpacks all of its pair."""

SubjectRow: TypeAlias = tuple[str, str, int, int, int, int]
"""Uid and name, then numbers of kind, account, region and place."""

LISTED = (
    "id", "check", "status", "severity", "subject", "attribution", "people", "seen", "due", "lifecycle", "exception",
    "needs", "mitigated", "notices", "reasons", "unread",
)  # fmt: skip
"""Columns of what a list needs: numbers in tables, but for the id. `unread` are gaps without their details."""
TOLD = ("witnesses", "first", "details", "evidence")
"""Columns of what else there is.

`witnesses`: one for each reason or null, each as a list of its fields; null for all of none. `first`: a list with the
finding's own witness where that is not the first of these, else null. `details`: of each gap. `evidence`: JSON as a
text, so that a number of any size stays what it is.
"""


class Packed(msgspec.Struct, frozen=True):
    """A column that has the same value everywhere."""

    all: Any


Column: TypeAlias = list[Any] | Packed


class Listed(msgspec.Struct, frozen=True):
    """What a list needs of some findings, and what these have in common."""

    rows: int
    columns: Mapping[str, Column]
    subjects: list[SubjectRow]
    texts: list[str]


class Told(msgspec.Struct, frozen=True):
    """What else there is about the same findings."""

    columns: Mapping[str, Column]
    tags: list[Tags]
    """Of the subjects."""
    written: list[Passage | None]
    """Where they are written."""


class Chunk:
    """Some findings on their way into a page."""

    def __init__(self, number: int, shared: Shared) -> None:
        self._number = number
        self._shared = shared
        self._evidence = 0
        self._subjects = Interned[tuple[SubjectRow, Tags, Passage | None]]()
        self._texts = Interned[str]()
        self._listed: list[Sequence[Any]] = []
        self._told: list[Sequence[Any]] = []

    def __len__(self) -> int:
        return len(self._listed)

    @property
    def full(self) -> bool:
        """Whether the next one belongs into another pair."""
        return len(self) >= ROWS or self._evidence >= EVIDENCE

    def add(self, finding: Finding) -> None:
        """Take one more in; one that cannot be written leaves nothing behind but unused texts."""
        listed, told = self._row(finding), self._rest(finding)
        if told[0] or told[1]:
            # A witness is the one part that nothing above has looked into.
            json_line(told[:2])
        self._listed.append(listed)
        self._told.append(told)
        self._evidence += len(told[-1])

    def _row(self, finding: Finding) -> Sequence[Any]:
        shared, subject = self._shared, finding.resource
        where = (shared.subject(subject), pairs(subject.tags), subject.written or None)
        return (
            finding.id,
            shared.check(finding.check),
            STATUSES.index(finding.status),
            SEVERITIES.index(finding.severity),
            self._subjects.number(where),
            *shared.responsibility(finding.responsibility),
            *shared.times(finding),
            shared.row(finding.needs),
            shared.row(finding.mitigated_by),
            shared.row(finding.notices),
            [self._texts.number(reason.text) for reason in finding.reasons],
            [shared.gap(gap) for gap in finding.unread],
        )

    def _rest(self, finding: Finding) -> Sequence[Any]:
        witnesses = [reason.witness for reason in finding.reasons]
        derived = next(filter(None, witnesses), None)
        return (
            list(map(_fields, witnesses)) if derived else None,
            None if finding.witness == derived else [_fields(finding.witness)],
            [gap.detail for gap in finding.unread],
            bytes(finding.evidence).decode(),
        )

    def islands(self) -> Iterator[str]:
        """Both islands."""
        subjects = self._subjects.values
        listed = Listed(len(self), _columns(LISTED, self._listed), [row for row, *_ in subjects], self._texts.values)
        yield island(f"listed-{self._number}", listed, "listed")
        told = Told(
            _columns(TOLD, self._told), [tags for _, tags, _ in subjects], [written for *_, written in subjects]
        )
        yield packed_island(f"told-{self._number}", told, "told")


def _fields(witness: Witness | None) -> Sequence[Any] | None:
    return None if witness is None else msgspec.structs.astuple(witness)


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Column]:
    return {name: _packed(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _packed(column: Sequence[Any]) -> Column:
    first = column[0]
    return Packed(first) if all(each == first for each in column) else list(column)
