"""What is known of a scope beside its results, by all its scans together: its types, what was unread, and how far."""

from __future__ import annotations

from collections.abc import Set

import msgspec
from msgspec.structs import replace

from scanner.facts import INCOMPLETE, Why
from scanner.history.scanned import Begin, Read
from scanner.history.stock import KnownType, Stock, key_of_type
from scanner.model import GLOBAL
from scanner.record import GapRecord, ScopeRecord


class KnownGap(GapRecord, frozen=True):
    """A gap that was found, and not looked at again since."""

    hinders: bool = False
    """Whether its scan was incomplete, as far as is known because of it."""


class Extent(msgspec.Struct, frozen=True):
    """A scope as far as it is known. A scan that looks at a part of it tells nothing of the rest."""

    record: ScopeRecord
    types: tuple[KnownType, ...]
    gaps: tuple[KnownGap, ...]
    at: int
    """When the newest of it was read."""

    @classmethod
    def first(cls, begin: Begin, read: Read, at: int) -> Extent:
        """A scope of which nothing was known."""
        types = tuple(Stock(begin, read, at).fresh.values())
        return cls(replace(begin.scope, complete=read.complete), types, _gaps(read), at)

    def after(self, begin: Begin, read: Read, at: int, left: Set[Why]) -> Extent:
        """The same after one more scan, which may be of an older reading.

        `left`: why results are unknown that it did not judge again. Gaps for such a reason explain them still.
        """
        counts = Stock(begin, read, at)
        newest = at >= self.at
        types = counts.over({key_of_type(known): known for known in self.types})
        others = {known.kind for known in types if known.at > at or key_of_type(known) not in counts.fresh}
        taken = {each.kind for each in counts.fresh.values()} - others
        regions = frozenset((GLOBAL, *begin.scope.regions)) if begin.scope.restricted else None
        if newest and read.looked is None:
            others = set()
        stay = [
            gap
            for gap in self.gaps
            if gap.why in left
            or (regions is not None and gap.region not in regions)
            # What is of no type that this scope can have is looked at by whoever asks for it: then its results tell.
            or (gap.kind in others if newest else gap.kind not in taken)
        ]
        come = [gap for gap in _gaps(read) if newest or gap.kind in taken]
        record = begin.scope if newest else self.record
        if newest:
            complete = read.complete and not any(gap.hinders for gap in stay) and INCOMPLETE.isdisjoint(left)
        else:
            complete = record.complete and not any(gap.hinders for gap in come)
        return Extent(
            _widened(record, self.record, begin.scope, complete), types, _joined(come, stay), max(at, self.at)
        )


def _gaps(read: Read) -> tuple[KnownGap, ...]:
    return tuple(
        KnownGap(**msgspec.structs.asdict(gap), hinders=gap.why in INCOMPLETE and not read.complete)
        for gap in read.gaps
    )


def _joined(come: list[KnownGap], stay: list[KnownGap]) -> tuple[KnownGap, ...]:
    """Each once; a gap that was met again leaves at least as much unknown as either says."""
    gaps: dict[KnownGap, KnownGap] = {}
    for gap in (*come, *stay):
        same = replace(gap, affects=0, hinders=False)
        met = gaps.get(same, gap)
        gaps[same] = replace(met, affects=max(met.affects, gap.affects), hinders=met.hinders or gap.hinders)
    return tuple(gaps.values())


def _widened(record: ScopeRecord, before: ScopeRecord, now: ScopeRecord, complete: bool) -> ScopeRecord:
    """A record with the regions of both: those that were chosen once narrow nothing that was read before."""
    restricted = before.restricted and now.restricted
    regions = record.regions
    if before.restricted or now.restricted:
        regions = tuple(dict.fromkeys((*before.regions, *now.regions)))
    return replace(record, complete=complete, restricted=restricted, regions=regions)
