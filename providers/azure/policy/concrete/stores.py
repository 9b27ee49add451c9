"""Whether a storage account or a registry answers one request that carries no credentials.

https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-overview
https://learn.microsoft.com/azure/storage/blobs/storage-blob-static-website
https://learn.microsoft.com/azure/container-registry/anonymous-pull-access
"""

from __future__ import annotations

from typing import Literal

from providers.azure.policy.concrete.connect import admits
from providers.azure.policy.model.requests import Source
from providers.azure.policy.model.stores import Container, Registry, StorageAccount
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of

Door = Literal["blob", "web"]


def reads_blob(account: StorageAccount, container: str, source: Source, *, lists: bool = False) -> Ternary:
    """Whether an anonymous request to the blob endpoint reads a blob in the container, or lists its blobs."""
    if not account.has_blobs:
        return False
    switch = account.allow_blob_public_access
    permitted: Ternary = None if isinstance(switch, Unread) else switch
    if isinstance(account.containers, Unread):
        published: Ternary = None
    else:
        published = any_of(_publishes(one, lists=lists) for one in account.containers if one.name == container)
    return all_of((permitted, published, admits(account.endpoint, source)))


def reads_website(account: StorageAccount, source: Source) -> Ternary:
    """Whether an anonymous request to the web endpoint reads a file of the static website."""
    website: Ternary = None if isinstance(account.website, Unread) else account.website
    hosted: Ternary = True if account.can_host_website else None
    return all_of((account.has_blobs, website, hosted, admits(account.endpoint, source)))


def pulls(registry: Registry, source: Source) -> Ternary:
    """Whether an anonymous request pulls an image."""
    switch: Ternary = None if isinstance(registry.anonymous_pull, Unread) else registry.anonymous_pull
    return all_of((switch, registry.sku != "basic", admits(registry.endpoint, source)))


def _publishes(container: Container, *, lists: bool) -> Ternary:
    if container.public_access is None:
        return None
    return container.public_access == "container" or (container.public_access == "blob" and not lists)
