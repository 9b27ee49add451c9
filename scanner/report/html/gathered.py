"""A report in little: all that stands above the list of findings, gathered in one pass and in bounded memory."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scanner.check import SEVERITIES, Severity
from scanner.finding import NO_EVIDENCE, Finding, Status
from scanner.posture import Posture, posture_of
from scanner.report.digest import Digest
from scanner.report.html.people import Owned, Owners
from scanner.report.report import Report

WORST = 200
"""Findings that stand in the page without a script."""
MOST_EVIDENCE = 24_000_000
"""Characters of evidence that one page holds: a browser reads them all before it shows the first."""
ORDER: tuple[Status, ...] = ("fail", "unknown", "excepted", "pass", "not-applicable")
"""What is worst comes first."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Evidence that a page has no room for."""

    status: Status
    severity: Severity
    findings: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was gathered."""

    posture: Posture
    digest: Digest
    owners: list[Owned]
    worst: list[Finding]
    findings: int
    states: Counter[str]
    """What became of those that this page holds."""
    evidence_of: frozenset[tuple[Status, Severity]]
    """Findings whose evidence there is room for."""
    left_out: tuple[LeftOut, ...]


def gathered(report: Report) -> Gathered:
    """Go through a report once."""
    gathering = _Gathering()
    posture = posture_of(gathering.watched(report.findings), report.run, "this scan")
    kept, left_out = gathering.room()
    return Gathered(
        posture,
        gathering.digest,
        gathering.owners.worst_first(),
        [finding for _, _, finding in sorted(gathering.worst, reverse=True)],
        gathering.count,
        gathering.states,
        kept,
        left_out,
    )


class _Gathering:
    def __init__(self) -> None:
        self.digest = Digest()
        self.owners = Owners()
        self.worst: list[tuple[int, int, Finding]] = []
        self.count = 0
        self.states = Counter[str]()
        self._evidence = Counter[tuple[Status, Severity]]()
        self._with_evidence = Counter[tuple[Status, Severity]]()

    def watched(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The same findings, each taken in on its way."""
        for finding in findings:
            self.count += 1
            self.digest.add(finding)
            self.owners.add(finding)
            self._rank(finding)
            if finding.lifecycle is not None:
                self.states[finding.lifecycle.state] += 1
            if finding.evidence != NO_EVIDENCE:
                key = (finding.status, finding.severity)
                self._evidence[key] += len(bytes(finding.evidence))
                self._with_evidence[key] += 1
            yield finding

    def _rank(self, finding: Finding) -> None:
        # The smallest of the heap is the least bad, and of these the last; no two have the same number.
        rank = ORDER.index(finding.status) * len(SEVERITIES) + SEVERITIES.index(finding.severity)
        heapq.heappush(self.worst, (-rank, -self.count, finding))
        if len(self.worst) > WORST:
            heapq.heappop(self.worst)

    def room(self) -> tuple[frozenset[tuple[Status, Severity]], tuple[LeftOut, ...]]:
        """Which findings keep their evidence, all of a sort or none: worst first, as long as there is room."""
        kept, left_out, used = set[tuple[Status, Severity]](), list[LeftOut](), 0
        for status in ORDER:
            for severity in SEVERITIES:
                key = (status, severity)
                used += self._evidence[key]
                if used <= MOST_EVIDENCE:
                    kept.add(key)
                elif self._evidence[key]:
                    left_out.append(LeftOut(status, severity, self._with_evidence[key]))
        return frozenset(kept), tuple(left_out)
