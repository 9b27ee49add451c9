"""What is sent to which sink, and in which form."""

from __future__ import annotations

import msgspec

from scanner.check import SEVERITIES, Severity
from scanner.deliver.sink import Limits, Sink, SinkType
from scanner.finding import Finding, State, Status, came_to


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A sink by its name in the file of options, and the findings that it is told of."""

    name: str
    type: SinkType
    options: msgspec.Struct
    """Of the type's own shape."""
    format: str
    only: frozenset[State] = frozenset()
    """Findings that came to one of these states by the scan; all findings where empty."""
    status: frozenset[Status] = frozenset()
    severity: Severity = "info"
    """At least so severe."""
    where: str = ""
    """Its file and line."""

    def takes(self, finding: Finding) -> bool:
        """Whether the sink is told of a finding."""
        state = came_to(finding)
        if (self.only and state not in self.only) or SEVERITIES.index(finding.severity) > SEVERITIES.index(
            self.severity
        ):
            return False
        # Who is told of failures is told when one is over, or accepted, whatever its status is now.
        over = state in ("resolved", "excepted") and "fail" in self.status
        return not self.status or finding.status in self.status or over

    @property
    def limits(self) -> Limits:
        """How much the sink takes at once."""
        return self.type.limits_of(self.options) if self.type.limits_of else self.type.limits

    def sink(self) -> Sink:
        """The sink itself, not yet open; SinkError where it cannot be made."""
        return self.type.make(self.options)
