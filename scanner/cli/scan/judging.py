"""How estates are judged: by which checks, for whom, and who is told of what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scanner.check import Check
from scanner.evaluate import Tally
from scanner.finding import Finding, State, came_to
from scanner.model import Estate
from scanner.responsibility.model import ResponsibilityModel

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.deliver.route import Route
    from scanner.history import History


@dataclass(frozen=True, slots=True)
class Judging:
    """How estates are judged."""

    checks: Sequence[Check[Any]]
    model: ResponsibilityModel
    people: Accountability
    history: History | None = None
    statuses: frozenset[str] = frozenset()
    """Findings that are reported; all where empty. The history is told of all."""
    only: frozenset[State] = frozenset()
    """States that reported findings came to by this scan; any where empty."""
    routes: Sequence[Route] = ()
    """Sinks that are told, by way of the history."""
    keep: bool = False
    """Keep the estates, for a snapshot."""
    over_time: bool = True
    """Whether reports tell the lifecycle of findings one by one."""
    scan: str = ""
    """The scan's id, where it goes on with one that was ended early."""
    again: Callable[[Estate], bool] = lambda _: False
    """Whether the scan may have recorded an estate before it was ended."""
    judged: Callable[[Estate, Tally], None] = lambda _estate, _tally: None
    """Told of each estate when it has been judged and recorded."""

    def reports(self, finding: Finding) -> bool:
        """Whether a finding is reported."""
        if self.statuses and finding.status not in self.statuses:
            return False
        return not self.only or came_to(finding) in self.only
