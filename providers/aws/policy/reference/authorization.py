"""Which actions act on which type of resource, and which condition keys they carry, for the services that we need."""

from __future__ import annotations

from functools import cache

import msgspec

from providers.aws.policy.reference.catalogue import AccessLevel
from providers.aws.policy.reference.vendored import vendored


class ResourceType(msgspec.Struct, frozen=True):
    """A type of resource of a service."""

    arn: str
    levels: dict[AccessLevel, str]
    """Access level -> operations that act on it, parted by spaces."""


class ConditionKey(msgspec.Struct, frozen=True):
    """A condition key of a service, as the authorization reference has it."""

    type: str
    actions: str
    """Operations that carry it, parted by spaces."""


class Service(msgspec.Struct, frozen=True):
    """A service."""

    url: str
    types: dict[str, ResourceType]
    keys: dict[str, ConditionKey]
    """By name in lower case; one that ends in `/` or `:` stands for all that begin so."""


class Authorization(msgspec.Struct, frozen=True):
    """The authorization reference of some services."""

    date: str
    source: str
    version: str
    services: dict[str, Service]


@cache
def authorization() -> Authorization:
    """The vendored reference."""
    return vendored("authorization.json", Authorization)
