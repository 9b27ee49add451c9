"""Database servers, vaults, clusters and disks, with the verdicts that the documentation gives."""

from __future__ import annotations

from tests.providers.azure.policy.documents import FOREIGN, NARROW, OWN, SUBNET, Case, acls, server

_SQL = "https://learn.microsoft.com/azure/azure-sql/database/firewall-configure"
_PG = "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-public"
_COSMOS = "https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall"
_KV = "https://learn.microsoft.com/azure/key-vault/general/network-security"
_KVP = "https://learn.microsoft.com/azure/key-vault/general/assign-access-policy"
_AKS = "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges"
_DISK = "https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview"
_ALL = ("0.0.0.0", "255.255.255.255")
_AZURE = ("0.0.0.0", "0.0.0.0")
_OBJECT = "aaaaaaaa-0000-0000-0000-000000000001"
_POLICY = [{"tenantId": OWN, "objectId": _OBJECT, "permissions": {"secrets": ["Get", "List"]}}]
_GUEST = [{"id": _OBJECT, "type": "User", "userType": "Guest", "homeTenantId": FOREIGN}]
_MEMBER = [{"id": _OBJECT, "type": "User", "userType": "Member"}]


def _n(service: str, name: str, given: dict[str, object], verdict: str, why: str, source: str = _SQL) -> Case:
    return Case(f"{service}-{name}", service, "network", given, verdict, why, source)


def _kv(name: str, given: dict[str, object], verdict: str, why: str) -> Case:
    vault = {"tenantId": OWN, "enableRbacAuthorization": False, "accessPolicies": _POLICY, "principals": _GUEST}
    return Case(f"key-vault-policies-{name}", "key-vault", "rbac", vault | given, verdict, why, _KVP)


CASES = (
    _n("sql-server", "none", server(), "private", "Blocked until a rule lets somebody in."),
    _n("sql-server", "all", server(_ALL), "public", "The whole internet."),
    _n("sql-server", "all-off", server(_ALL, publicNetworkAccess="Disabled"), "private", "Rules do not count then."),
    _n("sql-server", "absent-switch", server(_ALL, publicNetworkAccess=None), "public", "On by default."),
    _n("sql-server", "azure-off", server(_AZURE, publicNetworkAccess="Disabled"), "private", "Neither does this one."),
    _n(
        "sql-server",
        "two-halves",
        server(("0.0.0.1", "127.255.255.255"), ("128.0.0.0", "255.255.255.254")),
        "public",
        "Together everybody.",
    ),
    _n(
        "sql-server",
        "sixteen",
        server(*((f"{i}.0.0.0", f"{i}.255.255.255") for i in range(100, 116))),
        "public",
        "Neighbours add up to a /4.",
    ),
    _n(
        "sql-server",
        "scattered",
        server(*((f"{i}.0.0.0", f"{i}.255.255.255") for i in range(100, 200, 2))),
        "public",
        "Fifty networks of a /8 are no narrow set.",
    ),
    _n("sql-server", "eight", server(("20.0.0.0", "20.255.255.255")), "cross-account", "Exactly a /8."),
    _n("sql-server", "eight-and-one", server(("20.0.0.0", "21.0.0.0")), "public", "One address more."),
    _n("sql-server", "one", server(("203.0.113.7", "203.0.113.7")), "cross-account", "One address."),
    _n("sql-server", "azure-and-one", server(_AZURE, ("203.0.113.7", "203.0.113.7")), "cross-account", "Both limited."),
    _n("sql-server", "azure-and-all", server(_AZURE, _ALL), "public", "The wider one counts."),
    _n("sql-server", "private", server(("10.0.0.0", "10.0.0.255")), "private", "Never seen on the public endpoint."),
    _n("sql-server", "backwards", server(("203.0.113.9", "203.0.113.1")), "unknown", "No range."),
    _n(
        "sql-server",
        "arm",
        {
            "properties": {"publicNetworkAccess": "Enabled"},
            "firewallRules": [{"name": "r", "properties": {"startIpAddress": "1.0.0.0", "endIpAddress": "255.0.0.0"}}],
        },
        "public",
        "ARM nests.",
    ),
    _n(
        "sql-server",
        "subnet",
        server(virtualNetworkRules=[{"virtualNetworkSubnetId": SUBNET}]),
        "cross-account",
        "A subnet of unstated ownership.",
    ),
    _n("sql-server", "perimeter", server(_ALL, publicNetworkAccess="SecuredByPerimeter"), "private", "Locked down."),
    _n(
        "postgresql-flexible-server",
        "all",
        server(_ALL) | {"publicNetworkAccess": None, "network": {"publicNetworkAccess": "Enabled"}},
        "public",
        "The whole internet.",
        _PG,
    ),
    _n(
        "postgresql-flexible-server",
        "subnet",
        server(_ALL) | {"network": {"delegatedSubnetResourceId": SUBNET}},
        "private",
        "It lives in a subnet and has no public endpoint.",
        _PG,
    ),
    _n(
        "mysql-flexible-server",
        "off",
        server(_ALL) | {"network": {"publicNetworkAccess": "Disabled"}},
        "private",
        "The public endpoint is off.",
        _PG,
    ),
    _n("mysql-flexible-server", "azure", server(_AZURE), "cross-account", "All of Azure.", _PG),
    _n("cosmos-db", "none", {}, "public", "Open until a rule is set.", _COSMOS),
    _n("cosmos-db", "azure", {"ipRules": [{"ipAddressOrRange": "0.0.0.0"}]}, "cross-account", "All of Azure.", _COSMOS),
    _n("cosmos-db", "range", {"ipRules": [{"ipAddressOrRange": NARROW}]}, "cross-account", "One range.", _COSMOS),
    _n("cosmos-db", "old-filter", {"ipRangeFilter": "203.0.113.7,0.0.0.0/0"}, "public", "The older form.", _COSMOS),
    _n(
        "cosmos-db",
        "subnets-only",
        {"isVirtualNetworkFilterEnabled": True, "virtualNetworkRules": []},
        "private",
        "The filter without a rule lets nobody in.",
        _COSMOS,
    ),
    _n(
        "cosmos-db",
        "subnets-idle",
        {"isVirtualNetworkFilterEnabled": False, "ipRules": [], "virtualNetworkRules": [{"id": SUBNET}]},
        "public",
        "Rules without the filter do nothing.",
        _COSMOS,
    ),
    _n("cosmos-db", "off", {"publicNetworkAccess": "Disabled"}, "private", "No public endpoint.", _COSMOS),
    _n("key-vault", "none", {}, "public", "The firewall is off by default.", _KV),
    _n("key-vault", "deny", {"networkAcls": acls()}, "private", "Only trusted services, with own identities.", _KV),
    _n("key-vault", "range", {"networkAcls": acls(NARROW)}, "cross-account", "One range.", _KV),
    _n("aks", "open", {"apiServerAccessProfile": {}}, "public", "Reached from everywhere by default.", _AKS),
    _n(
        "aks",
        "range",
        {"apiServerAccessProfile": {"authorizedIPRanges": [NARROW]}},
        "cross-account",
        "One range.",
        _AKS,
    ),
    _n("aks", "all", {"apiServerAccessProfile": {"authorizedIPRanges": ["0.0.0.0/0"]}}, "public", "All.", _AKS),
    _n(
        "aks",
        "outbound",
        {"apiServerAccessProfile": {"authorizedIPRanges": ["0.0.0.0/32"]}},
        "private",
        "Only the cluster's own outbound address.",
        _AKS,
    ),
    _n("aks", "private", {"apiServerAccessProfile": {"enablePrivateCluster": True}}, "private", "No public one.", _AKS),
    _n("disk", "default", {}, "public", "AllowAll is the default.", _DISK),
    _n("disk", "deny", {"networkAccessPolicy": "DenyAll"}, "private", "No export.", _DISK),
    _n(
        "snapshot", "private-link", {"networkAccessPolicy": "AllowPrivate"}, "private", "Private endpoints only.", _DISK
    ),
    _n(
        "snapshot",
        "off",
        {"networkAccessPolicy": "AllowAll", "publicNetworkAccess": "Disabled"},
        "private",
        "Off.",
        _DISK,
    ),
    Case("disk-data", "disk", "anonymous-data", {}, "private", "An export takes a signature.", _DISK),
    _kv("guest", {}, "cross-account", "A guest reads secrets."),
    _kv("member", {"principals": _MEMBER}, "private", "A member does."),
    _kv("roles", {"enableRbacAuthorization": True}, "private", "Policies do not count while roles do."),
    _kv("null", {"enableRbacAuthorization": None}, "unknown", "Its default changed between versions."),
    _kv("stranger", {"principals": []}, "unknown", "Nobody says who the object is."),
    _kv("nothing", {"accessPolicies": []}, "private", "No policy."),
)
