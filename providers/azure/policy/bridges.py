"""Actions of the control plane that open the data plane: whoever may list a key needs no data action.

Collected on 2026-11-22 from the pages named with each entry.
"""

from __future__ import annotations

from typing import Final

import msgspec

from scanner.facts import Unread
from scanner.ternary import Ternary

CHECKED: Final = "2026-11-22"


class Switch(msgspec.Struct, frozen=True):
    """A setting of the resource that must stand right for a bridge to carry."""

    key: str
    open_when: bool
    stored_nothing: bool | None
    """What it means that nothing is stored; nothing where that depends on the age of the resource."""


class Bridge(msgspec.Struct, frozen=True):
    """Any one of the actions gives what the data actions give."""

    name: str
    actions: tuple[str, ...]
    opens: tuple[str, ...]
    """Patterns of data actions."""
    documentation: str
    switch: Switch | None = None


Facts = dict[str, bool | Unread | None]


def carries(bridge: Bridge, facts: Facts) -> Ternary | Unread:
    """Whether the resource's settings let the bridge carry."""
    if bridge.switch is None:
        return True
    stored = facts.get(bridge.switch.key)
    if isinstance(stored, Unread):
        return stored
    value = bridge.switch.stored_nothing if stored is None else stored
    return None if value is None else value is bridge.switch.open_when


_SHARED_KEY: Final = Switch("allowSharedKeyAccess", open_when=True, stored_nothing=True)
_LOCAL_KEYS: Final = Switch("disableLocalAuth", open_when=False, stored_nothing=False)
_ACCESS_POLICIES: Final = Switch("enableRbacAuthorization", open_when=False, stored_nothing=None)
_ADMIN_USER: Final = Switch("adminUserEnabled", open_when=True, stored_nothing=False)
_LOCAL_ACCOUNTS: Final = Switch("disableLocalAccounts", open_when=False, stored_nothing=False)
_SFTP: Final = Switch("isSftpEnabled", open_when=True, stored_nothing=False)

_STORAGE: Final = (
    "Microsoft.Storage/storageAccounts/blobServices/*",
    "Microsoft.Storage/storageAccounts/fileServices/*",
    "Microsoft.Storage/storageAccounts/queueServices/*",
    "Microsoft.Storage/storageAccounts/tableServices/*",
)
_VAULT: Final = (
    "Microsoft.KeyVault/vaults/secrets/*",
    "Microsoft.KeyVault/vaults/keys/*",
    "Microsoft.KeyVault/vaults/certificates/*",
    "Microsoft.KeyVault/vaults/certificatecas/*",
    "Microsoft.KeyVault/vaults/certificatecontacts/*",
)

BRIDGES: Final = (
    Bridge(
        "storage account keys",
        (
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Storage/storageAccounts/regenerateKey/action",
        ),
        _STORAGE,
        "https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
        _SHARED_KEY,
    ),
    Bridge(
        "shared access signatures made by the control plane",
        (
            "Microsoft.Storage/storageAccounts/listAccountSas/action",
            "Microsoft.Storage/storageAccounts/listServiceSas/action",
        ),
        _STORAGE,
        "https://learn.microsoft.com/rest/api/storagerp/storage-accounts/list-account-sas",
        _SHARED_KEY,
    ),
    Bridge(
        "passwords of SFTP users",
        (
            "Microsoft.Storage/storageAccounts/localUsers/regeneratePassword/action",
            "Microsoft.Storage/storageAccounts/localUsers/write",
        ),
        ("Microsoft.Storage/storageAccounts/blobServices/*",),
        "https://learn.microsoft.com/azure/storage/blobs/secure-file-transfer-protocol-support",
        _SFTP,
    ),
    Bridge(
        "Cosmos DB account keys",
        (
            "Microsoft.DocumentDB/databaseAccounts/listKeys/action",
            "Microsoft.DocumentDB/databaseAccounts/regenerateKey/action",
            "Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action",
        ),
        ("Microsoft.DocumentDB/databaseAccounts/*",),
        "https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data",
        _LOCAL_KEYS,
    ),
    Bridge(
        "Cosmos DB read-only keys",
        (
            "Microsoft.DocumentDB/databaseAccounts/readonlykeys/action",
            "Microsoft.DocumentDB/databaseAccounts/readonlykeys/read",
        ),
        (
            "Microsoft.DocumentDB/databaseAccounts/*/read",
            "Microsoft.DocumentDB/databaseAccounts/*/executeQuery",
            "Microsoft.DocumentDB/databaseAccounts/*/readChangeFeed",
        ),
        "https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data",
        _LOCAL_KEYS,
    ),
    Bridge(
        "access policies of a key vault",
        ("Microsoft.KeyVault/vaults/accessPolicies/write", "Microsoft.KeyVault/vaults/write"),
        _VAULT,
        "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
        _ACCESS_POLICIES,
    ),
    Bridge(
        "commands on a virtual machine",
        (
            "Microsoft.Compute/virtualMachines/runCommand/action",
            "Microsoft.Compute/virtualMachines/runCommands/write",
            "Microsoft.Compute/virtualMachines/extensions/write",
        ),
        ("Microsoft.Compute/virtualMachines/login/action", "Microsoft.Compute/virtualMachines/loginAsAdmin/action"),
        "https://learn.microsoft.com/azure/virtual-machines/run-command-overview",
    ),
    Bridge(
        "Event Hubs keys",
        (
            "Microsoft.EventHub/namespaces/authorizationRules/listKeys/action",
            "Microsoft.EventHub/namespaces/eventhubs/authorizationRules/listKeys/action",
            "Microsoft.EventHub/namespaces/authorizationRules/regenerateKeys/action",
        ),
        ("Microsoft.EventHub/namespaces/*",),
        "https://learn.microsoft.com/azure/event-hubs/authorize-access-shared-access-signature",
        _LOCAL_KEYS,
    ),
    Bridge(
        "Service Bus keys",
        (
            "Microsoft.ServiceBus/namespaces/authorizationRules/listKeys/action",
            "Microsoft.ServiceBus/namespaces/queues/authorizationRules/listKeys/action",
            "Microsoft.ServiceBus/namespaces/topics/authorizationRules/listKeys/action",
            "Microsoft.ServiceBus/namespaces/authorizationRules/regenerateKeys/action",
        ),
        ("Microsoft.ServiceBus/namespaces/*",),
        "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas",
        _LOCAL_KEYS,
    ),
    Bridge(
        "registry admin user",
        (
            "Microsoft.ContainerRegistry/registries/listCredentials/action",
            "Microsoft.ContainerRegistry/registries/regenerateCredential/action",
        ),
        ("Microsoft.ContainerRegistry/registries/*",),
        "https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
        _ADMIN_USER,
    ),
    Bridge(
        "AI services keys",
        (
            "Microsoft.CognitiveServices/accounts/listKeys/action",
            "Microsoft.CognitiveServices/accounts/regenerateKey/action",
        ),
        ("Microsoft.CognitiveServices/accounts/*",),
        "https://learn.microsoft.com/azure/ai-services/authentication",
        _LOCAL_KEYS,
    ),
    Bridge(
        "App Configuration keys",
        (
            "Microsoft.AppConfiguration/configurationStores/ListKeys/action",
            "Microsoft.AppConfiguration/configurationStores/RegenerateKey/action",
        ),
        ("Microsoft.AppConfiguration/configurationStores/*",),
        "https://learn.microsoft.com/azure/azure-app-configuration/howto-disable-access-key-authentication",
        _LOCAL_KEYS,
    ),
    Bridge(
        "AKS cluster credentials",
        (
            "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "Microsoft.ContainerService/managedClusters/accessProfiles/listCredential/action",
        ),
        ("Microsoft.ContainerService/managedClusters/*",),
        "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
        _LOCAL_ACCOUNTS,
    ),
    Bridge(
        "commands in an AKS cluster",
        ("Microsoft.ContainerService/managedClusters/runCommand/action",),
        ("Microsoft.ContainerService/managedClusters/*",),
        "https://learn.microsoft.com/azure/aks/access-private-cluster",
    ),
    Bridge(
        "keys of a function app's host",
        (
            "Microsoft.Web/sites/host/listkeys/action",
            "Microsoft.Web/sites/functions/listkeys/action",
            "Microsoft.Web/sites/host/functionkeys/write",
            "Microsoft.Web/sites/functions/keys/write",
        ),
        ("Microsoft.Web/sites/*",),
        "https://learn.microsoft.com/azure/azure-functions/function-keys-how-to",
    ),
)
