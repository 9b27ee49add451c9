"""Answers the judge's questions: a document in, an access out, each claim borne out by the concrete evaluators."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from providers.azure.policy.concrete.connect import admits
from providers.azure.policy.concrete.sites import UNSIGNED, serves, site_admits
from providers.azure.policy.concrete.stores import pulls, reads_blob, reads_website
from providers.azure.policy.concrete.vaults import permits
from providers.azure.policy.model.endpoint import Endpoint
from providers.azure.policy.model.requests import source_of
from providers.azure.policy.model.sites import Site
from providers.azure.policy.model.stores import Registry, StorageAccount
from providers.azure.policy.model.vaults import Vault
from providers.azure.policy.questions import sites, stores, vaults
from providers.azure.policy.questions.confirm import confirmed
from providers.azure.policy.questions.exposed import UNSIGNED as UNSIGNED_WORDS
from scanner.access import Access, Allowed, Witness
from scanner.ternary import Ternary, all_of


def storage_access(account: StorageAccount) -> Access:
    """Who reads blobs or the static website without credentials."""

    def check(witness: Witness, one: Allowed) -> Ternary:
        source = source_of(witness.context)
        if source is None:
            return None
        if witness.action == stores.READ_WEBSITE:
            return reads_website(account, source)
        return reads_blob(account, witness.resource, source, lists=one.may == "list")

    return confirmed(stores.anonymous_storage_access(account), check)


def pull_access(registry: Registry) -> Access:
    """Who pulls images without credentials."""

    def check(witness: Witness, _: Allowed) -> Ternary:
        source = source_of(witness.context)
        return None if source is None else pulls(registry, source)

    return confirmed(stores.anonymous_pull_access(registry), check)


def connection_access(endpoint: Endpoint, resource: str) -> Access:
    """Who may open a connection to a resource."""
    return confirmed(stores.network_access(endpoint, resource), _connects(endpoint))


def registry_connection_access(registry: Registry) -> Access:
    """Who may open a connection to a registry."""
    return confirmed(stores.registry_network_access(registry), _connects(registry.endpoint))


def site_access(site: Site) -> Access:
    """Who gets an answer of a site without a key, unsigned or signed in."""

    def check(witness: Witness, _: Allowed) -> Ternary:
        source = source_of(witness.context)
        if source is None:
            return None
        identity = UNSIGNED if witness.principal == UNSIGNED_WORDS else witness.principal
        return all_of((site_admits(site, source), serves(site, witness.resource, identity)))

    found = confirmed(sites.site_access(site), check)
    return replace(found, remarks=(site.assumed,)) if site.assumed else found


def site_connection_access(site: Site) -> Access:
    """Who may open a connection to a site."""

    def check(witness: Witness, _: Allowed) -> Ternary:
        source = source_of(witness.context)
        return None if source is None else site_admits(site, source)

    return confirmed(sites.site_network_access(site), check)


def policy_access(vault: Vault) -> Access:
    """Who outside the tenant holds permissions by a vault's access policies."""

    def check(witness: Witness, _: Allowed) -> Ternary:
        return permits(vault, witness.context["principalId"], witness.action)

    return confirmed(vaults.vault_access(vault), check)


def _connects(endpoint: Endpoint) -> Callable[[Witness, Allowed], Ternary]:
    def check(witness: Witness, _: Allowed) -> Ternary:
        source = source_of(witness.context)
        return None if source is None else admits(endpoint, source)

    return check
