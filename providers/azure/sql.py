"""Azure SQL: logical servers with their firewall, auditing, sign-in and key, and databases with their encryption."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec.structs import replace

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.changes import changed
from providers.azure.diagnostics import DiagnosticSetting, delivered, diagnostic_settings
from providers.azure.endpoint import answers_anyone, associations
from providers.azure.gaps import known
from providers.azure.groups import in_group
from providers.azure.locks import ManagementLock, keep
from providers.azure.policy import connection_access
from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.network import GONE, subnet, switch
from providers.azure.policy.given.perimeters import Association, perimeter
from providers.azure.policy.model.addresses import parse_bounds
from providers.azure.policy.model.endpoint import Endpoint, Firewall, Switch
from providers.azure.policy.model.scopes import subscription_of
from providers.azure.tags import tagged
from scanner.access import Access, Layer
from scanner.facts import Answer, Fact, Unread, UnreadFact, derived, every
from scanner.kinds import Database, DatabaseServer, Encryption
from scanner.model import Listing

SERVERS = arm("Microsoft.Sql/servers")
FIREWALL = arm("Microsoft.Sql/servers/firewallRules")
FIREWALL_V6 = arm("Microsoft.Sql/servers/ipv6FirewallRules")
NETWORK_RULES = arm("Microsoft.Sql/servers/virtualNetworkRules")
# "Not found" may mean that the service does not know the question here, so that it tells nothing of the server.
PERIMETERS = arm("Microsoft.Sql/servers/networkSecurityPerimeterConfigurations", gone=())
AUDITING = arm("Microsoft.Sql/servers/auditingSettings")
# Here "not found" would be about the database `master`, and does not tell that the server has gone.
AUDIT_DELIVERY = arm("Microsoft.Insights/diagnosticSettings", below="/databases/master", gone=())
PROTECTOR = arm("Microsoft.Sql/servers/encryptionProtector")
ADMINISTRATORS = arm("Microsoft.Sql/servers/administrators")
DATABASES = arm("Microsoft.Sql/servers/databases")
TDE = arm("Microsoft.Sql/servers/databases/transparentDataEncryption")

_AZURE: Final = ("0.0.0.0", "0.0.0.0")  # noqa: S104  # no address to listen on: the rule that lets in all of Azure
AUDIT_EVENTS: Final = ("sqlsecurityauditevents",)
NOT_SEEN: Final = "firewall rules that a database keeps itself are not read"
"""https://learn.microsoft.com/azure/azure-sql/database/firewall-configure#database-level-ip-firewall-rules"""


class Addresses(msgspec.Struct, frozen=True):
    """A firewall rule: addresses from first to last."""

    first: str
    last: str


class DirectoryAdministrator(msgspec.Struct, frozen=True):
    """An administrator from the directory."""

    only_directory: bool
    """Logins with passwords are refused."""


class Auditing(msgspec.Struct, frozen=True):
    """The auditing that a server is set to."""

    on: bool
    to_storage: bool
    to_monitor: bool
    """Handed to Azure Monitor, which delivers it where a diagnostic setting says."""


def _addresses(answer: Answer) -> tuple[Addresses, ...]:
    # The members of IPv6 rules are called startIPv6Address and endIPv6Address:
    # https://learn.microsoft.com/rest/api/sql/ipv6-firewall-rules/list-by-server
    rules = (one["properties"] for one in answer["value"])
    return tuple(
        Addresses(one["startIPv6Address"], one["endIPv6Address"])
        if "startIPv6Address" in one
        else Addresses(one["startIpAddress"], one["endIpAddress"])
        for one in rules
    )


def _subnets(answer: Answer) -> tuple[str, ...]:
    rules = (one["properties"] for one in answer["value"])
    return tuple(one["virtualNetworkSubnetId"] for one in rules if str(one.get("state", "")).casefold() != GONE)


def _auditing(answer: Answer) -> Auditing:
    # Both destinations are left out where they were never set:
    # https://learn.microsoft.com/rest/api/sql/server-blob-auditing-policies/get
    properties = answer["properties"]
    return Auditing(
        properties["state"] == "Enabled",
        bool(properties.get("storageEndpoint")),
        bool(properties.get("isAzureMonitorTargetEnabled")),
    )


def _protector(answer: Answer) -> Encryption:
    properties = answer["properties"]
    if properties["serverKeyType"] == "AzureKeyVault":
        return Encryption("customer-managed", "AES256", properties.get("uri"))
    return Encryption("provider-managed", "AES256")


def _administrator(properties: Answer) -> DirectoryAdministrator:
    # Left out by servers that were made before passwords could be refused:
    # https://learn.microsoft.com/rest/api/sql/server-azure-ad-administrators/list-by-server
    return DirectoryAdministrator(properties.get("azureADOnlyAuthentication") is True)


def _stated_administrator(item: Answer) -> DirectoryAdministrator | None:
    # Whether the listing tells it without being asked to is not documented, so that its absence says nothing:
    # https://learn.microsoft.com/rest/api/sql/servers/list
    stated = item["properties"].get("administrators")
    return None if stated is None else _administrator(stated)


def _is_system(item: Answer) -> bool:
    """Whether it is the database `master`, which the server itself keeps."""
    return "system" in str(item.get("kind", "")).split(",") or ids.run_by_another(item)


class SqlServer(DatabaseServer, type_id="azure.sql.server"):
    """A logical server of Azure SQL Database."""

    listed = in_group(SERVERS)
    last_change = changed()
    tags = tagged()
    switch = Fact[Switch]("Whether its public endpoint is on.").listed(lambda item: switch(Fields(item)))
    firewall = Fact[tuple[Addresses, ...]]("Addresses that its firewall lets in.").read(FIREWALL, _addresses)
    firewall_v6 = Fact[tuple[Addresses, ...]]("Addresses of IPv6 that its firewall lets in.").read(
        FIREWALL_V6, _addresses
    )
    subnets = Fact[tuple[str, ...]]("Ids of the subnets that it lets in.").read(NETWORK_RULES, _subnets)
    perimeters = Fact[tuple[Association, ...]]("Network security perimeters that it is associated with.").read(
        PERIMETERS, associations
    )
    # None, or nothing stored, is no minimum: https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings
    old_tls_refused = DatabaseServer.old_tls_refused.listed(
        lambda item: item["properties"].get("minimalTlsVersion") in ("1.2", "1.3")
    )
    auditing = Fact[Auditing]("The auditing that it is set to.").read(AUDITING, _auditing)
    audit_delivery = Fact[tuple[DiagnosticSetting, ...]]("Where Azure Monitor delivers its audit.").read(
        AUDIT_DELIVERY, diagnostic_settings
    )
    encryption = DatabaseServer.encryption.read(PROTECTOR, _protector)
    stated_administrator = Fact[DirectoryAdministrator | None](
        "Its administrator from the directory, where the listing tells it."
    ).listed(_stated_administrator)
    administrators = Fact[tuple[DirectoryAdministrator, ...]]("Its administrators from the directory.").read(
        ADMINISTRATORS, lambda a: tuple(_administrator(one["properties"]) for one in a["value"])
    )

    @derived(reads=[switch, firewall, firewall_v6, subnets, perimeters])
    def access(self) -> Access:
        """Who outside the private network can open a connection: nobody but whom a rule lets in.

        https://learn.microsoft.com/azure/azure-sql/database/firewall-configure
        """
        return replace(_connections(self), remarks=(NOT_SEEN,))

    @derived(reads=[switch, perimeters])
    def public_endpoint(self) -> bool:
        """Its address on the internet answers, whomever it lets in.

        https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition
        """
        found = perimeter(self.perimeters)
        if isinstance(found, Unread):
            raise UnreadFact(found)
        if found is None or (not found.enforced and self.switch == "enabled"):
            return self.switch == "enabled"
        return bool(found.addresses or found.subscriptions or found.others)

    @derived(reads=[auditing, audit_delivery])
    def audited(self) -> bool:
        """Auditing is on, and what it records is written somewhere.

        https://learn.microsoft.com/azure/azure-sql/database/auditing-setup
        """
        auditing = self.auditing
        if not auditing.on:
            return False
        return auditing.to_storage or (auditing.to_monitor and delivered(self.audit_delivery, AUDIT_EVENTS))

    @derived(reads=[stated_administrator, administrators])
    def directory_login(self) -> bool:
        """An administrator from the directory is set, without whom nobody from there can log in.

        https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-configure
        """
        return self.stated_administrator is not None or bool(self.administrators)

    @derived(reads=[stated_administrator, administrators])
    def password_login(self) -> bool:
        """Logins that the server keeps itself, with passwords, are accepted.

        https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication
        """
        stated = self.stated_administrator
        found = self.administrators if stated is None else (stated,)
        return not any(one.only_directory for one in found)

    @derived(reads=[every(ManagementLock, ManagementLock.covers, ManagementLock.refuses_deletion)])
    def deletion_protected(self) -> bool:
        """A lock on it, its resource group or its subscription refuses its deletion."""
        return keep(self.uid, self.every(ManagementLock))


def _connections(server: SqlServer) -> Access:
    """Who may connect: what was read lets in for certain, and lists of rules that were not read perhaps."""
    lists = (known(lambda: server.firewall), known(lambda: server.firewall_v6))
    rules = [rule for one in lists if not isinstance(one, Unread) for rule in one]
    certain = connection_access(_endpoint(server, rules, None), "the server")
    unread = next((one for one in lists if isinstance(one, Unread)), None)
    if unread is None:
        return certain
    if known(lambda: answers_anyone(certain)) is True:
        return replace(certain, layers=(*certain.layers, Layer("firewall rules that were not read", unread=unread)))
    return connection_access(_endpoint(server, rules, unread), "the server")


def _endpoint(server: SqlServer, rules: Iterable[Addresses], unread: Unread | None) -> Endpoint:
    bounds = [(rule.first.strip(), rule.last.strip()) for rule in rules]
    subscription = subscription_of(server.uid)
    subnets = known(lambda: server.subnets)
    return Endpoint(
        server.switch,
        Firewall(
            default_allow=False,
            addresses=unread or tuple(parse_bounds(first, last) for first, last in bounds if (first, last) != _AZURE),
            subnets=subnets if isinstance(subnets, Unread) else tuple(subnet(one, subscription) for one in subnets),
            azure=_AZURE in bounds or unread or False,
        ),
        perimeter(server.perimeters),
        subscription,
    )


class SqlDatabase(Database, type_id="azure.sql.database"):
    """A database of a logical server."""

    listed = Listing(
        uid=ids.uid, name="{name}", call=DATABASES, parent=SqlServer, region=ids.region, provider_owned=_is_system
    )
    last_change = changed()
    tags = tagged()
    # https://learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-tde-overview
    encrypted = Database.encrypted.read(TDE, lambda a: a["properties"]["state"] == "Enabled")
