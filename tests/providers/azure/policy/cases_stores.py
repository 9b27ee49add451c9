"""Storage accounts and registries, with the verdicts that the documentation gives."""

from __future__ import annotations

from typing import Any

from tests.providers.azure.policy.documents import FOREIGN, NARROW, OWN, SUBNET, Case, acls, registry, storage

_ANON = "https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-overview"
_WEB = "https://learn.microsoft.com/azure/storage/blobs/storage-blob-static-website"
_NET = "https://learn.microsoft.com/azure/storage/common/storage-network-security"
_NSP = "https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition"
_KIND = "https://learn.microsoft.com/azure/storage/common/storage-account-overview"
_PULL = "https://learn.microsoft.com/azure/container-registry/anonymous-pull-access"
_IMG = ("img", "Blob")
_PERIMETER = [
    {
        "properties": {
            "resourceAssociation": {"accessMode": "Enforced"},
            "profile": {"accessRules": [{"properties": {"direction": "Inbound", "addressPrefixes": [NARROW]}}]},
        }
    }
]


def _with_mode(mode: str) -> list[dict[str, Any]]:
    [one] = _PERIMETER
    return [{"properties": {**one["properties"], "resourceAssociation": {"accessMode": mode}}}]


def _blob(name: str, given: dict[str, object], verdict: str, why: str, source: str = _ANON) -> Case:
    return Case(f"storage-{name}", "storage", "anonymous-data", given, verdict, why, source)


def _net(name: str, verdict: str, why: str, source: str = _NET, **account: Any) -> Case:
    return Case(f"storage-network-{name}", "storage", "network", storage(_IMG, **account), verdict, why, source)


def _acr(name: str, verdict: str, why: str, dimension: str = "anonymous-data", **facts: Any) -> Case:
    return Case(f"registry-{name}", "container-registry", dimension, registry(**facts), verdict, why, _PULL)


CASES = (
    _blob("container", storage(("c", "Container")), "public", "A container level publishes and lists its blobs."),
    _blob("lower-case", storage(("c", "blob")), "public", "Levels are not case-sensitive."),
    _blob("mixed", storage(("a", "None"), ("b", "Blob")), "public", "One published container is enough."),
    _blob("off", storage(_IMG, allowBlobPublicAccess=False), "private", "The account overrides its containers."),
    _blob("null-level", storage(("a", None)), "private", "No level is the private one."),
    _blob("null-switch", storage(_IMG, allowBlobPublicAccess=None), "unknown", "Its meaning changed between versions."),
    _blob("null-moot", storage(("a", "None"), allowBlobPublicAccess=None), "private", "Nothing is published anyway."),
    _blob(
        "null-cut",
        storage(_IMG, allowBlobPublicAccess=None, publicNetworkAccess="Disabled"),
        "private",
        "Nobody can connect, whatever the switch means.",
        _NET,
    ),
    _blob("unknown-level", storage(("a", "Everything")), "unknown", "A level that is not documented."),
    _blob(
        "unknown-level-off",
        storage(("a", "Everything"), allowBlobPublicAccess=False),
        "private",
        "The account overrides whatever the level is.",
    ),
    _blob("disabled", storage(_IMG, publicNetworkAccess="Disabled"), "private", "No public endpoint.", _NET),
    _blob(
        "absent-network",
        storage(_IMG, publicNetworkAccess=None, networkAcls=None),
        "public",
        "On and open by default.",
        _NET,
    ),
    _blob("deny", storage(_IMG, networkAcls=acls()), "private", "The firewall lets nobody in.", _NET),
    _blob(
        "allow-with-rules",
        storage(_IMG, networkAcls=acls(NARROW, default="Allow")),
        "public",
        "IP rules have an effect only under Deny.",
        _NET,
    ),
    _blob("one-address", storage(_IMG, networkAcls=acls("203.0.113.9")), "cross-account", "One address.", _NET),
    _blob("halves", storage(_IMG, networkAcls=acls("0.0.0.0/1", "128.0.0.0/1")), "public", "Two halves.", _NET),
    _blob("quarter", storage(_IMG, networkAcls=acls("64.0.0.0/2")), "public", "Wider than a /8.", _NET),
    _blob(
        "eight", storage(_IMG, networkAcls=acls("52.0.0.0/8")), "cross-account", "A /8 is not wider than a /8.", _NET
    ),
    _blob("seven", storage(_IMG, networkAcls=acls("52.0.0.0/7")), "public", "A /7 is.", _NET),
    _blob("two-eights", storage(_IMG, networkAcls=acls("52.0.0.0/8", "53.0.0.0/8")), "public", "They make a /7.", _NET),
    _blob(
        "private-range",
        storage(_IMG, networkAcls=acls("10.0.0.0/8")),
        "private",
        "Private addresses never come to the public endpoint; Azure refuses such rules.",
        _NET,
    ),
    _blob("broken-range", storage(_IMG, networkAcls=acls("198.51.100.0/99")), "unknown", "No range.", _NET),
    _blob("broken-moot", storage(("a", "None"), networkAcls=acls("198.51.100.0/99")), "private", "Nothing published."),
    _blob(
        "subnet",
        storage(_IMG, networkAcls=acls(virtualNetworkRules=[{"id": SUBNET, "action": "Allow"}])),
        "cross-account",
        "A subnet of unstated ownership: rules may name other tenants' subnets.",
        _NET,
    ),
    _blob(
        "own-subnet",
        storage(
            _IMG,
            id=SUBNET.partition("/providers")[0] + "/providers/Microsoft.Storage/storageAccounts/s",
            networkAcls=acls(virtualNetworkRules=[{"id": SUBNET, "action": "Allow"}]),
        ),
        "private",
        "The subnet lies in the account's own subscription.",
        _NET,
    ),
    _blob(
        "instance",
        storage(_IMG, networkAcls=acls(resourceAccessRules=[{"tenantId": FOREIGN, "resourceId": "/x"}])),
        "private",
        "Resource rules go by identity, which an anonymous request has not.",
        _NET,
    ),
    _net(
        "sixth",
        "public",
        "Rules for IPv6 stand in a list of their own.",
        networkAcls={"defaultAction": "Deny", "ipv6Rules": [{"value": "::/0", "action": "Allow"}]},
    ),
    _blob(
        "perimeter",
        storage(_IMG, publicNetworkAccess="SecuredByPerimeter"),
        "private",
        "Not associated with a perimeter: locked down.",
        _NSP,
    ),
    _blob(
        "perimeter-rule",
        storage(_IMG, publicNetworkAccess="SecuredByPerimeter", networkSecurityPerimeterConfigurations=_PERIMETER),
        "cross-account",
        "The perimeter lets one range in.",
        _NSP,
    ),
    _net(
        "perimeter-learning",
        "public",
        "In transition, the perimeter's rules add to those of the account, which is open.",
        _NSP,
        networkSecurityPerimeterConfigurations=_with_mode("Learning"),
    ),
    _net(
        "perimeter-audit",
        "unknown",
        "What this access mode does is not documented.",
        _NSP,
        networkSecurityPerimeterConfigurations=_with_mode("Audit"),
    ),
    _blob(
        "perimeter-enforced",
        storage(_IMG, networkSecurityPerimeterConfigurations=_PERIMETER),
        "cross-account",
        "An enforced perimeter replaces the account's open rules.",
        _NSP,
    ),
    _blob(
        "website",
        storage(("$web", "None"), website=True, allowBlobPublicAccess=False),
        "public",
        "The website is served whatever the account forbids.",
        _WEB,
    ),
    _blob(
        "website-null",
        storage(("$web", "None"), website=True, allowBlobPublicAccess=None),
        "public",
        "The switch does not matter to the website.",
        _WEB,
    ),
    _blob(
        "website-range",
        storage(("$web", "None"), website=True, networkAcls=acls(NARROW)),
        "cross-account",
        "Network rules hold for the web endpoint too.",
        _NET,
    ),
    _blob(
        "website-disabled",
        storage(("$web", "None"), website=True, publicNetworkAccess="Disabled"),
        "private",
        "So does the public endpoint's switch.",
        _NET,
    ),
    _blob(
        "website-off-published",
        storage(("$web", "Blob"), website=False),
        "public",
        "$web is an ordinary container then, and published.",
        _WEB,
    ),
    _blob("website-off", storage(("$web", "None"), website=False), "private", "An ordinary private container.", _WEB),
    _blob("files", storage(kind="FileStorage"), "private", "No blob service.", _KIND),
    _blob("premium", storage(_IMG, kind="BlockBlobStorage"), "public", "Premium block blobs publish alike.", _KIND),
    _blob("classic-kind", storage(_IMG, kind="Storage"), "public", "General purpose v1 publishes alike.", _KIND),
    _blob(
        "tls",
        storage(_IMG, minimumTlsVersion="TLS1_2", supportsHttpsTrafficOnly=True),
        "public",
        "Transport settings ask for no identity.",
    ),
    _net("open", "public", "Open to all networks."),
    _net("open-off", "public", "Anonymous access is another question.", allowBlobPublicAccess=False),
    _net("deny", "private", "Nobody; trusted services come with an own identity.", networkAcls=acls()),
    _net("range", "cross-account", "One range.", networkAcls=acls(NARROW)),
    _net(
        "disabled",
        "private",
        "Rules do not matter then.",
        publicNetworkAccess="Disabled",
        networkAcls=acls("0.0.0.0/0"),
    ),
    _net("files", "public", "A file share account is reached alike.", kind="FileStorage"),
    _net(
        "own-instance",
        "private",
        "An instance of the own tenant.",
        networkAcls=acls(resourceAccessRules=[{"tenantId": OWN, "resourceId": "/x"}]),
    ),
    _net(
        "foreign-instance",
        "cross-account",
        "An instance of another tenant.",
        networkAcls=acls(resourceAccessRules=[{"tenantId": FOREIGN, "resourceId": "/x"}]),
    ),
    _net(
        "gone-subnet",
        "private",
        "The subnet no longer exists.",
        networkAcls=acls(virtualNetworkRules=[{"id": SUBNET, "state": "NetworkSourceDeleted"}]),
    ),
    _acr("standard", "public", "Standard has anonymous pull.", sku="Standard"),
    _acr("basic", "private", "Basic has none.", sku="Basic"),
    _acr("null", "private", "Off by default.", anonymousPullEnabled=None),
    _acr("admin", "private", "The admin user has a password.", anonymousPullEnabled=False, adminUserEnabled=True),
    _acr("disabled", "private", "No public endpoint.", publicNetworkAccess="Disabled"),
    _acr("range", "cross-account", "One range.", networkRuleSet=acls(NARROW)),
    _acr(
        "standard-rules",
        "unknown",
        "Rules need Premium: whether stored ones hold is not documented.",
        sku="Standard",
        networkRuleSet=acls(NARROW),
    ),
    _acr("network", "public", "Open to all networks.", dimension="network", anonymousPullEnabled=False),
    _acr("network-deny", "private", "Rules let nobody in.", dimension="network", networkRuleSet=acls()),
)
