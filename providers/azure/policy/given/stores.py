"""Storage accounts and registries out of JSON."""

from __future__ import annotations

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.network import endpoint, rule_set
from providers.azure.policy.model.scopes import subscription_of
from providers.azure.policy.model.stores import Container, PublicAccess, Registry, StorageAccount

_LEVELS: dict[str, PublicAccess] = {"": "none", "none": "none", "blob": "blob", "container": "container"}


def storage_account(given: Fields) -> StorageAccount:
    """`account`, `containers`, `staticWebsite` and the owner's `tenantId`."""
    account = given.needed("account")
    subscription = subscription_of(account.text("id"))
    rules = rule_set(account.inner("networkAcls"), subscription, given.text("tenantId"))
    website = given.inner("staticWebsite")
    return StorageAccount(
        kind=account.text("kind").casefold(),
        allow_blob_public_access=account.flag("allowBlobPublicAccess"),
        endpoint=endpoint(account, rules),
        containers=tuple(_container(one) for one in given.objects("containers") if not one.flag("deleted")),
        website=website is not None and website.flag("enabled") is True,
        nfs=account.flag("isNfsV3Enabled") is True,
    )


def _container(given: Fields) -> Container:
    return Container(given.text("name"), _LEVELS.get(given.text("publicAccess").casefold()))


def registry(given: Fields) -> Registry:
    """A container registry with `sku` as text or as `{name}`."""
    subscription = subscription_of(given.text("id"))
    rules = rule_set(given.inner("networkRuleSet"), subscription, given.text("tenantId"))
    return Registry(given.name_of("sku").casefold(), given.flag("anonymousPullEnabled") is True, endpoint(given, rules))
