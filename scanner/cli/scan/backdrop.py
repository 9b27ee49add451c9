"""What a report is read against: what is installed, what the clouds are called, and what people vouch for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scanner.cli import doors
from scanner.posture import posture_of

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.report.report import Report


def against_backdrop(report: Report, people: Accountability) -> Report:
    """The report, with all that a matrix of it needs."""
    from scanner.matrix.catalogue import catalogue_of
    from scanner.matrix.people import promised

    providers = doors.providers()
    # Accounts are known by the run's record; findings add none.
    accounts = posture_of((), report.run, "")
    return replace(
        report,
        promises=promised(people.attestations, people.contract, accounts),
        catalogue=catalogue_of(doors.checks(), {name: provider.kinds() for name, provider in providers.items()}),
        clouds={name: provider.title for name, provider in providers.items()},
    )
