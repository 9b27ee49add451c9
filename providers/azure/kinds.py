"""The concrete classes of Azure, in the order of the report."""

from __future__ import annotations

from typing import Final

from providers.azure.activity_log import ActivityLogExport
from providers.azure.aks import AksCluster
from providers.azure.compute import ManagedDisk, Snapshot, VirtualMachine
from providers.azure.defender import DefenderPlan
from providers.azure.directory import DirectoryPrincipal
from providers.azure.entra import EntraApplication, EntraTenant, EntraUser
from providers.azure.flow_logs import FlowLog, NetworkWatcher
from providers.azure.groups import ResourceGroup
from providers.azure.identity import CustomRole, UserAssignedIdentity
from providers.azure.keyvault import KeyVault, VaultKey
from providers.azure.locks import ManagementLock
from providers.azure.network import NetworkInterface, PublicAddress, SecurityGroup, VirtualNetwork
from providers.azure.sql import SqlDatabase, SqlServer
from providers.azure.sql_machine import SqlMachine
from providers.azure.storage import StorageAccount, StorageContainer
from providers.azure.subscription import AzureSubscription
from scanner.model import Resource

KINDS: Final[tuple[type[Resource], ...]] = (
    AzureSubscription,
    ActivityLogExport,
    DefenderPlan,
    CustomRole,
    UserAssignedIdentity,
    ManagementLock,
    ResourceGroup,
    StorageAccount,
    StorageContainer,
    VirtualMachine,
    ManagedDisk,
    Snapshot,
    VirtualNetwork,
    SecurityGroup,
    NetworkInterface,
    PublicAddress,
    NetworkWatcher,
    FlowLog,
    SqlServer,
    SqlDatabase,
    SqlMachine,
    AksCluster,
    KeyVault,
    VaultKey,
    EntraTenant,
    EntraUser,
    EntraApplication,
    DirectoryPrincipal,
)
