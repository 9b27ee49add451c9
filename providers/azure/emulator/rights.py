"""What a principal may do where, computed from its role assignments as Azure does.

Grants add up over the scopes above; a `notActions` takes away only from its own role.
https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
"""

from __future__ import annotations

import dataclasses
import uuid
from collections import defaultdict
from fnmatch import fnmatchcase
from functools import lru_cache

from providers.azure.emulator.estate import Principal, RoleAssignment, RoleDefinition
from providers.azure.emulator.estate_file import built_in_roles
from providers.azure.emulator.tree import ROOT, Tree, fill


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """One role's permissions at a scope."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """True when the action is granted and not taken out again."""
        return any(_covers(each, action) for each in self.actions) and not any(
            _covers(each, action) for each in self.not_actions
        )


@lru_cache(maxsize=50_000)
def _covers(pattern: str, action: str) -> bool:
    return pattern == "*" or fnmatchcase(action.lower(), pattern.lower())


@dataclasses.dataclass(frozen=True, slots=True)
class Assigned:
    """A role assignment in its place, with its ids worked out."""

    name: str
    scope: str
    role: RoleDefinition
    principal: str
    assignment: RoleAssignment


class Rights:
    """Who may do what, where."""

    def __init__(self, tree: Tree) -> None:
        estate = tree.estate
        self._tree = tree
        self.definitions = (*built_in_roles(), *estate.role_definitions)
        by_name = {role.name: role for role in self.definitions}
        ids = {item.name: item.object_id for item in estate.principals}
        words = {"{tenant}": estate.tenant.id, "{root}": ROOT + estate.tenant.id}
        self.assignments = [
            _assigned(item, by_name[item.role], ids.get(item.principal, item.principal), words)
            for item in estate.role_assignments
        ]
        self._grants: dict[str, dict[str, list[Grant]]] = defaultdict(lambda: defaultdict(list))
        for item in self.assignments:
            self._grants[item.principal][item.scope.lower()].append(_grant(item.role))
        for principal in estate.principals:
            for extra in principal.permissions:
                scope = fill(extra.scope, words).lower()
                self._grants[principal.object_id][scope].append(Grant(extra.actions, extra.not_actions))
        self._revoked: list[tuple[str, str]] = []
        self._remembered: dict[tuple[str, str, str], bool] = {}

    def revoke(self, action: str, scope: str = "/") -> None:
        """Take an action (a glob may be given) from everybody at a scope and below, whatever their roles say."""
        self._revoked.append((action, scope.lower().rstrip("/")))
        self._remembered.clear()

    def restore(self) -> None:
        """Forget all that was revoked."""
        self._revoked.clear()
        self._remembered.clear()

    def allows(self, principal: Principal, action: str, scope: str) -> bool:
        """True when the principal may do this there."""
        if any(_covers(what, action) and scope.lower().startswith(where) for what, where in self._revoked):
            return False
        places = self._grants[principal.object_id]
        key = (principal.object_id, action, scope.lower())
        if key not in self._remembered:
            if len(self._remembered) > 100_000:
                self._remembered.clear()
            above = self._tree.above(scope)
            self._remembered[key] = any(grant.allows(action) for place in above for grant in places.get(place, ()))
        return self._remembered[key]

    def granted(self, principal: Principal, scope: str) -> list[Grant]:
        """The permissions that reach a scope; what was revoked there or below is taken out of each."""
        places = self._grants[principal.object_id]
        here = scope.lower()
        lost = tuple(what for what, where in self._revoked if here.startswith(where) or where.startswith(here))
        found = [grant for place in self._tree.above(scope) for grant in places.get(place, ())]
        return [dataclasses.replace(grant, not_actions=(*grant.not_actions, *lost)) for grant in found]

    def sees(self, principal: Principal, subscription: str) -> bool:
        """True when the principal has some role at, above or below a subscription, which is what lists it."""
        home = f"/subscriptions/{subscription.lower()}"
        places = self._grants[principal.object_id]
        if any(place == home or place.startswith(f"{home}/") for place in places):
            return True
        return any(place in places for place in self._tree.above(home))


def _grant(role: RoleDefinition) -> Grant:
    return Grant(role.actions, role.not_actions, role.data_actions, role.not_data_actions)


def _assigned(item: RoleAssignment, role: RoleDefinition, principal: str, words: dict[str, str]) -> Assigned:
    scope = fill(item.scope, words)
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scope} {role.id} {principal}".lower()))
    return Assigned(name, scope, role, principal, item)
