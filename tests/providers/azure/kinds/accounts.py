"""Answers about a whole subscription: who holds roles, who is told of changes, what is exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scanner.facts import Answer
from scanner.model import Scope
from tests.providers.azure.kinds.desk import SUBSCRIPTION

UID: Final = f"/subscriptions/{SUBSCRIPTION}"
OWNER: Final = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
TENANT: Final = Scope("azure", "AzureCloud", "t", "/tenants/t", level="tenant")

PATHS: Final = {
    "microsoft.authorization.roleassignments": "Microsoft.Authorization/roleAssignments",
    "microsoft.authorization.roledefinitions": "Microsoft.Authorization/roleDefinitions",
    "custom roles": "Microsoft.Authorization/roleDefinitions?$filter=type eq 'CustomRole'",
    "delegations": "Microsoft.ManagedServices/registrationAssignments?$expandRegistrationDefinition=true",
    "microsoft.managedidentity.userassignedidentities": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "microsoft.compute.virtualmachines": "Microsoft.Compute/virtualMachines",
    "microsoft.insights.activitylogalerts": "Microsoft.Insights/activityLogAlerts",
    "microsoft.insights.actiongroups": "Microsoft.Insights/actionGroups",
    "microsoft.insights.diagnosticsettings": "Microsoft.Insights/diagnosticSettings",
    "microsoft.security.pricings": "Microsoft.Security/pricings",
    "microsoft.security.securitycontacts": "Microsoft.Security/securityContacts",
}
"""What is asked for, by the name of what is recorded."""


def of_subscription(answers: Mapping[str, Answer], uid: str = UID) -> dict[str, Answer]:
    """Answers by the name of what is asked for, at their paths."""
    return {f"{uid}/providers/{PATHS[name]}": answer for name, answer in answers.items()}


def role(name: str, *actions: str, **more: Any) -> dict[str, Any]:
    """A role definition; its name is its GUID as well."""
    permission = {"actions": list(actions), "notActions": [], "dataActions": [], "notDataActions": []}
    properties: dict[str, Any] = {"roleName": name, "type": "CustomRole", "assignableScopes": [UID]}
    properties["permissions"] = [permission | more]
    return {"id": f"{UID}/providers/Microsoft.Authorization/roleDefinitions/{name}", "name": name} | {
        "properties": properties
    }


def assignment(principal: str, held: str, at: str = UID, kind: str | None = "ServicePrincipal", **more: str) -> Answer:
    """A role assignment."""
    properties = {
        "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{held}",
        "principalId": principal,
        "scope": at,
        **({} if kind is None else {"principalType": kind}),
        **more,
    }
    name = f"{principal}-{held}"
    return {"id": f"{at}/providers/Microsoft.Authorization/roleAssignments/{name}", "name": name} | {
        "properties": properties
    }


def permitted(roles: list[Any], held: list[Any], **more: Any) -> dict[str, Answer]:
    """Who holds what, where no other tenant does and nothing else is there."""
    answers: dict[str, Answer] = {
        "microsoft.authorization.roleassignments": {"value": held},
        "microsoft.authorization.roledefinitions": {"value": roles},
        "custom roles": {"value": roles},
        "delegations": {"value": []},
        "microsoft.managedidentity.userassignedidentities": {"value": []},
        "microsoft.compute.virtualmachines": {"value": []},
    }
    return of_subscription(answers | more)
