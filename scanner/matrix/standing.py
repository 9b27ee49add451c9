"""What stands above a matrix, before any number of it: how much was looked at, and who answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from scanner.check import SEVERITIES, Severity
from scanner.facts import INCOMPLETE, Why
from scanner.matrix.cell import Cell
from scanner.posture import Posture
from scanner.record import GapRecord, ScopeRecord


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the customer's duties were looked at. The provider's work is in none of the numbers."""

    in_play: int
    """Duties that some resource carries, or that a result is about."""
    assessed: int
    """Those of which something was decided somewhere."""
    whole: int
    """Those in which nothing is known to be left open: no result unknown, no carrying type without a check."""
    attested: int
    """Duties, in play or not, that somebody vouches for and nothing was decided of."""


class Violated(msgspec.Struct, frozen=True, kw_only=True):
    """A duty with open failures."""

    duty: str
    worst: Severity
    failed: int
    without_owner: int
    without_backup: int


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """What an account's scan was refused, and how many results that left unknown."""

    needs: tuple[str, ...]
    call: str
    kind: str
    why: Why
    affects: int


class PartlyRead(msgspec.Struct, frozen=True, kw_only=True):
    """A scope that was not fully read."""

    scope: ScopeRecord
    lacks: tuple[Lack, ...]


def coverage_of(cells: Iterable[Cell], *, part: bool) -> Coverage:
    """The coverage by cells of duties over all that was scanned, or a part of it: that leaves every duty open."""
    all_cells = tuple(cells)
    played = [cell for cell in all_cells if cell.duties_in_play]
    assessed = [cell for cell in played if cell.duties_assessed]
    return Coverage(
        in_play=len(played),
        assessed=len(assessed),
        whole=0 if part else sum(not cell.counts.unknown and not cell.unchecked for cell in assessed),
        attested=sum(cell.state == "attested" for cell in all_cells),
    )


def violated_of(cells: Iterable[tuple[str, Cell]]) -> tuple[Violated, ...]:
    """The duties with open failures, worst first."""
    found = [
        Violated(
            duty=duty,
            worst=cell.worst,
            failed=cell.counts.failed,
            without_owner=cell.without_owner,
            without_backup=cell.without_backup,
        )
        for duty, cell in cells
        if cell.counts.failed and cell.worst
    ]
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.worst), -one.failed, one.duty)))


def partly_read_of(posture: Posture) -> tuple[PartlyRead, ...]:
    """Scopes that were not fully read, with what they lack."""
    gaps: dict[tuple[str, str], list[GapRecord]] = {}
    for gap in posture.gaps:
        if gap.why in INCOMPLETE and gap.affects:
            gaps.setdefault((gap.provider, gap.account), []).append(gap)
    return tuple(
        PartlyRead(scope=scope, lacks=_lacks(gaps.get((scope.provider, scope.account), ())))
        for scope in posture.scopes
        if not scope.complete
    )


def _lacks(gaps: Sequence[GapRecord]) -> tuple[Lack, ...]:
    found: dict[tuple[tuple[str, ...], str, str, Why], int] = {}
    for gap in gaps:
        key = (gap.needs, "" if gap.needs else gap.call, "" if gap.needs or gap.call else gap.kind, gap.why)
        found[key] = found.get(key, 0) + gap.affects
    lacks = [
        Lack(needs=needs, call=call, kind=kind, why=why, affects=affects)
        for (needs, call, kind, why), affects in found.items()
    ]
    return tuple(sorted(lacks, key=lambda lack: (-lack.affects, lack.needs, lack.call)))
