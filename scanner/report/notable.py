"""The findings of a report that a summary names, and all of them in little: one pass, bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from scanner.check import SEVERITIES
from scanner.finding import Finding
from scanner.posture import Posture, posture_of
from scanner.report.digest import Digest
from scanner.report.report import Report

T = TypeVar("T")


class First(Generic[T]):
    """The first of many by a key, however many there are."""

    def __init__(self, most: int, key: Callable[[T], Any]) -> None:
        self._most, self._key = most, key
        self._held: list[T] = []
        self.total = 0

    def add(self, thing: T) -> None:
        """Take one more into account."""
        self.total += 1
        self._held.append(thing)
        if len(self._held) >= 4 * self._most:
            self._held = self.in_order()

    def in_order(self) -> list[T]:
        """The first ones."""
        return sorted(self._held, key=self._key)[: self._most]


class Notable:
    """What is worth naming."""

    def __init__(self, most: int) -> None:
        self.digest = Digest()
        self.worst = First[Finding](most, _rank)
        """Failures, the worst first; of one severity the new ones, then those that are due."""
        self.opened = First[Finding](most, _rank)
        """Failures that are new, or came back."""
        self.resolved = First[Finding](most, _rank)

    def see(self, finding: Finding) -> None:
        """Take one finding in."""
        self.digest.add(finding)
        state = finding.lifecycle.state if finding.lifecycle else None
        if finding.status == "fail":
            self.worst.add(finding)
        if state in ("new", "reopened"):
            self.opened.add(finding)
        elif state == "resolved":
            self.resolved.add(finding)


def _rank(finding: Finding) -> tuple[object, ...]:
    state = finding.lifecycle.state if finding.lifecycle else ""
    due = finding.due.isoformat() if finding.due else "9"
    return SEVERITIES.index(finding.severity), state not in ("new", "reopened"), due, finding.check, finding.id


def notable_of(report: Report, most: int) -> tuple[Notable, Posture]:
    """What is worth naming, and the counts of all."""
    found = Notable(most)

    def seen() -> Iterator[Finding]:
        for finding in report.findings:
            found.see(finding)
            yield finding

    posture = posture_of(seen(), report.run, "this scan")
    for finding in report.gone:
        found.resolved.add(finding)
    return found, posture
