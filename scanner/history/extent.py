"""What is known of a scope beside its results, by all its scans together: its types, what was unread, and how far."""

from __future__ import annotations

from collections.abc import Mapping, Set

import msgspec
from msgspec.structs import replace

from scanner.facts import INCOMPLETE, Why
from scanner.history.scanned import Begin, Looked, Read
from scanner.model import GLOBAL
from scanner.record import GapRecord, ScopeRecord, TypeCount

Key = tuple[str, str, str]
"""Provider, account and type."""


class KnownType(TypeCount, frozen=True):
    """A type as it was last counted; 0 of those that were looked for in vain."""

    kind: str = ""
    at: int = 0
    """When."""


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
        types = tuple(_Counts(begin, read, at).fresh.values())
        return cls(replace(begin.scope, complete=read.complete), types, _gaps(read), at)

    def after(self, begin: Begin, read: Read, at: int, left: Set[Why]) -> Extent:
        """The same after one more scan, which may be of an older reading.

        `left`: why results are unknown that it did not judge again. Gaps for such a reason explain them still.
        """
        counts = _Counts(begin, read, at)
        newest = at >= self.at
        types = counts.over({_key(known): known for known in self.types})
        others = {known.kind for known in types if known.at > at or _key(known) not in counts.fresh}
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


class _Counts:
    """The types that a scan looked at."""

    def __init__(self, begin: Begin, read: Read, at: int) -> None:
        looked = {each.type: each for each in read.looked or ()}
        scope = begin.scope
        found = [
            *read.inventory,
            *(TypeCount(scope.provider, scope.account, each, 0) for each in looked if each not in _types(read)),
        ]
        self.fresh = {_key(each): _known(each, looked.get(each.type), at) for each in found}
        self._all = read.looked is None
        self._lower = {each.type for each in looked.values() if not each.whole}
        self._restricted = scope.restricted
        self._at = at

    def over(self, known: Mapping[Key, KnownType]) -> tuple[KnownType, ...]:
        """What was known before, and what is known now."""
        kept = {
            key: replace(each, resources=0, at=self._at)
            if self._all and not self._restricted and each.at <= self._at
            else each
            for key, each in known.items()
        }
        return tuple({**kept, **{key: self._over(known.get(key), each) for key, each in self.fresh.items()}}.values())

    def _over(self, known: KnownType | None, fresh: KnownType) -> KnownType:
        if known is None:
            return fresh
        if known.at > fresh.at:
            return known
        most = self._restricted or fresh.type in self._lower
        return replace(fresh, resources=max(known.resources, fresh.resources)) if most else fresh


def _types(read: Read) -> set[str]:
    return {each.type for each in read.inventory}


def _key(each: TypeCount) -> Key:
    return each.provider, each.account, each.type


def _known(each: TypeCount, looked: Looked | None, at: int) -> KnownType:
    return KnownType(each.provider, each.account, each.type, each.resources, looked.kind if looked else "", at)


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
