"""Storage accounts and container registries."""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.azure.policy.model.endpoint import Endpoint
from scanner.facts import Unread

PublicAccess = Literal["none", "blob", "container"]


class Container(msgspec.Struct, frozen=True):
    """A blob container and what it publishes; nothing where the stored word is not known to us."""

    name: str
    public_access: PublicAccess | None


class StorageAccount(msgspec.Struct, frozen=True):
    """A storage account with its containers."""

    kind: str
    """Folded, such as `storagev2`."""
    allow_blob_public_access: bool | Unread | None
    endpoint: Endpoint
    containers: tuple[Container, ...] | Unread
    website: bool | Unread
    """Whether the static website is on."""
    nfs: bool | Unread = False

    @property
    def has_blobs(self) -> bool:
        """Whether accounts of this kind have a blob service.

        https://learn.microsoft.com/azure/storage/common/storage-account-overview
        """
        return self.kind != "filestorage"

    @property
    def can_host_website(self) -> bool:
        """Whether accounts of this kind can have a static website."""
        return self.kind not in ("filestorage", "storage", "blobstorage")


class Registry(msgspec.Struct, frozen=True):
    """A container registry."""

    sku: str
    """Folded; empty where it is not known."""
    anonymous_pull: bool | Unread
    endpoint: Endpoint
