"""The services that the judge knows, each with its questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from providers.azure.policy import judging
from providers.azure.policy.given import servers, sites, stores
from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.roles import role_assignment
from providers.azure.policy.given.vaults import vault
from providers.azure.policy.model.endpoint import Endpoint
from providers.azure.policy.role_access import role_access
from scanner.access import Access

ANONYMOUS: Final = "anonymous-data"
NETWORK: Final = "network"
RBAC: Final = "rbac"
NOBODY: Final = {
    ANONYMOUS: "nobody without credentials in the tenant",
    NETWORK: "private network only",
    RBAC: "nobody outside the tenant",
}


class Asked(msgspec.Struct, frozen=True):
    """One question about one service."""

    dimension: str
    answer: Callable[[Fields], Access]


def _connection(read: Callable[[Fields], Endpoint], resource: str) -> Asked:
    return Asked(NETWORK, lambda given: judging.connection_access(read(given), resource))


def _roles(given: Fields) -> Access:
    return role_access(*role_assignment(given))


def _sealed(read: Callable[[Fields], Endpoint]) -> Asked:
    """Data that nobody gets without a signature or a token, wherever they are; the document is still read."""

    def answer(given: Fields) -> Access:
        read(given)
        return Access.none()

    return Asked(ANONYMOUS, answer)


SERVICES: Final[dict[str, tuple[Asked, ...]]] = {
    "storage": (
        Asked(ANONYMOUS, lambda given: judging.storage_access(stores.storage_account(given))),
        _connection(lambda given: stores.storage_account(given).endpoint, "the storage account"),
    ),
    "container-registry": (
        Asked(ANONYMOUS, lambda given: judging.pull_access(stores.registry(given))),
        Asked(NETWORK, lambda given: judging.registry_connection_access(stores.registry(given))),
    ),
    "function-app": (
        Asked(ANONYMOUS, lambda given: judging.site_access(sites.function_app(given))),
        Asked(NETWORK, lambda given: judging.site_connection_access(sites.function_app(given))),
    ),
    "web-app": (
        Asked(ANONYMOUS, lambda given: judging.site_access(sites.web_app(given))),
        Asked(NETWORK, lambda given: judging.site_connection_access(sites.web_app(given))),
    ),
    "sql-server": (_connection(servers.sql_server, "the server"),),
    "postgresql-flexible-server": (_connection(servers.flexible_server, "the server"),),
    "mysql-flexible-server": (_connection(servers.flexible_server, "the server"),),
    "cosmos-db": (_connection(servers.cosmos_account, "the account"),),
    "key-vault": (
        _connection(servers.key_vault, "the vault"),
        Asked(RBAC, lambda given: judging.policy_access(vault(given))),
    ),
    "aks": (_connection(servers.managed_cluster, "the API server"),),
    "disk": (_connection(servers.disk, "the disk"), _sealed(servers.disk)),
    "snapshot": (_connection(servers.disk, "the snapshot"), _sealed(servers.disk)),
    "role-assignment": (Asked(RBAC, _roles),),
}
"""The first question of a service is the one that is meant where none is named."""
