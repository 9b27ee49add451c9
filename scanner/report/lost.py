"""What stands in place of a finding that could not be written."""

from __future__ import annotations

import msgspec

from scanner.attempt import Defect
from scanner.facts import Unread
from scanner.finding import Finding


def in_place_of(finding: Finding, defect: Defect) -> Finding:
    """The same finding, unknown: its verdict stands in words, and all that might not be writable is left out."""
    said = f"the verdict was {finding.status}, and the finding could not be written: {defect}"
    return msgspec.structs.replace(
        finding,
        status="unknown",
        reasons=(),
        witness=None,
        unread=(Unread("failed", fact=finding.check, detail=said),),
        needs=(),
        evidence=msgspec.Raw(b"{}"),
        mitigated_by=(),
        exception=None,
    )


def defect_text(finding: Finding, defect: Defect) -> str:
    """The same for the run's list of defects."""
    return f"finding {finding.id} of check {finding.check} on {finding.resource.uid} was not written: {defect}"
