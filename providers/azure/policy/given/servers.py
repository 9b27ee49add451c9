"""Database servers, vaults, clusters and disks out of JSON: all of them public endpoints with rules."""

from __future__ import annotations

from collections.abc import Iterable

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.network import endpoint, ranges, rule_set, subnets
from providers.azure.policy.model.addresses import AddressRange, Malformed, parse_bounds
from providers.azure.policy.model.endpoint import Endpoint, Firewall
from providers.azure.policy.model.scopes import subscription_of

_AZURE = "0.0.0.0"  # noqa: S104  # not an address to listen on: the rule that lets in all of Azure
_ACCESS = {"": True, "allowall": True, "allowprivate": False, "denyall": False}


def sql_server(given: Fields) -> Endpoint:
    """Azure SQL: nobody but whom a firewall rule or a virtual network rule lets in.

    https://learn.microsoft.com/azure/azure-sql/database/firewall-configure
    """
    return endpoint(given, _database_rules(given))


def flexible_server(given: Fields) -> Endpoint:
    """PostgreSQL and MySQL flexible servers; one that lives in a subnet has no public endpoint.

    https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-public
    """
    network = given.inner("network")
    beside = given if network is None else network
    rules = _database_rules(given)
    found = endpoint(beside, rules)
    delegated = beside.text("delegatedSubnetResourceId")
    return Endpoint("disabled", rules) if delegated else found


def _database_rules(given: Fields) -> Firewall:
    rules = [(one.text("startIpAddress"), one.text("endIpAddress")) for one in given.objects("firewallRules")]
    azure = any(start.strip() == end.strip() == _AZURE for start, end in rules)
    return Firewall(
        default_allow=False,
        addresses=tuple(
            _bounds((start, end) for start, end in rules if (start.strip(), end.strip()) != (_AZURE, _AZURE))
        ),
        subnets=subnets(given, subscription_of(given.text("id"))),
        azure=azure,
    )


def _bounds(rules: Iterable[tuple[str, str]]) -> Iterable[AddressRange | Malformed]:
    return (parse_bounds(start, end) for start, end in rules)


def cosmos_account(given: Fields) -> Endpoint:
    """Azure Cosmos DB: everybody until an IP rule or the virtual network filter is set.

    https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall
    """
    written = [*given.texts("ipRules", "ipAddressOrRange"), *given.text("ipRangeFilter").split(",")]
    rules = [text.strip() for text in written if text.strip()]
    filtered = given.flag("isVirtualNetworkFilterEnabled") is True
    found = Firewall(
        default_allow=not rules and not filtered,
        addresses=ranges(text for text in rules if text != _AZURE),
        subnets=subnets(given, subscription_of(given.text("id"))) if filtered else (),
        azure=_AZURE in rules,
    )
    return endpoint(given, found)


def key_vault(given: Fields) -> Endpoint:
    """A key vault: everybody until the firewall is on.

    https://learn.microsoft.com/azure/key-vault/general/network-security
    """
    return endpoint(
        given, rule_set(given.inner("networkAcls"), subscription_of(given.text("id")), given.text("tenantId"))
    )


def managed_cluster(given: Fields) -> Endpoint:
    """The API server of an AKS cluster: everybody until ranges are set; a private one has no public endpoint.

    https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    """
    profile = given.inner("apiServerAccessProfile")
    texts = profile.texts("authorizedIPRanges") if profile is not None else ()
    found = endpoint(given, Firewall(default_allow=not texts, addresses=ranges(texts)))
    private = profile is not None and profile.flag("enablePrivateCluster") is True
    return Endpoint("disabled", found.firewall) if private else found


def disk(given: Fields) -> Endpoint:
    """Where an exported disk or snapshot can be fetched from, with the shared access signature that it takes.

    https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview
    """
    policy = given.text("networkAccessPolicy").casefold()
    if policy not in _ACCESS:
        given.refuse("networkAccessPolicy", "must be AllowAll, AllowPrivate or DenyAll")
    return endpoint(given, Firewall(default_allow=_ACCESS[policy]))
