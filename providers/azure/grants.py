"""What a role makes of whoever holds it, and who holds roles on a subscription."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from providers.azure.authorization import ConditionedPermission, Delegation, RoleDefinition
from providers.azure.gaps import known, untold
from providers.azure.holders import Whose
from providers.azure.policy.concrete.matching import matches_any
from providers.azure.policy.conditions.evaluate import holds
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import Assignment
from providers.azure.policy.model.scopes import normal
from providers.azure.policy.questions.actions import missing_action
from scanner.access.text import LimitReached
from scanner.facts import Unread
from scanner.kinds import Grant
from scanner.ternary import Ternary, all_of, any_of

ASSIGN: Final = (
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignmentScheduleRequests/write",
    "Microsoft.Authorization/roleEligibilityScheduleRequests/write",
)
"""Actions that give roles, one's own included.

https://learn.microsoft.com/azure/role-based-access-control/role-assignments-steps
"""
REDEFINE: Final = "Microsoft.Authorization/roleDefinitions/write"
"""Changes custom roles: whoever holds one that allows it puts into it what they like."""

STRONGEST: Final = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
)
"""Owner, User Access Administrator, Role Based Access Control Administrator.

https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged
"""
_ATTRIBUTE: Final = "Request[Microsoft.Authorization/roleAssignments:{}]"


def allows_everything(role: RoleDefinition) -> bool:
    """Whether a role allows every control operation; raises UnreadFact where nobody can tell."""
    try:
        return missing_action(one.permission for one in role.permissions if not one.condition) is None
    except LimitReached:
        untold(f"the actions of the role {role.name} are too entangled to tell")


def grants_itself(role: RoleDefinition, condition: str = "", version: str = "") -> Ternary:
    """Whether its holder can get every role by it; None where that hangs on what a condition compares."""
    return any_of(_by(one, role, condition, version) for one in role.permissions)


def _by(one: ConditionedPermission, role: RoleDefinition, condition: str, version: str) -> Ternary:
    given, taken = one.permission.patterns(data=False)

    def allowed(action: str) -> bool:
        return matches_any(given, action) and not matches_any(taken, action)

    def passes(request: Request) -> Ternary:
        return all_of((holds(condition, version, request), holds(one.condition, one.version, request)))

    assigning = any_of(passes(request) for action in ASSIGN if allowed(action) for request in _assigning(action))
    redefining = role.custom and allowed(REDEFINE) and passes(Request("", REDEFINE, "", sub_operation=""))
    return any_of((assigning, redefining))


def _assigning(action: str) -> Iterator[Request]:
    """Requests that assign one of the strongest roles to somebody."""
    for role in STRONGEST:
        for kind in ("User", "Group", "ServicePrincipal"):
            attributes = {_ATTRIBUTE.format("RoleDefinitionId"): (role,), _ATTRIBUTE.format("PrincipalType"): (kind,)}
            yield Request("", action, "", sub_operation="", attributes=attributes)


class RolesHeld:
    """The roles that are held on all of a subscription, as the common words have them."""

    def __init__(self, subscription: str, definitions: Iterable[RoleDefinition] | Unread) -> None:
        self._subscription = normal(subscription)
        self._missing = definitions if isinstance(definitions, Unread) else None
        self._roles = {} if isinstance(definitions, Unread) else {role.id: role for role in definitions}
        self._everything: dict[str, bool | Unread] = {}

    def assigned(
        self, assignments: Iterable[Assignment], holder: Callable[[Assignment], tuple[str, Whose]]
    ) -> Iterator[Grant]:
        """Those that are assigned. `holder`: the name of who holds one, and what is known of them."""
        for one in assignments:
            role = self._role(one.role)
            name, whose = holder(one)
            grant = Grant(
                name,
                whose.kind,
                _name(role, one.role),
                administers=None,
                inherited=normal(one.scope) != self._subscription,
                outside=whose.outside,
                conditioned=bool(one.condition),
                unread=whose.unread,
                id=one.principal,
            )
            yield _with(grant, self._administers(role, one))

    def delegated(self, delegations: Iterable[Delegation]) -> Iterator[Grant]:
        """Those that another tenant holds by Azure Lighthouse.

        It hands out no Owner, and whoever may assign roles by it may assign them to managed identities alone.
        https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles#role-support-for-azure-lighthouse
        """
        for one in delegations:
            role = self._role(one.role)
            named = f"{one.name} ({one.principal})" if one.name else one.principal
            grant = Grant(
                f"{named} of the tenant {one.tenant}",
                "other",
                _name(role, one.role),
                administers=None,
                inherited=False,
                outside=True,
                id=one.principal,
            )
            yield _with(grant, self._all(role))

    def _role(self, role: str) -> RoleDefinition | Unread:
        if role in self._roles:
            return self._roles[role]
        detail = f"a role {role} is held that is not among those of the subscription"
        return self._missing or Unread("not-yet-known", detail=detail)

    def _all(self, role: RoleDefinition | Unread) -> bool | Unread:
        if isinstance(role, Unread):
            return role
        if role.id not in self._everything:
            self._everything[role.id] = known(lambda: allows_everything(role))
        return self._everything[role.id]

    def _administers(self, role: RoleDefinition | Unread, one: Assignment) -> bool | Unread:
        everything = self._all(role)
        if isinstance(role, Unread) or everything is True:
            return everything
        granting = grants_itself(role, one.condition, one.condition_version)
        if granting is None:
            detail = f"whether the condition on {role.name} of {one.principal} lets it assign strong roles is not known"
            return Unread("not-yet-known", detail=detail)
        return granting or everything


def _name(role: RoleDefinition | Unread, id_: str) -> str:
    return id_ if isinstance(role, Unread) else role.name


def _with(grant: Grant, power: bool | Unread) -> Grant:
    if isinstance(power, Unread):
        return replace(grant, role_unread=power)
    return replace(grant, administers=power)
