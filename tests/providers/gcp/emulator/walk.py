"""Questions to every route, made from what stands in the estate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from providers.gcp.emulator.discovery.routes import Route, all_routes
from providers.gcp.emulator.kinds import KINDS
from providers.gcp.emulator.world import Node, World

_VARIABLES = {"projects": "projects", "folders": "folders", "organizations": "organizations"}
LOOKUP: dict[str, object] = {
    "resourceNames": ["projects/acme-shop"],
    "filter": 'logName="projects/acme-shop/logs/cloudaudit.googleapis.com%2Factivity"'
    ' AND protoPayload.resourceName="projects/_/buckets/acme-shop-website"'
    ' AND NOT protoPayload.status.code>0 AND timestamp>="2020-01-01T00:00:00Z"',
}
"""What asks for entries of a log, which stands in the body."""


class Question(NamedTuple):
    """A request that a route must answer."""

    route: Route
    path: str
    query: dict[str, str]
    body: dict[str, object] | None


def questions(world: World) -> Iterator[Question]:
    """For every route and every node all that fit, lists of everything and each resource by itself."""
    for route in all_routes():
        if route.id.startswith("iamcredentials."):
            continue
        for path, query in _fitting(route, world):
            constraint = {"constraint": "constraints/sql.restrictPublicIp"}
            body: dict[str, object] | None = dict(constraint) if "EffectiveOrgPolicy" in route.id else None
            if route.id == "logging.entries.list":
                body = dict(LOOKUP)
            yield Question(route, path, query, body if route.verb == "GET" or body else {})


def _fitting(route: Route, world: World) -> Iterator[tuple[str, dict[str, str]]]:
    prefix, _, rest = _split(route.path)
    if "{" not in rest:
        yield from _without_variables(route, world)
        return
    if route.id.startswith("iam.policies."):
        yield from _deny(world, single=route.id.endswith("get"))
        return
    seen = set()
    for address in _addresses(world):
        filled = _filled(rest, address)
        if filled is not None and filled not in seen:
            seen.add(filled)
            yield prefix + filled, {}


def _without_variables(route: Route, world: World) -> Iterator[tuple[str, dict[str, str]]]:
    match route.id:
        case "storage.buckets.list":
            for node in world.nodes:
                if node.project:
                    yield route.path, {"project": node.id, "projection": "full"}
                    yield route.path, {"project": node.id}
        case "compute.firewallPolicies.list":
            yield route.path, {"parentId": world.organization.name}
        case "cloudresourcemanager.folders.list" | "cloudresourcemanager.projects.list" if "v3" in route.api:
            yield from ((route.path, {"parent": node.name}) for node in world.nodes if not node.project)
        case _:
            yield route.path, {}


def _deny(world: World, *, single: bool) -> Iterator[tuple[str, dict[str, str]]]:
    for node in world.nodes:
        base = f"/v2/policies/{quote(f'cloudresourcemanager.googleapis.com/{node.name}', safe='')}/denypolicies"
        if not single:
            yield base, {}
        yield from ((f"{base}/{policy['name']}", {}) for policy in node.deny if single)


def _addresses(world: World) -> Iterator[str]:
    """Addresses of everything, with those of the actions on it."""
    for node in world.nodes:
        for name in (node.name, node.number_name):
            yield name
            yield from (f"{name}/{end}" for end in _COLLECTIONS)
            yield from (f"{name}/policies/{body['constraint']}" for body in node.policies)
            yield from (f"{name}/services/{api}" for api in node.services)
        for kind in node.kinds:
            for found in node.resources(kind):
                yield found.address
                yield f"{found.address}/keyRings"
                yield f"{found.address}/cryptoKeys"
                yield f"{found.address}/keys"
                yield f"{found.address}/acl"
                yield f"{found.address}/defaultObjectAcl"
                yield f"{found.address}/iam"
                yield f"{found.address}/getIamPolicy"
                yield f"{found.address}/getEffectiveFirewalls"
    yield from (role["name"] for role in world.estate.roles)


_COLLECTIONS = (
    *(
        "assets",
        "constraints",
        "policies",
        "services",
        "sinks",
        "metrics",
        "settings",
        "contacts",
        "roles",
        "locations",
    ),
    *("serviceAccounts", "alertPolicies", "notificationChannels", "instances", "datasets", "zones", "regions"),
    *(f"global/{things}" for things in ("firewalls", "images", "networks", "routes", "snapshots", "firewallPolicies")),
    *(f"aggregated/{things}" for things in ("instances", "disks", "subnetworks", "firewallPolicies")),
    *(f"zones/europe-west1-b/{things}" for things in ("instances", "disks")),
    *(f"regions/europe-west1/{things}" for things in ("disks", "subnetworks")),
    *("locations/-/clusters", "locations/-/buckets", "locations/global/keys", "locations/global/keyRings"),
)


def _filled(template: str, address: str) -> str | None:
    """The template's path for an address, if that is of its form."""
    verb = ""
    if ":" in template.rpartition("}")[2]:
        template, _, word = template.rpartition(":")
        verb = f":{word}"
    wanted, have = template.split("/"), address.split("/")
    if len(wanted) != len(have) or any(a != b for a, b in zip(wanted, have, strict=True) if not a.startswith("{")):
        return None
    if wanted[0].startswith("{") and have[0] not in _VARIABLES:
        return None
    return "/".join(quote(part, safe="@") for part in have) + verb


def _split(path: str) -> tuple[str, str, str]:
    """The path up to the version, and behind it."""
    for version in ("/v1beta4/", "/v1/", "/v2/", "/v3/"):
        if version in path:
            head, _, tail = path.partition(version)
            return head + version, version, tail
    raise AssertionError(path)


def all_kinds(world: World) -> set[str]:
    """Kinds that stand somewhere."""
    return {kind for node in world.nodes for kind in node.kinds} & set(KINDS)


def project_of(world: World) -> Node:
    """The project with most in it."""
    return max((node for node in world.nodes if node.project), key=lambda node: len(node.kinds))
