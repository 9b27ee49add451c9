"""How many resources of each type a scope has, as they were last counted."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from scanner.history.scanned import Begin, Looked, Read
from scanner.record import TypeCount

Key = tuple[str, str, str]
"""Provider, account and type."""


class KnownType(TypeCount, frozen=True):
    """A type as it was last counted; 0 of those that were looked for in vain."""

    kind: str = ""
    at: int = 0
    """When."""


class Stock:
    """The types that a scan looked at, each with what it found."""

    def __init__(self, begin: Begin, read: Read, at: int) -> None:
        looked = {each.type: each for each in read.looked or ()}
        scope = begin.scope
        found = [
            *read.inventory,
            *(TypeCount(scope.provider, scope.account, each, 0) for each in looked if each not in _types(read)),
        ]
        self.fresh = {key_of_type(each): _known(each, looked.get(each.type), at) for each in found}
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


def key_of_type(each: TypeCount) -> Key:
    """What a type is known by."""
    return each.provider, each.account, each.type


def _known(each: TypeCount, looked: Looked | None, at: int) -> KnownType:
    return KnownType(each.provider, each.account, each.type, each.resources, looked.kind if looked else "", at)
