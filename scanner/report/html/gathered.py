"""A report in little: all that stands above the list of findings, gathered in one pass and in bounded memory."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scanner.check import SEVERITIES
from scanner.facts import INCOMPLETE
from scanner.finding import Finding, Status
from scanner.posture import Posture, posture_of
from scanner.report.digest import Digest
from scanner.report.html.lack import lack_of
from scanner.report.html.people import Owned, Owners
from scanner.report.html.urgent import Group, Urgent
from scanner.report.report import Report

WORST = 200
"""Findings that stand in the page without a script."""
ORDER: tuple[Status, ...] = ("fail", "unknown", "excepted", "pass", "not-applicable")
"""What is worst comes first."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was gathered."""

    posture: Posture
    digest: Digest
    owners: list[Owned]
    worst: list[Finding]
    findings: int
    urgent: list[Group]
    """What to mend first."""
    refused: int
    """Unknown results that wait for what somebody can mend."""
    lacking: Counter[str]
    """Unknown results by each thing that they lack."""
    states: Counter[str]
    """What became of those that this page holds."""


def gathered(report: Report) -> Gathered:
    """Go through a report once."""
    gathering = _Gathering()
    posture = posture_of(gathering.watched(report.findings), report.run, "this scan")
    return Gathered(
        posture,
        gathering.digest,
        gathering.owners.worst_first(),
        [finding for _, _, finding in sorted(gathering.worst, reverse=True)],
        gathering.count,
        gathering.urgent.worst_first(),
        gathering.refused,
        gathering.lacking,
        gathering.states,
    )


class _Gathering:
    def __init__(self) -> None:
        self.digest = Digest()
        self.owners = Owners()
        self.worst: list[tuple[int, int, Finding]] = []
        self.urgent = Urgent()
        self.count = 0
        self.refused = 0
        self.lacking = Counter[str]()
        self.states = Counter[str]()

    def watched(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The same findings, each taken in on its way."""
        for finding in findings:
            self.count += 1
            self.digest.add(finding)
            self.owners.add(finding)
            self.urgent.add(finding)
            if finding.status == "unknown":
                self.refused += any(gap.why in INCOMPLETE for gap in finding.unread)
                self.lacking.update({lack_of(gap.why, gap.needs, gap.call, gap.fact) for gap in finding.unread})
            self._rank(finding)
            if finding.lifecycle is not None:
                self.states[finding.lifecycle.state] += 1
            yield finding

    def _rank(self, finding: Finding) -> None:
        # The smallest of the heap is the least bad, and of these the last; no two have the same number.
        rank = ORDER.index(finding.status) * len(SEVERITIES) + SEVERITIES.index(finding.severity)
        heapq.heappush(self.worst, (-rank, -self.count, finding))
        if len(self.worst) > WORST:
            heapq.heappop(self.worst)
