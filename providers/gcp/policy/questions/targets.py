"""What can be asked of a resource: permissions, each with the resource that it is checked on.

https://cloud.google.com/iam/docs/conditions-resource-attributes
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from providers.gcp.policy.language import cel
from providers.gcp.policy.language.request import ATTRIBUTES, GRANTED_ROLES, LIST_PREFIX, Resource
from providers.gcp.policy.language.roles import permissions_of
from providers.gcp.policy.questions.literals import calls, compared
from providers.gcp.policy.questions.possible import OPAQUE, Chosen, Known, Shape
from scanner.access import Verb

_GETTERS: Final = frozenset(
    {"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours"}
)
_MOST_NAMES: Final = 16


class Target(msgspec.Struct, frozen=True):
    """One permission, and what it is asked on."""

    permission: str
    verb: Verb
    resource: Resource
    free: bool = False
    """Whether the resource's name is only the start, and whoever asks picks the rest."""
    called: str = ""
    """The resource in words, for witnesses; its name where there are none."""
    invokes: bool = False
    """Whether it is a call to the running service, which must come through its ingress."""


class RequestDomain(msgspec.Struct, frozen=True):
    """The names in a condition, over all requests for a target at one time."""

    target: Target
    time: datetime | None

    def variable(self, path: str) -> Shape:
        """Attributes of the request and the resource."""
        resource = self.target.resource
        if path == "request.time":
            return OPAQUE if self.time is None else Known(self.time)
        if not resource.described:
            return OPAQUE
        if path == "resource.name" and resource.name:
            return Chosen(resource.name) if self.target.free else Known(resource.name)
        if path == "resource.type" and resource.type:
            return Known(resource.type)
        return Known(resource.service) if path == "resource.service" and resource.service else OPAQUE

    def call(self, path: str, arguments: tuple[Shape, ...]) -> Shape:
        """Tags of the resource and attributes of the interface."""
        given = [one.value for one in arguments if isinstance(one, Known) and isinstance(one.value, str)]
        if path == "api.getAttribute" and len(arguments) == 2 and given and given[0] in ATTRIBUTES:
            if given[0] not in settable(self.target.permission):
                return arguments[1]
            return Chosen() if given[0] == LIST_PREFIX else OPAQUE
        tags = self.target.resource.tags
        if tags is None or len(given) != len(arguments):
            return OPAQUE
        if path in ("resource.matchTag", "resource.matchTagId") and len(given) == 2:
            return Known(given[0] in tags and tags[given[0]] == given[1])
        if path in ("resource.hasTagKey", "resource.hasTagKeyId") and len(given) == 1:
            return Known(given[0] in tags)
        return OPAQUE


def settable(permission: str) -> tuple[str, ...]:
    """Attributes that a request for the permission can set."""
    if permission == "storage.objects.list":
        return (LIST_PREFIX,)
    return (GRANTED_ROLES,) if permission.endswith(".setIamPolicy") else ()


def times(condition: cel.Expression | None, now: datetime | None) -> tuple[datetime | None, ...]:
    """When to ask: now, and where a condition tells hours and days apart, at every hour of the week to come."""
    if now is None or not calls(condition, _GETTERS):
        return (now,)
    try:
        return tuple(now + timedelta(hours=hours) for hours in range(7 * 24 + 1))
    except OverflowError:
        return (now,)


def names(condition: cel.Expression | None, target: Target) -> tuple[str, ...]:
    """Resource names to try."""
    start = target.resource.name
    if not target.free:
        return (start,)
    found = [start + "any"]
    for one in compared(condition):
        if one.path == "resource.name" and isinstance(one.value, str):
            if one.value.startswith(start):
                found += [one.value, one.value + "any"] if one.value != start else []
            else:
                found += [start + "any" + one.value, start + one.value]
    return tuple(dict.fromkeys(found))[:_MOST_NAMES]


def attributes(condition: cel.Expression | None, target: Target) -> tuple[Mapping[str, str | tuple[str, ...]], ...]:
    """Attributes of the interface to try."""
    found: list[Mapping[str, str | tuple[str, ...]]] = [{}]
    for one in compared(condition):
        name = one.path.removeprefix("api.")
        if one.path.startswith("api.") and name in settable(target.permission) and isinstance(one.value, str):
            values = (one.value, one.value + "any") if name == LIST_PREFIX else ((one.value,),)
            found += [{name: value} for value in values]
    return tuple(found)[:_MOST_NAMES]


def targets(service: str, resource: Resource, called: str, *, invokes: tuple[str, ...] = ()) -> tuple[Target, ...]:
    """Everything that the service's permissions let one do with data, on this one resource."""
    return tuple(
        Target(permission, verb, resource, called=called, invokes=permission in invokes)
        for permission, verb in permissions_of(service)
    )


def bucket_targets(bucket: str, tags: Mapping[str, str] | None = None, *, folders: bool = True) -> tuple[Target, ...]:
    """The same for a bucket, its folders and its objects, whose names the caller picks.

    Only a bucket with a hierarchical namespace has folders besides its objects.
    https://cloud.google.com/storage/docs/access-control/iam#conditions
    https://cloud.google.com/storage/docs/hns-overview
    """
    service, root = "storage.googleapis.com", f"projects/_/buckets/{bucket}"
    whole = Resource(root, f"{service}/Bucket", service, tags=tags)
    parts = {
        "objects": Resource(f"{root}/objects/", f"{service}/Object", service, tags=tags),
        "multipartUploads": Resource(f"{root}/objects/", f"{service}/Object", service, tags=tags),
        "managedFolders": Resource(f"{root}/managedFolders/", f"{service}/ManagedFolder", service, tags=tags),
        "folders": Resource(f"{root}/folders/", f"{service}/Folder", service, tags=tags),
    }
    found = []
    for permission, verb in permissions_of("storage"):
        _, kind, action = permission.split(".")
        if kind == "folders" and not folders:
            continue
        part = None if action == "list" else parts.get(kind)
        found.append(Target(permission, verb, part or whole, free=part is not None))
    return tuple(found)


def node_target(node: str) -> Target | None:
    """Whoever may set the policy of a node above the resource may give themselves all below it."""
    kind = node.partition("/")[0]
    if kind not in ("projects", "folders", "organizations"):
        return None
    service = "cloudresourcemanager.googleapis.com"
    resource = Resource("", f"{service}/{kind.title()[:-1]}", service)
    return Target(f"resourcemanager.{kind}.setIamPolicy", "admin", resource, called=node)
