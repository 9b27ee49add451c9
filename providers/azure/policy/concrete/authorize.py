"""One request against all role assignments and deny assignments.

https://learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from providers.azure.policy.concrete.matching import matches_any
from providers.azure.policy.concrete.membership import Memberships
from providers.azure.policy.conditions.evaluate import holds
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import Administrator, Assignment, Authorization, Denial, Permission, Role
from providers.azure.policy.model.scopes import covers, normal
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of, invert

Result = Literal["Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "unknown"]


def authorize(authorization: Authorization, request: Request, *, activated: bool = False) -> Result:
    """The answer to one request. `activated`: eligible assignments count as if they were activated."""
    return Authorizer(authorization).authorize(request, activated=activated)


class Authorizer:
    """Answers many requests against the same documents."""

    def __init__(self, authorization: Authorization) -> None:
        self._all = authorization
        self._members = Memberships(authorization.directory)
        roles = () if isinstance(authorization.roles, Unread) else authorization.roles
        self._roles: dict[str, Role] = {normal(role.id): role for role in roles}
        self._by_principal: dict[str, list[Assignment]] = {}
        self._of_strangers: list[Assignment] = []
        for one in () if isinstance(authorization.assignments, Unread) else authorization.assignments:
            self._by_principal.setdefault(one.principal.casefold(), []).append(one)
            if self._members.may_be_group(one.principal, one.principal_kind):
                self._of_strangers.append(one)

    def authorize(self, request: Request, *, activated: bool = False) -> Result:
        """The answer to one request."""
        denied = self.denied(request)
        if denied:
            return "ExplicitlyDenied"
        granted = self.granted(request, activated=activated)
        if denied is None or granted is None:
            return "unknown"
        return "Allowed" if granted else "ImplicitlyDenied"

    def allowed(self, request: Request, *, activated: bool = False) -> Ternary:
        """Whether it is allowed, whatever the reason where not."""
        return all_of((self.granted(request, activated=activated), invert(self.denied(request))))

    def is_holder(self, principal: str, assignment: Assignment) -> Ternary:
        """Whether the principal holds the assignment, itself or by a group."""
        return self._members.is_among(principal, (assignment.principal,), assignment.principal_kind)

    def granted(self, request: Request, *, activated: bool = False) -> Ternary:
        """Whether some assignment grants it."""
        return any_of(self._grants(request, activated=activated))

    def denied(self, request: Request) -> Ternary:
        """Whether some deny assignment forbids it."""
        if isinstance(self._all.denials, Unread):
            return None
        return any_of(self._denies(denial, request) for denial in self._all.denials)

    def _grants(self, request: Request, *, activated: bool) -> Iterable[Ternary]:
        if isinstance(self._all.assignments, Unread):
            yield None
        for holder in self._members.holders(request.principal):
            yield from (self._grant(one, request, activated=activated) for one in self._by_principal.get(holder, ()))
        yield from (self._grant(one, request, activated=activated) for one in self._of_strangers)
        if isinstance(self._all.administrators, Unread):
            yield False if request.data else None
        else:
            yield from (self._administers(one, request) for one in self._all.administrators)

    def _grant(self, one: Assignment, request: Request, *, activated: bool) -> Ternary:
        if one.eligible and not activated:
            return False
        role = self._roles.get(normal(one.role))
        if role is None and not isinstance(self._all.roles, Unread):
            permitted: Ternary = None  # an assignment of a role that nobody told us about
        else:
            permitted = None if role is None else _permits(role.permissions, request)
        return all_of(
            (
                self._members.is_among(request.principal, (one.principal,), one.principal_kind),
                covers(one.scope, request.scope, self._all.parents),
                permitted,
                holds(one.condition, one.condition_version, request),
            )
        )

    def _administers(self, one: Administrator, request: Request) -> Ternary:
        """A classic administrator is as good as an Owner, who has no data actions."""
        if request.data or one.principal.casefold() != request.principal.casefold():
            return False
        return covers(f"/subscriptions/{one.subscription}", request.scope, {})

    def _denies(self, denial: Denial, request: Request) -> Ternary:
        here: Ternary
        if denial.this_scope_only:
            here = normal(denial.scope) == normal(request.scope)
        else:
            here = covers(denial.scope, request.scope, self._all.parents)
        return all_of(
            (
                here,
                _permits(denial.permissions, request),
                self._members.is_among(request.principal, denial.principals),
                invert(self._members.is_among(request.principal, denial.excluded)),
                holds(denial.condition, denial.condition_version, request),
            )
        )


def _permits(permissions: Iterable[Permission], request: Request) -> bool:
    """Whether one permission names the action without taking it out again."""
    for permission in permissions:
        given, taken = permission.patterns(data=request.data)
        if matches_any(given, request.action) and not matches_any(taken, request.action):
            return True
    return False
