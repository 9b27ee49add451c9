"""Which resource types the installed checks judge, and for which duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from scanner.check import Check
from scanner.model import Resource
from scanner.posture import Posture


@dataclass(frozen=True)
class Catalogue:
    """What could be judged, whatever was."""

    duties: Mapping[str, frozenset[str]]
    """By resource type, the duties that some check judges it for."""
    of_provider: Mapping[str, frozenset[str]]
    """By provider, the duties that some check judges something of it for."""
    kinds: Mapping[str, frozenset[str]]
    """By check, the kinds of what it judges."""

    def judges(self, resource_type: str, duty: str) -> bool:
        """Whether a check judges the type for the duty."""
        return duty in self.duties.get(resource_type, ())

    def looks_for(self, resource_type: str) -> bool:
        """Whether some check lists the type, so that an inventory without it says that there is none."""
        return bool(self.duties.get(resource_type))


def catalogue_of(checks: Mapping[str, Check[Any]], kinds: Mapping[str, Sequence[type[Resource]]]) -> Catalogue:
    """The catalogue of checks over the concrete classes of each provider."""
    types: dict[str, set[str]] = {}
    providers: dict[str, set[str]] = {name: set() for name in kinds}
    judged: dict[str, set[str]] = {name: set() for name in checks}
    for name, classes in kinds.items():
        for concrete in classes:
            applying = [check for check in checks.values() if check.applies_to(concrete)]
            found = {check.duty for check in applying}
            types.setdefault(concrete.type_id, set()).update(found)
            for check in applying:
                judged[check.id].add(concrete.kind)
            providers[name] |= found
    return Catalogue(_frozen(types), _frozen(providers), _frozen(judged))


def judged_in(posture: Posture) -> Catalogue:
    """What can be said of it where nobody says what is installed: what was judged."""
    types: dict[str, set[str]] = {}
    providers: dict[str, set[str]] = {}
    for each in posture.counted:
        duty = each.group.responsibility.duty
        types.setdefault(each.group.type, set()).add(duty)
        providers.setdefault(each.group.provider, set()).add(duty)
    return Catalogue(_frozen(types), _frozen(providers), MappingProxyType({}))


def _frozen(sets: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({name: frozenset(members) for name, members in sets.items()})
