"""Extents of scopes in the tables: read, joined with what a scan tells, and written."""

from __future__ import annotations

from collections.abc import Set
from typing import cast

import msgspec

from scanner.facts import Why
from scanner.history.extent import Extent, KnownGap
from scanner.history.scanned import Begin, Read
from scanner.history.shelf import encoded, packed, unpacked
from scanner.history.stock import KnownType
from scanner.history.store import Store
from scanner.jsonline import well_formed
from scanner.record import ScopeRecord

KNOWN = "SELECT at, record, inventory, gaps FROM scopes WHERE number = ? AND record IS NOT NULL"
KEEP = "UPDATE scopes SET at = ?, record = ?, inventory = ?, gaps = ? WHERE number = ?"
UNKNOWN = "SELECT sort, rule, why FROM sorts WHERE scope = ? AND status = 'unknown'"
PRESENT = "SELECT DISTINCT sort FROM results WHERE scope = ? AND present = 1"
RECORD = msgspec.json.Decoder(ScopeRecord)
TYPES = msgspec.json.Decoder(tuple[KnownType, ...])
GAPS = msgspec.json.Decoder(tuple[KnownGap, ...])


def keep_extent(store: Store, scope: int, begin: Begin, read: Read, at: int) -> None:
    """Join what is known of a scope with what a scan tells of it."""
    known = _known(store, scope)
    # Texts as they come back from the tables, to be the same as those that are there.
    begin, read = well_formed(begin), well_formed(read)
    if known is None:
        extent = Extent.first(begin, read, at)
    else:
        extent = known.after(begin, read, at, _left(store, scope, frozenset(begin.checks)))
    bodies = (packed(encoded(body)) for body in (extent.record, extent.types, extent.gaps))
    store.run(KEEP, (extent.at, *bodies, scope))


def _known(store: Store, scope: int) -> Extent | None:
    for at, record, types, gaps in store.rows(KNOWN, (scope,)):
        return Extent(RECORD.decode(unpacked(record)), TYPES.decode(unpacked(types)), GAPS.decode(unpacked(gaps)), at)
    return None


def _left(store: Store, scope: int, checks: Set[str]) -> frozenset[Why]:
    """Why results of other checks than these are unknown."""
    others = {sort: why.split(",") for sort, rule, why in store.rows(UNKNOWN, (scope,)) if rule not in checks}
    if not others:
        return frozenset()
    present = others.keys() & {sort for (sort,) in store.rows(PRESENT, (scope,))}
    return frozenset(cast("Why", why) for sort in present for why in others[sort])
