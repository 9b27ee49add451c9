"""Networks, and the rules that decide what gets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from scanner.facts import Fact
from scanner.model import Resource

Protocol = Literal["tcp", "udp", "icmp", "any", "other"]


class Opening(msgspec.Struct, frozen=True):
    """A way in that rules leave open to every address of the internet, higher ranking refusals taken off."""

    rule: str
    """Name of the rule that opens it."""
    protocol: Protocol
    """`any` takes in all others."""
    first: int
    """First port; 0 with `last` 65535 where every port is meant, or where the protocol has none."""
    last: int
    source: str
    """The address range that is let in, as the rule writes it."""

    def reaches(self, port: int, protocol: Literal["tcp", "udp"] = "tcp") -> bool:
        """Whether a port of a protocol can be reached through it."""
        return self.protocol in (protocol, "any") and self.first <= port <= self.last

    def services(self, tcp: Mapping[int, str], udp: Mapping[int, str]) -> list[str]:
        """Those of some services, given by port, that can be reached through it, each with its port."""
        found = [f"{name} ({port})" for port, name in tcp.items() if self.reaches(port)]
        return found + [f"{name} (udp {port})" for port, name in udp.items() if self.reaches(port, "udp")]

    @property
    def all_ports(self) -> bool:
        """Whether it leaves every port of its protocol open."""
        return self.protocol in ("tcp", "udp", "any") and self.first <= 1 and self.last == 65535


class Firewall(Resource, kind="firewall"):
    """A set of rules that decides which traffic gets to machines."""

    openings = Fact[tuple[Opening, ...]]("What its rules leave open to the whole internet.")


class LoadBalancer(Resource, kind="load-balancer"):
    """What takes the requests of an application's users and passes them on to its servers."""

    tags = Fact[Mapping[str, str]]("Its tags, by name.")
    internet_facing = Fact[bool]("Anybody on the internet can send it requests.")
    filtered = Fact[bool]("A web application firewall looks at each request before it is passed on.")


class Network(Resource, kind="network"):
    """A private network, or a part of one that has settings of its own."""

    flow_logged = Fact[bool]("Who talks to whom on it is written to a log.")
    predefined = Fact[bool]("It is the one that the provider made with the account, rules included.")
