"""What a scan says of the scopes that it judged."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.evaluate import Cause, Evaluation, Tally
from scanner.facts import INCOMPLETE
from scanner.history import Looked
from scanner.model import Estate
from scanner.report import GapRecord, ScopeRecord, TypeCount


def inventory_of(estate: Estate) -> tuple[TypeCount, ...]:
    """How many resources of each type were listed."""
    scope = estate.scope
    return tuple(
        TypeCount(scope.provider, scope.account, kind.type_id, len(resources))
        for kind, resources in estate.resources.items()
        if resources
    )


def looked_of(estate: Estate) -> tuple[Looked, ...] | None:
    """What was looked for; None where that was all that there is."""
    if not estate.chosen:
        return None
    return tuple(
        Looked(kind.type_id, kind.kind, all(gap.why not in INCOMPLETE for gap in estate.gaps_of(kind)))
        for kind in estate.resources
    )


def is_complete(estate: Estate, tally: Tally) -> bool:
    """Whether all that was asked of a scope could be read."""
    return tally.complete and not any(gap.unread.why in INCOMPLETE for gap in estate.gaps)


def scope_record_of(evaluation: Evaluation, failed: int) -> ScopeRecord:
    """The record of a scope whose findings were all handed out."""
    estate, tally = evaluation.estate, evaluation.tally
    scope = estate.scope
    return ScopeRecord(
        scope.uid,
        scope.regions,
        is_complete(estate, tally),
        scope.provider,
        scope.account,
        scope.name,
        scope.level,
        scope.restricted,
        scope.within,
        estate.taken_at,
        tally.asked,
        tally.evaluated,
        failed,
        estate.reading,
    )


def gaps_of(tallies: Sequence[Tally]) -> tuple[GapRecord, ...]:
    """All causes, those that left most unknown first."""
    joined: dict[GapRecord, int] = {}
    for tally in tallies:
        for cause, affects in tally.gaps.items():
            gap = _gap_record(cause)
            joined[gap] = joined.get(gap, 0) + affects
    records = [msgspec.structs.replace(gap, affects=affects) for gap, affects in joined.items()]
    return tuple(sorted(records, key=lambda gap: (-gap.affects, gap.call, gap.region, gap.kind, gap.why)))


def _gap_record(cause: Cause) -> GapRecord:
    unread = cause.unread
    return GapRecord(
        cause.provider, cause.account, cause.region, cause.kind, unread.call, unread.needs, unread.why, unread.detail, 0
    )
