"""Inputs of the judge, by what differs in them."""

from __future__ import annotations

from typing import Any, NamedTuple

Json = dict[str, Any]

OWN = "11111111-1111-1111-1111-111111111111"
FOREIGN = "99999999-9999-9999-9999-999999999999"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
SUBNET = f"{SUBSCRIPTION}/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
NARROW = "198.51.100.0/24"


class Case(NamedTuple):
    """A document, the verdict that the documentation gives it, and why."""

    id: str
    service: str
    dimension: str
    given: Json
    verdict: str
    why: str
    source: str


def acls(*ranges: str, default: str = "Deny", **more: Any) -> Json:
    rules = [{"value": text, "action": "Allow"} for text in ranges]
    return {"defaultAction": default, "ipRules": rules, "virtualNetworkRules": [], "bypass": "AzureServices"} | more


def storage(
    *containers: tuple[str, str | None], website: bool | None = None, kind: str = "StorageV2", **account: Any
) -> Json:
    facts = {
        "kind": kind,
        "allowBlobPublicAccess": True,
        "publicNetworkAccess": "Enabled",
        "allowSharedKeyAccess": True,
    }
    given: Json = {
        "tenantId": OWN,
        "account": facts | {"networkAcls": acls(default="Allow")} | account,
        "containers": [{"name": name, "publicAccess": level} for name, level in containers],
    }
    return given if website is None else given | {"staticWebsite": {"enabled": website}}


def registry(**facts: Any) -> Json:
    return {"sku": "Premium", "anonymousPullEnabled": True, "publicNetworkAccess": "Enabled"} | facts


def rule(source: str, action: str = "Allow", priority: int = 100, **more: Any) -> Json:
    return {"ipAddress": source, "action": action, "priority": priority} | more


def app(*rules: Json, **facts: Any) -> Json:
    return {"publicNetworkAccess": "Enabled", "ipSecurityRestrictions": list(rules)} | facts


def function(level: str | None = "anonymous", trigger: str = "httpTrigger", **more: Any) -> Json:
    return {"name": "f", "trigger": trigger, "authLevel": level} | more


def function_app(*functions: Json, rules: tuple[Json, ...] = (), **facts: Any) -> Json:
    return app(*rules, functions=list(functions or (function(),)), **facts)


def server(*rules: tuple[str, str], **facts: Any) -> Json:
    written = [{"name": f"r{i}", "startIpAddress": a, "endIpAddress": b} for i, (a, b) in enumerate(rules)]
    return {"publicNetworkAccess": "Enabled", "firewallRules": written, "virtualNetworkRules": []} | facts


GUEST: Json = {"type": "User", "userType": "Guest", "homeTenantId": FOREIGN}
MEMBER: Json = {"type": "User", "userType": "Member"}
OWNER: Json = {"name": "Owner", "actions": ["*"], "notActions": []}
READER: Json = {"name": "Reader", "actions": ["*/read"], "notActions": []}
CONTRIBUTOR: Json = {
    "name": "Contributor",
    "actions": ["*"],
    "notActions": [
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
    ],
}
BLOB_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
BLOB_READER: Json = {
    "name": "Storage Blob Data Reader",
    "actions": ["Microsoft.Storage/storageAccounts/blobServices/containers/read"],
    "dataActions": [BLOB_READ],
}


def assigned(role: Json, principal: Json, *, scope: str = SUBSCRIPTION, **more: Any) -> Json:
    return {"tenantId": OWN, "scope": scope, "role": role, "principal": principal} | more
