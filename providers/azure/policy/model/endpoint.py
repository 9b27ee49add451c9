"""The public endpoint of a resource: whether it is on, and which networks its rules let in."""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.azure.policy.model.addresses import AddressRange, Malformed
from scanner.facts import Unread

Switch = Literal["enabled", "disabled", "perimeter"]
"""`publicNetworkAccess`; `perimeter` is SecuredByPerimeter."""


class Subnet(msgspec.Struct, frozen=True):
    """A subnet of a virtual network that a rule lets in."""

    id: str
    own: bool = False
    """Whether it is known to be the owner's: it lies in the resource's own subscription."""


class Instance(msgspec.Struct, frozen=True):
    """A resource that a rule lets in by its identity."""

    id: str
    tenant: str
    own: bool | None
    """Whether its tenant is the owner's; nothing where that is not known."""


class Firewall(msgspec.Struct, frozen=True):
    """Rules that let in, over a default."""

    default_allow: bool | Unread
    addresses: tuple[AddressRange | Malformed, ...] | Unread = ()
    subnets: tuple[Subnet, ...] | Unread = ()
    instances: tuple[Instance, ...] | Unread = ()
    azure: bool | Unread = False
    """Whether every host in Azure is let in, of any customer: the rule 0.0.0.0."""


class Perimeter(msgspec.Struct, frozen=True):
    """The inbound rules of the network security perimeter that a resource is associated with."""

    enforced: bool
    """Its rules replace the resource's; in learning mode they add to them."""
    addresses: tuple[AddressRange | Malformed, ...] = ()
    subscriptions: tuple[str, ...] = ()
    """Subscriptions whose resources are let in."""
    others: tuple[str, ...] = ()
    """Perimeters whose resources are let in; which those are is not known."""


class Endpoint(msgspec.Struct, frozen=True):
    """The public endpoint of a resource."""

    switch: Switch | Unread
    firewall: Firewall
    perimeter: Perimeter | Unread | None = None
    subscription: str = ""
    """The resource's own, where it is known."""
