"""A request, as Google would evaluate it, and the documents that it is evaluated against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.policies import Hierarchy
from providers.gcp.policy.language.roles import RoleBook
from providers.gcp.policy.language.storage import Bucket

LIST_PREFIX: Final = "storage.googleapis.com/objectListPrefix"
GRANTED_ROLES: Final = "iam.googleapis.com/modifiedGrantsByRole"
ATTRIBUTES: Final = (LIST_PREFIX, GRANTED_ROLES)
"""Attributes of interfaces that a request can set: the prefix of a listing, and the roles that it grants or revokes.

https://cloud.google.com/iam/docs/conditions-attribute-reference#api-attributes
"""

Claim: TypeAlias = "str | int | bool | tuple[str, ...]"


class Principal(msgspec.Struct, frozen=True):
    """Who asks."""

    kind: Literal["anonymous", "user", "service-account", "kubernetes", "federated"]
    name: str = ""
    """Address of a user or service account; member text of a cluster's account."""
    groups: tuple[str, ...] | None = None
    """Groups that it is in; None where that is not known."""
    teams: tuple[tuple[str, str], ...] | None = None
    """Project teams that it is in, as (project, `owner`); None where that is not known."""
    customer: str | None = None
    outside: bool = False
    """No principal of the owner's organization, although it may be in groups of the owner's."""
    stranger: bool = False
    """Besides, belongs to nothing that the owner could name: no group, team, domain or organization."""
    pool: str = ""
    provider: int = 0
    """Index of the pool's provider whose token it brings."""
    claims: Mapping[str, Claim] = {}
    """Claims of that token."""


class Resource(msgspec.Struct, frozen=True):
    """What is asked for."""

    name: str
    """As `resource.name` gives it."""
    type: str = ""
    """Such as `storage.googleapis.com/Object`."""
    service: str = ""
    described: bool = True
    """Whether the service gives these attributes to conditions."""
    tags: Mapping[str, str] | None = None
    """Tags by key; None where they are not known."""


class Request(msgspec.Struct, frozen=True):
    """One request."""

    principal: Principal
    permission: str
    resource: Resource
    time: datetime | None = None
    attributes: Mapping[str, str | tuple[str, ...]] = {}
    """Attributes of the interface that the request sets, by the name for `api.getAttribute`."""


class World(msgspec.Struct, frozen=True):
    """The documents that decide."""

    owner: Owner
    hierarchy: Hierarchy
    roles: RoleBook
    bucket: Bucket | None = None
    """For requests to a bucket or its objects."""
