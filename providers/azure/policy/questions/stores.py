"""Who outside reads storage accounts and registries without credentials, and who may connect."""

from __future__ import annotations

from typing import Final

from providers.azure.policy.model.endpoint import Endpoint
from providers.azure.policy.model.stores import Container, Registry, StorageAccount
from providers.azure.policy.questions.endpoint import endpoint_reach
from providers.azure.policy.questions.exposed import Content, Stop, exposed
from providers.azure.policy.questions.reach import Doubt, Reach, joined
from scanner.access import Access, Verb
from scanner.facts import Unread

WEBSITE: Final = "the static website"
CONNECT: Final = "connect"
READ_BLOB, LIST_BLOBS, READ_WEBSITE, PULL = "read a blob", "list blobs", "read a file of the website", "pull an image"


def anonymous_storage_access(account: StorageAccount) -> Access:
    """Who reads blobs or the static website without credentials."""
    if not account.has_blobs:
        return Access.none()
    blobs = _containers(account)
    stops: list[Stop] = []
    switch = account.allow_blob_public_access
    names = tuple(one.name for one in blobs)
    if switch is None:
        gap = Unread("not-yet-known", detail="allowBlobPublicAccess is not stored: old accounts allow, new ones do not")
        stops.append(Stop("allowBlobPublicAccess", names, gap))
    elif isinstance(switch, Unread):
        stops.append(Stop("allowBlobPublicAccess", names, switch))
    elif not switch:
        stops.append(Stop("allowBlobPublicAccess off", names))
    return exposed((*blobs, *_website(account), *_nfs(account)), endpoint_reach(account.endpoint), stops)


def network_access(endpoint: Endpoint, resource: str) -> Access:
    """Who may open a connection to the resource; signing in still lies ahead."""
    content = Content("the public endpoint", ("connect",), CONNECT, resource)
    return exposed((content,), endpoint_reach(endpoint, identified=True))


def anonymous_pull_access(registry: Registry) -> Access:
    """Who pulls images without credentials."""
    switch = registry.anonymous_pull
    if switch is False:
        return Access.none()
    name = "anonymous pull"
    unread = switch if isinstance(switch, Unread) else None
    content = Content(name, ("read",), PULL, "any repository", unread=unread)
    basic = (Stop("the Basic tier, which has no anonymous pull", (name,)),) if registry.sku == "basic" else ()
    return exposed((content,), registry_reach(registry), basic)


def registry_network_access(registry: Registry) -> Access:
    """Who may open a connection to the registry."""
    content = Content("the public endpoint", ("connect",), CONNECT, "the registry")
    return exposed((content,), registry_reach(registry))


def registry_reach(registry: Registry) -> Reach:
    """Who may connect. Network rules are a feature of the Premium tier: what others store may have no effect.

    https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
    """
    reach = endpoint_reach(registry.endpoint)
    if registry.sku in ("basic", "standard") and reach.open_to is None:
        why = f"network rules need the Premium tier, and this one is {registry.sku}"
        return joined((reach, Reach((), (Doubt("anyone", why),))))
    return reach


def _containers(account: StorageAccount) -> tuple[Content, ...]:
    if isinstance(account.containers, Unread):
        unread = account.containers
        return (Content("the containers", ("read", "list"), READ_BLOB, "any container", unread=unread),)
    return tuple(_container(one) for one in account.containers if one.public_access != "none")


def _container(container: Container) -> Content:
    lists = container.public_access == "container"
    verbs: tuple[Verb, ...] = ("read", "list") if lists else ("read",)
    doubt = "" if container.public_access else "its stored access level is none that we know"
    return Content(f"container {container.name}", verbs, READ_BLOB, container.name, doubt=doubt)


def _website(account: StorageAccount) -> tuple[Content, ...]:
    """`$web` is served to everybody who may connect, whatever the accounts' other settings are."""
    if account.website is False:
        return ()
    unread = account.website if isinstance(account.website, Unread) else None
    doubt = "" if account.can_host_website else f"an account of kind {account.kind} cannot have a static website"
    return (Content(WEBSITE, ("read",), READ_WEBSITE, "$web", doubt=doubt, unread=unread),)


def _nfs(account: StorageAccount) -> tuple[Content, ...]:
    """NFS 3.0 knows no users: whoever may mount reads. Its accounts admit virtual networks only.

    https://learn.microsoft.com/azure/storage/blobs/network-file-system-protocol-support
    """
    if account.nfs is False:
        return ()
    unread = account.nfs if isinstance(account.nfs, Unread) else None
    doubt = "who may mount it by NFS 3.0 is not modelled"
    return (Content("NFS 3.0", ("read",), "mount", "any container", who="named", doubt=doubt, unread=unread),)
