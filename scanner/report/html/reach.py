"""How much of what is there was looked at, and what could not be read: so that no part is taken for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.finding import Status
from scanner.report.html.gathered import Gathered
from scanner.report.html.scope_words import scope_name
from scanner.report.report import Report

NAMED = 4


@dataclass(frozen=True, slots=True)
class Named:
    """Names, the first of them, and how many more there are."""

    shown: tuple[str, ...]
    more: int

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True)
class ReachView:
    """All of it."""

    incomplete: Named
    """Accounts of which something was refused, or could not be read."""
    open_for_that: int
    """Results that are unknown for it."""
    unknown: int
    decided: int
    """Results on the customer's side that are not."""
    scopes: int
    restricted: Named
    """Accounts of which only chosen regions were looked at."""
    regions: Named
    """These regions."""
    checks: int
    not_run: int
    """Checks that are installed and were not run."""

    @property
    def narrow(self) -> bool:
        """Whether somebody chose to look at a part."""
        return bool(self.restricted) or self.not_run > 0


def reach_view(report: Report, all_: Gathered) -> ReachView:
    """The view of a report."""
    run = report.run
    installed = report.catalogue.kinds if report.catalogue else ()
    held = Counter[Status]()
    for each in all_.posture.counted:
        held[each.group.status] += each.count
    restricted = [scope for scope in run.scopes if scope.restricted]
    return ReachView(
        incomplete=named([scope_name(scope, report.clouds) for scope in run.scopes if not scope.complete]),
        open_for_that=all_.refused,
        unknown=held["unknown"],
        decided=held["fail"] + held["excepted"] + held["pass"],
        scopes=len(run.scopes),
        restricted=named([scope_name(scope, report.clouds) for scope in restricted]),
        regions=named(list(dict.fromkeys(region for scope in restricted for region in scope.regions))),
        checks=len(run.checks),
        not_run=len(set(installed) - set(run.checks)),
    )


def named(names: Sequence[str]) -> Named:
    """The first names."""
    return Named(tuple(names[:NAMED]), max(len(names) - NAMED, 0))
