"""Permission sets that let their holder become somebody else, or owner of a scope.

Collected on 2026-11-22 from the pages named with each entry, and from what the actions are documented to do in
https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

CHECKED: Final = "2026-11-22"

Becomes = Literal["owner", "identity-of-resource", "identity-of-code", "identity", "secrets"]
"""`owner`: of the scope itself. `identity-of-resource`: the managed identities of a workload that it acts on.
`identity-of-code`: those of workloads whose code lies in a storage account. `identity`: a managed identity that it acts
on. `secrets`: what a vault holds."""


class Escalation(msgspec.Struct, frozen=True):
    """A way up. Any one of `needs` does, at the target; and one of `besides` somewhere, where there are any."""

    id: str
    needs: tuple[str, ...]
    becomes: Becomes
    documentation: str
    besides: tuple[str, ...] = ()
    of_type: str = ""
    """The type of resource that it acts on, folded."""


class DirectoryStep(msgspec.Struct, frozen=True):
    """A directory role or an application permission of Microsoft Graph that leads to all of the directory."""

    id: str
    holds: str
    words: str
    documentation: str


CREATES_WORKLOAD: Final = (
    "Microsoft.Compute/virtualMachines/write",
    "Microsoft.Compute/virtualMachineScaleSets/write",
    "Microsoft.Web/sites/write",
    "Microsoft.Logic/workflows/write",
    "Microsoft.ContainerInstance/containerGroups/write",
    "Microsoft.App/containerApps/write",
    "Microsoft.Automation/automationAccounts/write",
    "Microsoft.Resources/deploymentScripts/write",
    "Microsoft.DataFactory/factories/write",
    "Microsoft.Batch/batchAccounts/write",
    "Microsoft.ContainerService/managedClusters/write",
)
"""Actions that put a user-assigned identity to work, in code of the caller's choice."""

_RBAC: Final = "https://learn.microsoft.com/azure/role-based-access-control"
_ENTRA: Final = "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference"
_GRAPH: Final = "https://learn.microsoft.com/graph/permissions-reference"

ESCALATIONS: Final = (
    Escalation(
        "assign-roles",
        ("Microsoft.Authorization/roleAssignments/write",),
        "owner",
        f"{_RBAC}/role-assignments-steps",
    ),
    Escalation(
        "change-role-definition",
        ("Microsoft.Authorization/roleDefinitions/write",),
        "owner",
        f"{_RBAC}/custom-roles",
    ),
    Escalation(
        "schedule-eligibility",
        (
            "Microsoft.Authorization/roleAssignmentScheduleRequests/write",
            "Microsoft.Authorization/roleEligibilityScheduleRequests/write",
        ),
        "owner",
        "https://learn.microsoft.com/rest/api/authorization/role-assignment-schedule-requests",
    ),
    Escalation(
        "elevate-access",
        ("Microsoft.Authorization/elevateAccess/action",),
        "owner",
        f"{_RBAC}/elevate-access-global-admin",
    ),
    Escalation(
        "delegate-to-tenant",
        ("Microsoft.ManagedServices/registrationAssignments/write",),
        "owner",
        "https://learn.microsoft.com/azure/lighthouse/how-to/onboard-customer",
    ),
    Escalation(
        "remediate-by-policy",
        ("Microsoft.Authorization/policyAssignments/write",),
        "owner",
        "https://learn.microsoft.com/azure/governance/policy/how-to/remediate-resources",
        besides=("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",),
    ),
    Escalation(
        "run-command-on-vm",
        (
            "Microsoft.Compute/virtualMachines/runCommand/action",
            "Microsoft.Compute/virtualMachines/runCommands/write",
            "Microsoft.Compute/virtualMachines/extensions/write",
        ),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/virtual-machines/run-command-overview",
        of_type="microsoft.compute/virtualmachines",
    ),
    Escalation(
        "run-command-on-scale-set",
        (
            "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action",
            "Microsoft.Compute/virtualMachineScaleSets/extensions/write",
        ),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/virtual-machines/run-command-overview",
        of_type="microsoft.compute/virtualmachinescalesets",
    ),
    Escalation(
        "write-automation-runbook",
        (
            "Microsoft.Automation/automationAccounts/runbooks/write",
            "Microsoft.Automation/automationAccounts/runbooks/draft/write",
        ),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/automation/automation-security-overview",
        besides=("Microsoft.Automation/automationAccounts/jobs/write",),
        of_type="microsoft.automation/automationaccounts",
    ),
    Escalation(
        "change-web-code",
        (
            "Microsoft.Web/sites/publishxml/action",
            "Microsoft.Web/sites/config/list/action",
            "Microsoft.Web/sites/host/listkeys/action",
            "Microsoft.Web/sites/extensions/write",
            "Microsoft.Web/sites/write",
        ),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/app-service/deploy-configure-credentials",
        of_type="microsoft.web/sites",
    ),
    Escalation(
        "change-logic-app",
        ("Microsoft.Logic/workflows/write",),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/logic-apps/create-managed-service-identity",
        of_type="microsoft.logic/workflows",
    ),
    Escalation(
        "execute-in-container",
        (
            "Microsoft.ContainerInstance/containerGroups/containers/exec/action",
            "Microsoft.ContainerInstance/containerGroups/write",
        ),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/container-instances/container-instances-exec",
        of_type="microsoft.containerinstance/containergroups",
    ),
    Escalation(
        "change-container-app",
        ("Microsoft.App/containerApps/write",),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/container-apps/managed-identity",
        of_type="microsoft.app/containerapps",
    ),
    Escalation(
        "administer-cluster",
        (
            "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "Microsoft.ContainerService/managedClusters/runCommand/action",
        ),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/aks/control-kubeconfig-access",
        of_type="microsoft.containerservice/managedclusters",
    ),
    Escalation(
        "change-pipeline",
        ("Microsoft.DataFactory/factories/pipelines/write",),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/data-factory/data-factory-service-identity",
        besides=("Microsoft.DataFactory/factories/pipelines/createrun/action",),
        of_type="microsoft.datafactory/factories",
    ),
    Escalation(
        "submit-batch-task",
        ("Microsoft.Batch/batchAccounts/listKeys/action", "Microsoft.Batch/batchAccounts/pools/write"),
        "identity-of-resource",
        "https://learn.microsoft.com/azure/batch/managed-identity-pools",
        of_type="microsoft.batch/batchaccounts",
    ),
    Escalation(
        "run-deployment-script",
        ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",),
        "identity",
        "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-configure-managed-identities",
        besides=CREATES_WORKLOAD,
    ),
    Escalation(
        "federate-identity",
        ("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",),
        "identity",
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity",
    ),
    Escalation(
        "replace-stored-code",
        ("Microsoft.Storage/storageAccounts/listKeys/action", "Microsoft.Storage/storageAccounts/regenerateKey/action"),
        "identity-of-code",
        "https://learn.microsoft.com/azure/azure-functions/storage-considerations",
        of_type="microsoft.storage/storageaccounts",
    ),
    Escalation(
        "open-vault",
        ("Microsoft.KeyVault/vaults/accessPolicies/write", "Microsoft.KeyVault/vaults/write"),
        "secrets",
        "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
        of_type="microsoft.keyvault/vaults",
    ),
)

DIRECTORY_STEPS: Final = (
    DirectoryStep("global-administrator", "Global Administrator", "may elevate its access to the root scope", _ENTRA),
    DirectoryStep("privileged-roles", "Privileged Role Administrator", "assigns every directory role", _ENTRA),
    DirectoryStep(
        "privileged-authentication", "Privileged Authentication Administrator", "resets anybody's credentials", _ENTRA
    ),
    DirectoryStep("application-credentials", "Application Administrator", "adds credentials to applications", _ENTRA),
    DirectoryStep(
        "cloud-application-credentials", "Cloud Application Administrator", "adds credentials to applications", _ENTRA
    ),
    DirectoryStep("partner-support", "Partner Tier2 Support", "resets administrators' passwords", _ENTRA),
    DirectoryStep("synchronisation", "Hybrid Identity Administrator", "changes how users sign in", _ENTRA),
    DirectoryStep("graph-roles", "RoleManagement.ReadWrite.Directory", "gives itself every directory role", _GRAPH),
    DirectoryStep(
        "graph-app-roles", "AppRoleAssignment.ReadWrite.All", "gives itself every application permission", _GRAPH
    ),
    DirectoryStep("graph-applications", "Application.ReadWrite.All", "adds credentials to any application", _GRAPH),
)
