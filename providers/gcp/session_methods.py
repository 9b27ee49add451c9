"""Methods that a session calls for itself: what there is to scan, and what Cloud Asset Inventory holds of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from providers.gcp.method import Method
from providers.gcp.rows import METHODS
from scanner.facts import Call

# https://cloud.google.com/resource-manager/reference/rest/v3
_HIERARCHY: Final = (
    Method("cloudresourcemanager.projects.get", "/v3/projects/{id}", "resourcemanager.projects.get"),
    Method("cloudresourcemanager.folders.get", "/v3/folders/{id}", "resourcemanager.folders.get"),
    Method("cloudresourcemanager.organizations.get", "/v3/organizations/{id}", "resourcemanager.organizations.get"),
    Method("cloudresourcemanager.projects.list", "/v3/projects", "resourcemanager.projects.list", items="projects"),
    Method("cloudresourcemanager.folders.list", "/v3/folders", "resourcemanager.folders.list", items="folders"),
    # A search tells what the caller may see, and is never refused.
    Method(
        "cloudresourcemanager.projects.search",
        "/v3/projects:search",
        "resourcemanager.projects.get",
        items="projects",
    ),
    Method("cloudresourcemanager.folders.search", "/v3/folders:search", "resourcemanager.folders.get", items="folders"),
    Method(
        "cloudresourcemanager.organizations.search",
        "/v3/organizations:search",
        "resourcemanager.organizations.get",
        items="organizations",
    ),
)
# https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list#authorization
_CONTENTS: Final = {"IAM_POLICY": "listIamPolicy", "ORG_POLICY": "listOrgPolicy", "RESOURCE": "listResource"}
_INVENTORY: Final = Method(
    "cloudasset.assets.list",
    "/v1/{parent}/assets",
    tuple(sorted({f"cloudasset.assets.{_CONTENTS[row.asset_content]}" for row in METHODS.values() if row.asset})),
    items="assets",
)

SESSION_METHODS: Final[Mapping[str, Method]] = MappingProxyType({row.id: row for row in (*_HIERARCHY, _INVENTORY)})


def session_call(method: str) -> Call:
    """The call of a session's own method; whoever asks gives the path."""
    row = SESSION_METHODS.get(method) or METHODS[method]
    service, _, operation = row.id.partition(".")
    return Call(service, operation, {}, row.permission, items=row.items)
