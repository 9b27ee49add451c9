"""Cloud Asset Inventory over the same tree. https://cloud.google.com/asset-inventory/docs/list-assets"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from functools import cache

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.inventory import spelt, type_of, types_of, version_of
from providers.gcp.emulator.answers.nodes import old_body
from providers.gcp.emulator.answers.org_policies import old
from providers.gcp.emulator.answers.roles import enabled_service
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.kinds import KINDS
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Found, Node

_LARGEST, _USUAL = 1000, 100
_NODES = {"organizations": "Organization", "folders": "Folder", "projects": "Project"}
_VERSIONS = {"organizations": "crm.v1", "folders": "crm.v2", "projects": "crm.v1"}
"""Nodes come in the older form here, with `lifecycleState`."""
_MANAGER = "cloudresourcemanager.googleapis.com"
_SERVICE = "serviceusage.googleapis.com/Service"
_ALL_TYPES = (
    *(name for kind in KINDS for name in types_of(kind)),
    *(f"{_MANAGER}/{name}" for name in _NODES.values()),
    _SERVICE,
)
_UPDATED = "2026-11-20T08:15:30.123456Z"


def listed_assets(asked: Asked) -> Body:
    """A page of the assets at and under a node: what they are, or what is set on them."""
    content = asked.query.get("contentType", "")
    if content not in ("", "CONTENT_TYPE_UNSPECIFIED", "RESOURCE", "IAM_POLICY", "ORG_POLICY"):
        raise Refused(refusals.invalid("cloudasset", f"The content type {content} is not kept here."))
    start = asked.start()
    size = min(asked.page or int(asked.query.get("pageSize") or 0) or _USUAL, _LARGEST)
    page: list[Body] = []
    passed, more = 0, False
    for node in asked.world.under(asked.whole_node()):
        count = _count(asked, node)
        if passed + count <= start:
            passed += count
            continue
        for asset in _assets(asked, node, content):
            passed += 1
            if passed > start and len(page) < size:
                page.append(asset)
            elif passed > start:
                more = True
                break
        if more:
            break
    body: Body = {"readTime": _UPDATED}
    shown = [asset for asset in page if asset]
    if shown:
        body["assets"] = shown
    return {**body, "nextPageToken": asked.token(start + size)} if more else body


def permission(asked: Asked) -> str:
    """What the caller needs for a content type. https://cloud.google.com/asset-inventory/docs/access-control"""
    permissions = {"IAM_POLICY": "listIamPolicy", "ORG_POLICY": "listOrgPolicy"}
    return f"cloudasset.assets.{permissions.get(asked.query.get('contentType', ''), 'listResource')}"


@cache
def _wanted_types(patterns: str) -> frozenset[str]:
    """Types that exist and match one of the patterns, a pattern a line; commas separate nothing."""
    if not patterns:
        return frozenset(_ALL_TYPES)
    matches = {pattern: fnmatch.filter(_ALL_TYPES, pattern.replace(".*", "*")) for pattern in patterns.splitlines()}
    for pattern, types in matches.items():
        if not types:
            raise Refused(refusals.invalid("cloudasset", f"Unsupported asset type: {pattern}"))
    return frozenset(name for types in matches.values() for name in types)


def _wanted(asked: Asked, asset_type: str) -> bool:
    return asset_type in _wanted_types(asked.query.get("assetTypes", ""))


def _count(asked: Asked, node: Node) -> int:
    own = int(_wanted(asked, _node_type(node)))
    kinds = (kind for kind in node.kinds if any(_wanted(asked, name) for name in types_of(kind)))
    return own + len(_services(asked, node)) + sum(node.count(kind) for kind in kinds)


def _services(asked: Asked, node: Node) -> list[str]:
    """The APIs that are switched on in a project, which are assets, too."""
    return sorted(api for api in node.services if asked.world.enabled(api, node)) if _wanted(asked, _SERVICE) else []


def _node_type(node: Node) -> str:
    return f"{_MANAGER}/{_NODES[node.name.partition('/')[0]]}"


def _assets(asked: Asked, node: Node, content: str) -> Iterator[Body]:
    """One for each thing that is counted; an empty one where there is nothing of the content that is asked for."""
    kind = node.name.partition("/")[0]
    if _wanted(asked, _node_type(node)):
        asset = _asset(node, _node_type(node), f"//{_MANAGER}/{node.number_name}")
        match content:
            case "RESOURCE":
                yield {
                    **asset,
                    "resource": _resource(_VERSIONS[kind], node, node.parent, _node_type(node), old_body(node)),
                }
            case "IAM_POLICY":
                yield {**asset, "iamPolicy": node.iam}
            case "ORG_POLICY":
                policies = [old(body) for body in node.policies]
                yield {**asset, "orgPolicy": policies} if policies else {}
            case _:
                yield asset
    for api in _services(asked, node):
        data = enabled_service(node.number_name, api)
        asset = _asset(node, _SERVICE, f"//{_SERVICE.partition('/')[0]}/{data['name']}")
        resource = _resource("serviceusage.v1", node, node, _SERVICE, data)
        yield {**asset, "resource": resource} if content == "RESOURCE" else asset if not content else {}
    for kind in node.kinds:
        if any(_wanted(asked, name) for name in types_of(kind)):
            for found in node.resources(kind):
                yield _thing(found, node, content) if _wanted(asked, type_of(kind, found.body)) else {}


def _thing(found: Found, node: Node, content: str) -> Body:
    asset_type = type_of(found.kind, found.body)
    asset = _asset(node, asset_type, KINDS[found.kind].asset_address(found.body, node.name, found.address))
    match content:
        case "RESOURCE":
            data = spelt(found.kind, found.body)
            resource = _resource(version_of(found.kind), node, node, asset_type, data)
            place = found.body.get("location") or found.body.get("region") or found.body.get("zone")
            if isinstance(place, str):
                resource["location"] = place.rpartition("/")[2].lower()
            return {**asset, "resource": resource}
        case "IAM_POLICY":
            return {**asset, "iamPolicy": found.iam} if found.iam and found.iam.get("bindings") else {}
        case "ORG_POLICY":
            return {}
        case _:
            return asset


def _asset(node: Node, asset_type: str, name: str) -> Body:
    ancestors = [above.number_name for above in node.path]
    return {"name": name, "assetType": asset_type, "ancestors": ancestors, "updateTime": _UPDATED}


def _resource(api: str, node: Node, parent: Node | None, asset_type: str, data: Body) -> Body:
    del node
    host, _, name = asset_type.partition("/")
    link = f"https://{host}/$discovery/rest?version={api.partition('.')[2]}"
    made: Body = {"version": api.partition(".")[2], "discoveryDocumentUri": link, "discoveryName": name, "data": data}
    if parent is not None:
        made["parent"] = f"//{_MANAGER}/{parent.number_name}"
    return made
