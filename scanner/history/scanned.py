"""What a scan tells the history about a scope: at its beginning, and when all of it was read."""

from __future__ import annotations

from datetime import datetime

import msgspec

from scanner.model import ANYWHERE, GLOBAL
from scanner.record import GapRecord, ScopeRecord, TypeCount


class Begin(msgspec.Struct, frozen=True):
    """A scope that is about to be recorded."""

    scan: str
    taken_at: datetime
    """When it was read, which for a snapshot is not when it was judged."""
    scope: ScopeRecord
    checks: tuple[str, ...]
    """All that was run, whether it found something to judge or not. Results of others stay as they are."""
    again: bool = False
    """The scan was begun before and ended early: it may have recorded this very reading already."""


class Looked(msgspec.Struct, frozen=True):
    """A type of resources that was looked for, whether there were some or not."""

    type: str
    kind: str
    """The common class, which gaps are named by."""
    whole: bool
    """Whether all of its listings answered, as far as somebody could make them."""


class Read(msgspec.Struct, frozen=True):
    """How much of a scope was read."""

    complete: bool
    unlisted: frozenset[tuple[str, str]] = frozenset()
    """Checks and regions of which not all resources are known; the regions `global` and `*` stand for every region."""
    inventory: tuple[TypeCount, ...] = ()
    gaps: tuple[GapRecord, ...] = ()
    looked: tuple[Looked, ...] | None = None
    """What was looked for: of other types, and of their gaps, this scan tells nothing. None: all that there is."""


class Reach(msgspec.Struct, frozen=True):
    """Where a recording would have met a result: what it does not tell of there is gone, or could not be seen."""

    checks: frozenset[str]
    regions: frozenset[str] | None
    """None: all."""
    unlisted: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, begin: Begin, read: Read | None = None) -> Reach:
        """The reach of a scan in a scope. Chosen regions leave what is global in it."""
        regions = frozenset((GLOBAL, *begin.scope.regions)) if begin.scope.restricted else None
        return cls(frozenset(begin.checks), regions, read.unlisted if read else frozenset())

    def meets(self, check: str, region: str) -> bool:
        """Whether a check was run over a region."""
        return check in self.checks and (self.regions is None or region in self.regions)

    def lists_all(self, check: str, region: str) -> bool:
        """Whether all that a check judges in a region was listed. What is global may be listed from any region."""
        if region == GLOBAL:
            return all(unlisted != check for unlisted, _ in self.unlisted)
        return self.unlisted.isdisjoint((check, where) for where in (region, GLOBAL, ANYWHERE))
