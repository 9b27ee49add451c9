"""Which clouds were scanned, and from which checks an answer about them can be expected at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scanner.frameworks.published import Published
from scanner.posture import Posture


@dataclass(frozen=True, slots=True)
class Bearing:
    """The checks of a control."""

    applicable: tuple[str, ...]
    """Those that judge something of a cloud that was scanned."""
    elsewhere: tuple[str, ...]
    """The clouds of the framework that the others judge something of."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The clouds of a framework that were scanned, beside those that each installed check judges something of."""

    scanned: frozenset[str]
    judged: Mapping[str, frozenset[str]]
    own: str = ""
    """The one cloud that the framework is about; empty for all."""

    @classmethod
    def of(cls, published: Published, posture: Posture, judged: Mapping[str, frozenset[str]]) -> Reach:
        """The reach of a posture. A scope that does not say of which cloud it is may be of any."""
        scanned = {scope.provider for scope in posture.scopes} | {each.group.provider for each in posture.counted}
        if "" in scanned:
            scanned = (scanned - {""}).union(*judged.values())
        own = published.provider
        return cls(frozenset(name for name in scanned if own in ("", name)), judged, own)

    def bearing(self, checks: Sequence[str], gave: Collection[str]) -> Bearing:
        """What checks say about the clouds that were scanned; one that gave a result judges something there."""
        applicable = tuple(check for check in checks if check in gave or self._judges(check))
        others = (self.judged.get(check, frozenset()) for check in checks if check not in applicable)
        clouds = frozenset[str]().union(*others)
        return Bearing(applicable, tuple(sorted(cloud for cloud in clouds if self.own in ("", cloud))))

    def _judges(self, check: str) -> bool:
        return not self.scanned.isdisjoint(self.judged.get(check, frozenset()))
