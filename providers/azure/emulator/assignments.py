"""What is attached to scopes and inherited: role assignments, role definitions, locks, and the caller's permissions.

Without a filter a list shows what holds at the scope: its own, those above and those below; `atScope()` leaves out
those below. https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
"""

from collections.abc import Callable, Iterator
from typing import Any

from providers.azure.emulator.estate import Principal, RoleDefinition
from providers.azure.emulator.refusals import Refused, bad_request, not_found
from providers.azure.emulator.rights import Assigned, Rights
from providers.azure.emulator.tree import Node, Tree, fill
from providers.azure.emulator.wire import Operation

Members = dict[str, Any]
Handler = Callable[[Operation, Principal], "Members | list[Members]"]

_AUTHORIZATION = "Microsoft.Authorization"


class Assignments:
    """The handlers of these types."""

    def __init__(self, tree: Tree, rights: Rights) -> None:
        self._tree = tree
        self._rights = rights

    def handlers(self) -> dict[str, Handler]:
        """By full type and verb."""
        return {
            f"{_AUTHORIZATION}/roleAssignments.list": self._list_assignments,
            f"{_AUTHORIZATION}/roleAssignments.get": self._get_assignment,
            f"{_AUTHORIZATION}/roleDefinitions.list": self._list_definitions,
            f"{_AUTHORIZATION}/roleDefinitions.get": self._get_definition,
            f"{_AUTHORIZATION}/permissions.list": self._permissions,
            f"{_AUTHORIZATION}/locks.list": self._locks,
        }

    def _list_assignments(self, operation: Operation, principal: Principal) -> list[Members]:
        del principal
        only_above, whose = _filtered(operation)
        above = set(self._tree.above(operation.scope)) if operation.scope else {"/"}
        below = operation.scope.lower().rstrip("/") + "/"
        found = []
        for item in self._rights.assignments:
            scope = item.scope.lower()
            here = scope in above or (not only_above and scope.startswith(below))
            if here and (whose is None or item.principal.lower() == whose):
                found.append(self.show_assignment(item, operation.subscription))
        return found

    def show_assignment(self, item: Assigned, subscription: str) -> Members:
        """A role assignment as the API shows it; the role's id is spelled within the subscription."""
        home = f"/subscriptions/{subscription}" if subscription else ""
        given = item.assignment
        kind = {} if given.principal_type is None else {"principalType": given.principal_type}
        condition = {} if given.condition is None else {"condition": given.condition, "conditionVersion": "2.0"}
        root = "" if item.scope == "/" else item.scope
        return {
            "properties": {
                "roleDefinitionId": f"{home}/providers/{_AUTHORIZATION}/roleDefinitions/{item.role.id}",
                "principalId": item.principal,
                **kind,
                "scope": item.scope,
                **condition,
                **given.members,
            },
            "id": f"{root}/providers/{_AUTHORIZATION}/roleAssignments/{item.name}",
            "type": f"{_AUTHORIZATION}/roleAssignments",
            "name": item.name,
        }

    def _get_assignment(self, operation: Operation, principal: Principal) -> Members:
        del principal
        for item in self._rights.assignments:
            if item.name == operation.names[-1].lower():
                return self.show_assignment(item, operation.subscription)
        message = f"The role assignment '{operation.names[-1]}' is not found."
        raise Refused(not_found("RoleAssignmentNotFound", message))

    def _list_definitions(self, operation: Operation, principal: Principal) -> list[Members]:
        del principal
        wanted = operation.query.get("$filter", "").replace(" ", "").lower()
        kind = {"typeeq'customrole'": "CustomRole", "typeeq'builtinrole'": "BuiltInRole"}.get(wanted)
        if wanted and kind is None and wanted not in ("atscope()", "atscopeandbelow()"):
            raise Refused(bad_request("InvalidFilter", f"The filter '{operation.query['$filter']}' is not supported."))
        above = set(self._tree.above(operation.scope)) if operation.scope else {"/"}
        below = operation.scope.lower() + "/"
        return [
            self.show_definition(role, operation.subscription)
            for role in self._rights.definitions
            if (kind is None or role.type == kind)
            and any(scope in above or scope.startswith(below) for scope in self._assignable(role, lower=True))
        ]

    def _assignable(self, role: RoleDefinition, *, lower: bool = False) -> Iterator[str]:
        words = {"{tenant}": self._tree.estate.tenant.id}
        for scope in role.assignable_scopes:
            place = fill(scope, words)
            yield place.lower() if lower else place

    def show_definition(self, role: RoleDefinition, subscription: str) -> Members:
        """A role definition as the API shows it."""
        home = f"/subscriptions/{subscription}" if subscription else ""
        return {
            "properties": {
                "roleName": role.name,
                "type": role.type,
                "description": role.description,
                "assignableScopes": list(self._assignable(role)),
                "permissions": [
                    {
                        "actions": list(role.actions),
                        "notActions": list(role.not_actions),
                        "dataActions": list(role.data_actions),
                        "notDataActions": list(role.not_data_actions),
                    }
                ],
                "createdOn": "2015-02-02T21:55:09.8806423Z",
                "updatedOn": "2024-02-05T21:24:38.4580610Z",
                "createdBy": None,
                "updatedBy": None,
            },
            "id": f"{home}/providers/{_AUTHORIZATION}/roleDefinitions/{role.id}",
            "type": f"{_AUTHORIZATION}/roleDefinitions",
            "name": role.id,
        }

    def _get_definition(self, operation: Operation, principal: Principal) -> Members:
        del principal
        name = operation.names[-1]
        for role in self._rights.definitions:
            if role.id == name.lower():
                return self.show_definition(role, operation.subscription)
        message = f"The specified role definition with ID '{name}' does not exist."
        raise Refused(not_found("RoleDefinitionDoesNotExist", message))

    def _permissions(self, operation: Operation, principal: Principal) -> list[Members]:
        return [
            {
                "actions": list(grant.actions),
                "notActions": list(grant.not_actions),
                "dataActions": list(grant.data_actions),
                "notDataActions": list(grant.not_data_actions),
            }
            for grant in self._rights.granted(principal, operation.scope)
        ]

    def _locks(self, operation: Operation, principal: Principal) -> list[Members]:
        del principal
        only_above, _ = _filtered(operation)
        scope = operation.scope.lower()
        above = set(self._tree.above(operation.scope))
        branch = self._tree.branch(operation.subscription)
        found: list[Node] = [
            node
            for node in branch.by_id.values()
            if node.type == f"{_AUTHORIZATION}/locks"
            and (
                (place := node.key.partition("/providers/microsoft.authorization/locks")[0]) in above
                or (not only_above and place.startswith(f"{scope}/"))
            )
        ]
        return [node.listed() for node in found]


def _filtered(operation: Operation) -> tuple[bool, str | None]:
    """Whether those below are left out, and whose alone are asked for."""
    text = operation.query.get("$filter", "").replace(" ", "")
    low = text.lower()
    if not text:
        return False, None
    if low == "atscope()":
        return True, None
    for start, end in (("principalideq'", "'"), ("assignedto('", "')")):
        if low.startswith(start) and low.endswith(end):
            return False, low.removeprefix(start).removesuffix(end)
    raise Refused(bad_request("InvalidFilter", f"The filter '{operation.query['$filter']}' is not supported."))
