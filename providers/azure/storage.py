"""Azure Storage: accounts, with the settings of their blob service, and containers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.changes import changed
from providers.azure.diagnostics import DiagnosticSetting, delivered, diagnostic_settings
from providers.azure.endpoint import NetworkRules, answers_anyone, associations, network_rules
from providers.azure.gaps import known, untold
from providers.azure.groups import in_group
from providers.azure.policy import storage_access
from providers.azure.policy.given.perimeters import Association
from providers.azure.policy.model.stores import Container, PublicAccess
from providers.azure.policy.model.stores import StorageAccount as AccountModel
from providers.azure.tags import tagged
from scanner.access import Access
from scanner.facts import Answer, Fact, Relation, Unread, derived
from scanner.kinds import Bucket, Encryption
from scanner.model import Listing

NO_BLOB_SERVICE: Final = ("FeatureNotSupportedForAccount",)
"""What Azure says of the blob service of an account that is for files alone."""

ACCOUNTS = arm("Microsoft.Storage/storageAccounts")
BLOB_SERVICE = arm("Microsoft.Storage/storageAccounts/blobServices", absent=NO_BLOB_SERVICE)
# Here "not found" may mean the blob service alone, so that it does not tell that the account has gone.
BLOB_LOGS = arm(
    "Microsoft.Insights/diagnosticSettings",
    below="/blobServices/default",
    absent=(*NO_BLOB_SERVICE, "ResourceNotFound", "ParentResourceNotFound"),
    gone=(),
)
# "Not found" may mean that the service does not know the question here, so that it tells nothing of the account.
PERIMETERS = arm("Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations", gone=())
CONTAINERS = arm("Microsoft.Storage/storageAccounts/blobServices/containers", absent=NO_BLOB_SERVICE)

BLOB_REQUESTS: Final = ("storageread", "storagewrite", "storagedelete")
WEBSITE: Final = "$web"
WEBSITE_UNREAD: Final = Unread(
    "not-collected", detail="whether the static website is on is told by the data plane alone, which is not read"
)
ANONYMOUS_BY_DEFAULT_UNTIL: Final = datetime(2023, 8, 1, tzinfo=UTC)
"""Accounts made before permit anonymous access unless told otherwise; later ones may be made without it.

https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure
"""
_LEVELS: Final[dict[str, PublicAccess]] = {"": "none", "none": "none", "blob": "blob", "container": "container"}


class BlobService(msgspec.Struct, frozen=True):
    """The settings of an account's blob service."""

    versioned: bool
    soft_deleted: bool
    """Deleted blobs are kept for some days."""


def _blob_service(answer: Answer) -> BlobService:
    # Neither member is stored until it is first set, and both are off until then:
    # https://learn.microsoft.com/rest/api/storagerp/blob-services/get-service-properties
    properties = answer["properties"]
    retention = properties.get("deleteRetentionPolicy") or {}
    return BlobService(bool(properties.get("isVersioningEnabled")), bool(retention.get("enabled")))


def _encryption(item: Answer) -> Encryption:
    # Data at rest is always encrypted; without the customer's key, with one that Microsoft holds.
    # https://learn.microsoft.com/azure/storage/common/storage-service-encryption
    encryption = item["properties"].get("encryption") or {}
    if str(encryption.get("keySource", "Microsoft.Storage")).casefold() != "microsoft.keyvault":
        return Encryption("provider-managed", "AES256")
    key = encryption["keyvaultproperties"]
    return Encryption("customer-managed", "AES256", f"{key['keyvaulturi'].rstrip('/')}/keys/{key['keyname']}")


def _default_retention(item: Answer) -> bool:
    """Whether an immutability policy of the account holds for every new blob.

    https://learn.microsoft.com/azure/storage/blobs/immutable-policy-configure-version-scope
    """
    immutable = item["properties"].get("immutableStorageWithVersioning") or {}
    policy = immutable.get("immutabilityPolicy") or {}
    return bool(immutable.get("enabled")) and policy.get("state") in ("Unlocked", "Locked")


class StorageAccount(Bucket, type_id="azure.storage.account"):
    """A storage account: the settings that hold for all its containers."""

    listed = in_group(ACCOUNTS)
    last_change = changed()
    tags = tagged()
    account_kind = Fact[str]("What it is made for, such as `StorageV2`; `FileStorage` has no blobs.").listed("{kind}")
    created = Fact[datetime]("When it was made.").listed(lambda item: item["properties"]["creationTime"])
    anonymous_switch = Fact[bool | None](
        "Whether containers may let anybody in; nothing where it was never set."
    ).listed(lambda item: item["properties"].get("allowBlobPublicAccess"))
    network = Fact[NetworkRules]("Which networks its endpoints answer.").listed(network_rules)
    perimeters = Fact[tuple[Association, ...]]("Network security perimeters that it is associated with.").read(
        PERIMETERS, associations
    )
    nfs = Fact[bool]("It can be mounted by NFS 3.0, which knows no users.").listed(
        lambda item: bool(item["properties"].get("isNfsV3Enabled"))  # off unless it was made with it
    )
    default_retention = Fact[bool]("A retention policy of the account holds for every new blob.").listed(
        _default_retention
    )
    blob_service = Fact[BlobService | None]("The settings of its blob service; nothing where it has none.").read(
        BLOB_SERVICE, _blob_service, absent=None
    )
    blob_logs = Fact[tuple[DiagnosticSetting, ...] | None](
        "Diagnostic settings of its blob service; nothing where it has none."
    ).read(BLOB_LOGS, diagnostic_settings, absent=None)
    encryption = Bucket.encryption.listed(_encryption)
    tls_only = Bucket.tls_only.listed(lambda item: item["properties"]["supportsHttpsTrafficOnly"])
    # Never set means TLS 1.0: https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version
    old_tls_refused = Bucket.old_tls_refused.listed(
        lambda item: item["properties"].get("minimumTlsVersion") in ("TLS1_2", "TLS1_3")
    )
    # Never set means accepted: https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent
    account_keys_accepted = Bucket.account_keys_accepted.listed(
        lambda item: item["properties"].get("allowSharedKeyAccess") is not False
    )

    @derived(reads=[anonymous_switch, created])
    def anonymous_permitted(self) -> bool | None:
        """Whether containers may let anybody in; nothing where the answer leaves that open."""
        switch = self.anonymous_switch
        if switch is None and self.created < ANONYMOUS_BY_DEFAULT_UNTIL:
            return True
        return switch

    @derived(reads=[anonymous_permitted])
    def public_access_prevented(self) -> bool:
        """`allowBlobPublicAccess` is off, so that no container lets anybody in.

        https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
        """
        permitted = self.anonymous_permitted
        if permitted is None:
            untold("allowBlobPublicAccess is not stored: older accounts allow it, newer ones do not")
        return not permitted

    @derived(reads=[network, perimeters])
    def open_endpoint(self) -> bool:
        """Its endpoint answers any network of the internet, whatever is then asked for."""
        return answers_anyone(self.network.access(self.uid, "the storage account", self.perimeters))

    @derived(reads=[blob_service])
    def versioned(self) -> bool:
        """Overwritten and deleted blobs are kept as older versions."""
        service = self.blob_service
        return service.versioned if service is not None else _no_blobs()

    @derived(reads=[blob_service])
    def deletion_undone(self) -> bool:
        """Deleted blobs can be brought back for some days, or from their older versions.

        https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
        https://learn.microsoft.com/azure/storage/blobs/versioning-overview
        """
        service = self.blob_service
        return service.soft_deleted or service.versioned if service is not None else _no_blobs()

    @derived(reads=[account_kind, blob_logs])
    def access_logged(self) -> bool:
        """Reads, writes and deletions of blobs are all written to a log.

        The older Storage Analytics log is a setting of the data plane and is not seen here.
        https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage
        """
        settings = self.blob_logs
        if settings is None or self.account_kind.casefold() == "filestorage":
            return _no_blobs()
        return delivered(settings, BLOB_REQUESTS)


def _no_blobs() -> bool:
    untold("the account is for files alone and has no blob service")


def _account_of(item: Answer) -> str:
    return ids.uid(item).partition("/blobservices/")[0]


class StorageContainer(Bucket, type_id="azure.storage.container"):
    """A blob container, and what it lets anybody read."""

    listed = Listing(uid=ids.uid, name="{name}", call=CONTAINERS, parent=StorageAccount)
    account = Relation[StorageAccount]("The account that holds it.").listed(_account_of)
    # Nothing stored is none: https://learn.microsoft.com/rest/api/storagerp/blob-containers/list
    public_level = Fact[str]("What it lets anybody do, in Azure's words: None, Blob or Container.").listed(
        lambda item: item["properties"].get("publicAccess") or "None"
    )
    own_retention = Fact[bool]("It has an immutability policy of its own.").listed(
        lambda item: item["properties"]["hasImmutabilityPolicy"]
    )

    @derived(
        reads=[
            public_level,
            account / StorageAccount.account_kind,
            account / StorageAccount.anonymous_permitted,
            account / StorageAccount.network,
            account / StorageAccount.perimeters,
            account / StorageAccount.nfs,
        ]
    )
    def access(self) -> Access:
        """Who outside reads its blobs without credentials: as it, its account and the account's network let them."""
        account = self.account
        if account is None:
            untold("the account that holds it is not known")
        model = AccountModel(
            account.account_kind.casefold(),
            account.anonymous_permitted,
            account.network.endpoint(account.uid, known(lambda: account.perimeters)),
            (Container(self.name, _LEVELS.get(self.public_level.casefold())),),
            website=WEBSITE_UNREAD if self.name == WEBSITE else False,
            nfs=account.nfs,
        )
        return storage_access(model)

    @derived(reads=[own_retention, account / StorageAccount.default_retention])
    def retention_locked(self) -> bool:
        """An immutability policy of its own or of its account keeps new blobs from being deleted for a time.

        https://learn.microsoft.com/azure/storage/blobs/immutable-storage-overview
        """
        account = self.account
        return self.own_retention or (account is not None and account.default_retention)

    @derived(reads=[account / StorageAccount.blob_service], inherited=True)
    def versioned(self) -> bool:
        """Its account keeps older versions of blobs."""
        account = self.account
        service = account.blob_service if account is not None else None
        return service.versioned if service is not None else _no_blobs()

    @derived(reads=[account / StorageAccount.blob_logs], inherited=True)
    def access_logged(self) -> bool:
        """Reads, writes and deletions of its account's blobs are all written to a log."""
        account = self.account
        settings = account.blob_logs if account is not None else None
        return delivered(settings, BLOB_REQUESTS) if settings is not None else _no_blobs()
