"""Columns of a matrix: clouds, accounts or owners."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

import msgspec

from scanner.matrix.promises import Place
from scanner.posture import Group, Posture

Axis: TypeAlias = Literal["cloud", "account", "owner"]
Key: TypeAlias = tuple[str, ...]
"""What a result's column is found by."""
NOBODYS: Key = ("",)
"""The key of what has no owner."""
NOBODY = "nobody"
"""The title of the column of what has no owner."""


class Column(msgspec.Struct, frozen=True):
    """A cloud, an account or an owner."""

    key: Key
    title: str
    providers: tuple[str, ...]
    places: tuple[Place, ...]
    """Its accounts, or those in which an owner has results."""
    complete: bool
    """Whether all of them were fully read."""

    @property
    def id(self) -> str:
        """Its key in one text: `aws`, `aws/1234`, an owner's name."""
        return "/".join(self.key)


def key_of(axis: Axis | None) -> Callable[[Group], Key]:
    """How a result finds its column; all results share one where there is no axis."""
    if axis is None:
        return lambda _: ()
    if axis == "cloud":
        return lambda group: (group.provider,)
    if axis == "account":
        return lambda group: (group.provider, group.account)
    return lambda group: (group.responsibility.owner or "",)


def columns_of(posture: Posture, axis: Axis | None) -> tuple[Column, ...]:
    """The columns in the order in which they were scanned; owners by name, what has none first."""
    key = key_of(axis)
    places: dict[Key, dict[Place, None]] = {}
    for found, place in _seen(posture, axis, key):
        places.setdefault(found, {})[place] = None
    partly = {(scope.provider, scope.account) for scope in posture.scopes if not scope.complete}
    names = {(scope.provider, scope.account): scope.name for scope in posture.scopes}
    order = sorted(places, key=lambda found: (found != NOBODYS, found)) if axis == "owner" else list(places)
    return tuple(
        Column(
            found,
            _title(axis, found, names),
            tuple(dict.fromkeys(provider for provider, _ in places[found])),
            tuple(places[found]),
            not partly & places[found].keys(),
        )
        for found in order
    )


def _seen(posture: Posture, axis: Axis | None, key: Callable[[Group], Key]) -> Iterable[tuple[Key, Place]]:
    if axis != "owner":
        accounts = [(scope.provider, scope.account) for scope in posture.scopes]
        accounts += [(count.provider, count.account) for count in posture.inventory]
        for place in dict.fromkeys(accounts):
            yield (() if axis is None else place[:1] if axis == "cloud" else place), place
    for counted in posture.counted:
        yield key(counted.group), (counted.group.provider, counted.group.account)


def _title(axis: Axis | None, key: Key, names: dict[Place, str]) -> str:
    if axis == "account":
        provider, account = key
        return names.get((provider, account)) or account or provider
    return "".join(key) or NOBODY
