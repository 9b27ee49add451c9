"""Requests that the SDK's own clients build: subscriptions, tenants, resource groups, storage and its containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from azure.core.rest import HttpResponse
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.storage import StorageManagementClient

from providers.azure.client.sign_in import SignIn
from providers.azure.client.wire import Wire, capture

_ACCOUNT: Final = (
    *("subscriptions", "*", "resourcegroups", "*"),
    *("providers", "microsoft.storage", "storageaccounts", "*", "blobservices"),
)

_Names = tuple[str, ...]
_Operation = Callable[[Any, _Names], Callable[..., Any]]

# By path in lower case, `*` for a name: the client's class, and which of its operations reads it.
_OPERATIONS: Final[Mapping[_Names, tuple[type[Any], _Operation]]] = MappingProxyType(
    {
        ("subscriptions",): (SubscriptionClient, lambda client, _: client.subscriptions.list),
        ("tenants",): (SubscriptionClient, lambda client, _: client.tenants.list),
        ("subscriptions", "*", "resourcegroups"): (
            ResourceManagementClient,
            lambda client, _: client.resource_groups.list,
        ),
        ("subscriptions", "*", "providers", "microsoft.storage", "storageaccounts"): (
            StorageManagementClient,
            lambda client, _: client.storage_accounts.list,
        ),
        _ACCOUNT: (StorageManagementClient, lambda client, names: partial(client.blob_services.list, *names[1:])),
        (*_ACCOUNT, "default"): (
            StorageManagementClient,
            lambda client, names: partial(client.blob_services.get_service_properties, *names[1:]),
        ),
        (*_ACCOUNT, "default", "containers"): (
            StorageManagementClient,
            lambda client, names: partial(client.blob_containers.list, *names[1:]),
        ),
    }
)


class SdkRoad:
    """The clients of the SDK, over the same pipeline as everything else. Thread-safe."""

    def __init__(self, wire: Wire, sign_in: SignIn) -> None:
        self._wire = wire
        self._sign_in = sign_in

    def send(self, path: str, api_version: str, link: str | None) -> HttpResponse | None:
        """The response for a path, or for the page at `link`; None for a path that no client knows."""
        parts = path.strip("/").split("/")
        found = _find(parts)
        if found is None:
            return None
        kind, operation, names = found
        # Made for each request: that takes a tenth of a millisecond, and 1,000 subscriptions would keep 1,000 of them.
        client = kind(
            credential=self._sign_in,
            base_url=self._wire.endpoint,
            api_version=api_version,
            policies=[],
            pipeline=self._wire.pipeline,
            **({"subscription_id": names[0]} if names else {}),
        )
        method = operation(client, names)
        return self._wire.captured(lambda: _first(method(raw_response_hook=capture), link))


def _find(parts: list[str]) -> tuple[type[Any], _Operation, _Names] | None:
    lower = [part.lower() for part in parts]
    for pattern, (kind, operation) in _OPERATIONS.items():
        if len(pattern) == len(lower) and all(fixed in ("*", part) for fixed, part in zip(pattern, lower, strict=True)):
            names = tuple(part for fixed, part in zip(pattern, parts, strict=True) if fixed == "*")
            return kind, operation, names
    return None


def _first(answer: Any, link: str | None) -> None:
    """Ask for one page: an operation that reads one object has asked already."""
    next(answer.by_page(continuation_token=link))
