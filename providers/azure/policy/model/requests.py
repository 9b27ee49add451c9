"""Requests that the concrete evaluators answer, and how a witness carries where one comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from providers.azure.policy.model.scopes import folded

Kind = Literal["address", "subnet", "azure", "resource", "service", "subscription"]
_KEYS: dict[Kind, str] = {
    "address": "sourceAddress",
    "subnet": "sourceSubnet",
    "azure": "sourceHostedInAzure",
    "resource": "sourceResource",
    "service": "sourceServiceTag",
    "subscription": "sourceSubscription",
}


class Source(msgspec.Struct, frozen=True):
    """Where a request comes from."""

    kind: Kind
    value: str
    """The address; the subnet's id; an Azure service tag; the resource's id; whose host it is."""

    def context(self) -> Mapping[str, str]:
        """As the keys of a witness."""
        return {_KEYS[self.kind]: self.value}


def source_of(context: Mapping[str, str]) -> Source | None:
    """The source that a witness names."""
    for kind, key in _KEYS.items():
        if key in context:
            return Source(kind, context[key])
    return None


class Request(msgspec.Struct, frozen=True):
    """A principal that wants to do one thing in one place."""

    principal: str
    """Its object id."""
    action: str
    scope: str
    """Id of the resource, resource group, subscription or management group."""
    data: bool = False
    """Whether it is a data action."""
    sub_operation: str | None = None
    """The suboperation, empty for none; nothing where it is not known."""
    attributes: Mapping[str, tuple[str, ...] | None] = {}
    """`Resource[name]`, `Request[name]`, `Principal[name]`, `Environment[name]` with their values; None: known to be
    absent. What is not there at all is not known."""

    def values(self, source: str, name: str) -> tuple[tuple[str, ...] | None, bool]:
        """The values of an attribute, and whether anything is known about it."""
        wanted = folded(f"{source}[{name}]")
        for key, values in self.attributes.items():
            if folded(key) == wanted:
                return values, True
        return None, False
