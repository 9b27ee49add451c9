"""What there is to read of Azure's management API: type, pinned api-version, path, permission. Data alone.

Api-versions are those of https://github.com/Azure/bicep-types-az; permissions those of
https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
"""

from __future__ import annotations

from typing import Final

import msgspec

_STORAGE = "2025-01-01"
_DISKS = "2024-03-02"
_MACHINES = "2024-07-01"
_NETWORK = "2024-05-01"
_SQL = "2023-08-01"
_KEY_VAULT = "2023-07-01"
_PERIMETERS = "networkSecurityPerimeterConfigurations"
_ROLES = "2022-04-01"


class ArmType(msgspec.Struct, frozen=True):
    """A type of resource, and how it is read."""

    type: str
    """As the API spells it, such as `Microsoft.Storage/storageAccounts/blobServices`."""
    api_version: str
    path: str
    """Where it is read: a template over `scope` and `it`, such as `{scope.uid}/providers/Microsoft.Compute/disks`."""
    permission: str
    single: bool = False
    """One object is read rather than a list."""
    table: str = ""
    """The table of Azure Resource Graph whose rows hold the same members; nothing where it has none.

    https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
    """

    @property
    def namespace(self) -> str:
        """The resource provider, such as `Microsoft.Storage`."""
        return self.type.partition("/")[0]

    @property
    def operation(self) -> str:
        """The call's name: the type inside its namespace, and whether a list or one object is read."""
        return f"{self.type.partition('/')[2]}.{'get' if self.single else 'list'}"

    @property
    def wire(self) -> str:
        """`namespace:operation`, as calls and reports name it."""
        return f"{self.namespace}:{self.operation}"


def _subscription_wide(type_: str, api_version: str, table: str = "") -> ArmType:
    """A type whose resources are listed for the whole subscription."""
    return ArmType(type_, api_version, f"{{scope.uid}}/providers/{type_}", f"{type_}/read", table=table)


def _below(type_: str, api_version: str, path: str, *, single: bool = False, table: str = "") -> ArmType:
    """A type that is read below a resource."""
    return ArmType(type_, api_version, f"{{it.uid}}{path}", f"{type_}/read", single=single, table=table)


ROWS: Final = (
    _subscription_wide("Microsoft.Storage/storageAccounts", _STORAGE, "resources"),
    _below("Microsoft.Storage/storageAccounts/blobServices", _STORAGE, "/blobServices/default", single=True),
    _below("Microsoft.Storage/storageAccounts/blobServices/containers", _STORAGE, "/blobServices/default/containers"),
    _below(f"Microsoft.Storage/storageAccounts/{_PERIMETERS}", _STORAGE, f"/{_PERIMETERS}"),
    _subscription_wide("Microsoft.Compute/disks", _DISKS, "resources"),
    _subscription_wide("Microsoft.Compute/snapshots", _DISKS, "resources"),
    _subscription_wide("Microsoft.Compute/virtualMachines", _MACHINES, "resources"),
    _subscription_wide("Microsoft.Network/networkInterfaces", _NETWORK, "resources"),
    _subscription_wide("Microsoft.Network/publicIPAddresses", _NETWORK, "resources"),
    _subscription_wide("Microsoft.Network/networkSecurityGroups", _NETWORK, "resources"),
    _subscription_wide("Microsoft.Network/virtualNetworks", _NETWORK, "resources"),
    _subscription_wide("Microsoft.Network/networkWatchers", _NETWORK, "resources"),
    _below("Microsoft.Network/networkWatchers/flowLogs", _NETWORK, "/flowLogs", table="resources"),
    _subscription_wide("Microsoft.Sql/servers", _SQL, "resources"),
    _below("Microsoft.Sql/servers/firewallRules", _SQL, "/firewallRules"),
    _below("Microsoft.Sql/servers/ipv6FirewallRules", _SQL, "/ipv6FirewallRules"),
    _below("Microsoft.Sql/servers/virtualNetworkRules", _SQL, "/virtualNetworkRules"),
    _below(f"Microsoft.Sql/servers/{_PERIMETERS}", "2023-08-01-preview", f"/{_PERIMETERS}"),
    _below("Microsoft.Sql/servers/auditingSettings", _SQL, "/auditingSettings/default", single=True),
    _below("Microsoft.Sql/servers/encryptionProtector", _SQL, "/encryptionProtector/current", single=True),
    _below("Microsoft.Sql/servers/administrators", _SQL, "/administrators"),
    _below("Microsoft.Sql/servers/databases", _SQL, "/databases", table="resources"),
    _below(
        "Microsoft.Sql/servers/databases/transparentDataEncryption",
        _SQL,
        "/transparentDataEncryption/current",
        single=True,
    ),
    _subscription_wide("Microsoft.SqlVirtualMachine/sqlVirtualMachines", "2023-10-01", "resources"),
    _subscription_wide("Microsoft.ContainerService/managedClusters", "2025-05-01", "resources"),
    _subscription_wide("Microsoft.KeyVault/vaults", _KEY_VAULT, "resources"),
    # Only previews of the service's API tell it: https://github.com/Azure/bicep-types-az
    _below(f"Microsoft.KeyVault/vaults/{_PERIMETERS}", "2024-12-01-preview", f"/{_PERIMETERS}"),
    _below("Microsoft.KeyVault/vaults/keys", _KEY_VAULT, "/keys"),
    _below("Microsoft.KeyVault/vaults/keys", _KEY_VAULT, "", single=True),
    ArmType(
        "Microsoft.Resources/subscriptions/resourceGroups",
        "2022-09-01",
        "{scope.uid}/resourcegroups",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        table="resourcecontainers",
    ),
    _subscription_wide("Microsoft.Authorization/locks", "2020-05-01"),
    _subscription_wide("Microsoft.Authorization/roleAssignments", _ROLES),
    _subscription_wide("Microsoft.Authorization/roleDefinitions", _ROLES),
    _subscription_wide("Microsoft.ManagedServices/registrationAssignments", "2022-10-01"),
    _subscription_wide("Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31", "resources"),
    _subscription_wide("Microsoft.Insights/activityLogAlerts", "2020-10-01", "resources"),
    _subscription_wide("Microsoft.Insights/actionGroups", "2023-01-01", "resources"),
    _subscription_wide("Microsoft.Security/pricings", "2024-01-01"),
    _subscription_wide("Microsoft.Security/securityContacts", "2023-12-01-preview"),
    _below(
        "Microsoft.Insights/diagnosticSettings",
        "2021-05-01-preview",
        "/providers/Microsoft.Insights/diagnosticSettings",
    ),
)
