"""What an estate file says of machines, the rules that guard them, and the load balancers before them."""

from typing import Literal

import msgspec


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An item of the file; a word that it does not know is an error."""


class InboundRule(_Item, frozen=True):
    """An inbound rule of a security group; without ports it is about all of them."""

    protocol: str = "tcp"
    """A name, a number, or -1 for all."""
    ports: tuple[int, int] | None = None
    ranges: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Prefix lists, by name."""
    groups: tuple[str, ...] = ()


class PrefixList(_Item, frozen=True):
    """A managed prefix list; AWS's own are in every region and need not be written."""

    name: str
    region: str = "us-east-1"
    ranges: tuple[str, ...] = ()


class SecurityGroup(_Item, frozen=True):
    """A security group of the region's one VPC."""

    name: str
    region: str = "us-east-1"
    rules: tuple[InboundRule, ...] = ()
    tags: dict[str, str] = {}


class Instance(_Item, frozen=True):
    """An EC2 instance with one network interface."""

    name: str
    region: str = "us-east-1"
    state: Literal["running", "stopped", "terminated"] = "running"
    groups: tuple[str, ...] = ()
    public_address: str | None = None
    ipv6_address: str | None = None
    role: str | None = None
    """Its instance profile has the role's name."""
    metadata: Literal["required", "optional", "disabled"] = "required"
    """Whether requests to its metadata service need a session token, or whether it is off."""
    hop_limit: int = 1
    forwards: bool = False
    tags: dict[str, str] = {}


class LoadBalancer(_Item, frozen=True):
    """A load balancer, and the web ACL that looks at requests for it."""

    name: str
    region: str = "us-east-1"
    kind: Literal["application", "network"] = "application"
    internal: bool = False
    groups: tuple[str, ...] = ()
    web_acl: str | None = None
