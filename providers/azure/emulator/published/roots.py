"""Which model of which client is the body of which type."""

from typing import Final, NamedTuple


class Root(NamedTuple):
    """A wheel's name, the folder inside it (as the end of the path), and the class."""

    wheel: str
    place: str
    model: str


_STORAGE, _COMPUTE, _NETWORK = "azure_mgmt_storage", "azure_mgmt_compute", "azure_mgmt_network"
_SQL, _VAULT, _MSI, _AUTHORIZATION = (
    "azure_mgmt_sql",
    "azure_mgmt_keyvault",
    "azure_mgmt_msi",
    "azure_mgmt_authorization",
)
_MONITOR, _SECURITY, _RESOURCE = "azure_mgmt_monitor", "azure_mgmt_security", "azure_mgmt_resource"
_GROUPS, _LOCKS, _GRAPH = "azure_mgmt_managementgroups", "azure_mgmt_resource_locks", "msgraph_sdk"

ROOTS: Final = {
    "Microsoft.Storage/storageAccounts": Root(_STORAGE, "storage/", "StorageAccount"),
    "Microsoft.Storage/storageAccounts/blobServices": Root(_STORAGE, "storage/", "BlobServiceProperties"),
    "Microsoft.Storage/storageAccounts/blobServices/containers": Root(_STORAGE, "storage/", "ListContainerItem"),
    "Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations": Root(
        _STORAGE, "storage/", "NetworkSecurityPerimeterConfiguration"
    ),
    "Microsoft.Compute/disks": Root(_COMPUTE, "compute/", "Disk"),
    "Microsoft.Compute/diskEncryptionSets": Root(_COMPUTE, "compute/", "DiskEncryptionSet"),
    "Microsoft.Compute/snapshots": Root(_COMPUTE, "compute/", "Snapshot"),
    "Microsoft.Compute/virtualMachines": Root(_COMPUTE, "compute/", "VirtualMachine"),
    "Microsoft.Network/networkInterfaces": Root(_NETWORK, "network/", "NetworkInterface"),
    "Microsoft.Network/publicIPAddresses": Root(_NETWORK, "network/", "PublicIPAddress"),
    "Microsoft.Network/networkSecurityGroups": Root(_NETWORK, "network/", "NetworkSecurityGroup"),
    "Microsoft.Network/virtualNetworks": Root(_NETWORK, "network/", "VirtualNetwork"),
    "Microsoft.Network/networkWatchers": Root(_NETWORK, "network/", "NetworkWatcher"),
    "Microsoft.Network/networkWatchers/flowLogs": Root(_NETWORK, "network/", "FlowLog"),
    "Microsoft.Sql/servers": Root(_SQL, "sql/", "Server"),
    "Microsoft.Sql/servers/firewallRules": Root(_SQL, "sql/", "FirewallRule"),
    "Microsoft.Sql/servers/ipv6FirewallRules": Root(_SQL, "sql/", "IPv6FirewallRule"),
    "Microsoft.Sql/servers/virtualNetworkRules": Root(_SQL, "sql/", "VirtualNetworkRule"),
    "Microsoft.Sql/servers/networkSecurityPerimeterConfigurations": Root(
        _SQL, "sql/", "NetworkSecurityPerimeterConfiguration"
    ),
    "Microsoft.Sql/servers/auditingSettings": Root(_SQL, "sql/", "ServerBlobAuditingPolicy"),
    "Microsoft.Sql/servers/encryptionProtector": Root(_SQL, "sql/", "EncryptionProtector"),
    "Microsoft.Sql/servers/administrators": Root(_SQL, "sql/", "ServerAzureADAdministrator"),
    "Microsoft.Sql/servers/azureADOnlyAuthentications": Root(_SQL, "sql/", "ServerAzureADOnlyAuthentication"),
    "Microsoft.Sql/servers/databases": Root(_SQL, "sql/", "Database"),
    "Microsoft.Sql/servers/databases/transparentDataEncryption": Root(
        _SQL, "sql/", "LogicalDatabaseTransparentDataEncryption"
    ),
    "Microsoft.SqlVirtualMachine/sqlVirtualMachines": Root(
        "azure_mgmt_sqlvirtualmachine", "sqlvirtualmachine/", "SqlVirtualMachine"
    ),
    "Microsoft.ContainerService/managedClusters": Root(
        "azure_mgmt_containerservice", "containerservice/", "ManagedCluster"
    ),
    "Microsoft.KeyVault/vaults": Root(_VAULT, "keyvault/", "Vault"),
    "Microsoft.KeyVault/vaults/keys": Root(_VAULT, "keyvault/", "Key"),
    # Only previews of its client have the model, which is the same as that of storage:
    # https://github.com/Azure/azure-sdk-for-python/releases/tag/azure-mgmt-keyvault_14.2.0b1
    "Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations": Root(
        _STORAGE, "storage/", "NetworkSecurityPerimeterConfiguration"
    ),
    "Microsoft.ManagedIdentity/userAssignedIdentities": Root(_MSI, "v2024_11_30/", "Identity"),
    "Microsoft.Authorization/locks": Root(_LOCKS, "locks/", "ManagementLockObject"),
    "Microsoft.Authorization/roleAssignments": Root(_AUTHORIZATION, "v2022_04_01/", "RoleAssignment"),
    "Microsoft.Authorization/roleDefinitions": Root(_AUTHORIZATION, "v2022_04_01/", "RoleDefinition"),
    "Microsoft.Authorization/permissions": Root(_AUTHORIZATION, "v2022_04_01/", "Permission"),
    "Microsoft.Insights/diagnosticSettings": Root(_MONITOR, "v2021_05_01_preview/", "DiagnosticSettingsResource"),
    "Microsoft.Insights/activityLogAlerts": Root(_MONITOR, "v2020_10_01/", "ActivityLogAlertResource"),
    "Microsoft.Insights/actionGroups": Root(_MONITOR, "v2023_01_01/", "ActionGroupResource"),
    "Microsoft.Security/pricings": Root(_SECURITY, "security/", "Pricing"),
    "Microsoft.Security/securityContacts": Root(_SECURITY, "security/", "SecurityContact"),
    "Microsoft.Resources/subscriptions": Root(_RESOURCE, "subscriptions/v2022_12_01/", "Subscription"),
    "Microsoft.Resources/tenants": Root(_RESOURCE, "subscriptions/v2022_12_01/", "TenantIdDescription"),
    "Microsoft.Resources/subscriptions/resourceGroups": Root(_RESOURCE, "resources/v2022_09_01/", "ResourceGroup"),
    "Microsoft.Resources/subscriptions/resources": Root(_RESOURCE, "resources/v2022_09_01/", "GenericResourceExpanded"),
    "Microsoft.ManagedServices/registrationAssignments": Root(
        "azure_mgmt_managedservices", "managedservices/", "RegistrationAssignment"
    ),
    "Microsoft.Management/managementGroups": Root(_GROUPS, "managementgroups/", "ManagementGroup"),
    "Microsoft.Management/managementGroups/descendants": Root(_GROUPS, "managementgroups/", "DescendantInfo"),
    "Microsoft.Graph/users": Root(_GRAPH, "", "User"),
    "Microsoft.Graph/groups": Root(_GRAPH, "", "Group"),
    "Microsoft.Graph/applications": Root(_GRAPH, "", "Application"),
    "Microsoft.Graph/servicePrincipals": Root(_GRAPH, "", "ServicePrincipal"),
    "Microsoft.Graph/directoryRoles": Root(_GRAPH, "", "DirectoryRole"),
    "Microsoft.Graph/organization": Root(_GRAPH, "", "Organization"),
    "Microsoft.Graph/domains": Root(_GRAPH, "", "Domain"),
    "Microsoft.Graph/reports/authenticationMethods/userRegistrationDetails": Root(
        _GRAPH, "", "UserRegistrationDetails"
    ),
    "Microsoft.Graph/roleManagement/directory/roleAssignments": Root(_GRAPH, "", "UnifiedRoleAssignment"),
    "Microsoft.Graph/identity/conditionalAccess/policies": Root(_GRAPH, "", "ConditionalAccessPolicy"),
    "Microsoft.Graph/policies/authorizationPolicy": Root(_GRAPH, "", "AuthorizationPolicy"),
    "Microsoft.Graph/policies/identitySecurityDefaultsEnforcementPolicy": Root(
        _GRAPH, "", "IdentitySecurityDefaultsEnforcementPolicy"
    ),
}
