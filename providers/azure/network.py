"""Virtual networks, network security groups, network interfaces and public addresses."""

from __future__ import annotations

import msgspec

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.changes import changed
from providers.azure.flow_logs import FlowLog
from providers.azure.gaps import untold
from providers.azure.groups import in_group
from providers.azure.nsg import inbound_rules, openings
from providers.azure.tags import tagged
from scanner.access.work import LimitReached
from scanner.facts import Answer, Fact, Relations, derived, every
from scanner.kinds import Firewall, Network, Opening
from scanner.model import Resource

NETWORKS = arm("Microsoft.Network/virtualNetworks")
SECURITY_GROUPS = arm("Microsoft.Network/networkSecurityGroups")
INTERFACES = arm("Microsoft.Network/networkInterfaces")
PUBLIC_ADDRESSES = arm("Microsoft.Network/publicIPAddresses")


class Subnet(msgspec.Struct, frozen=True):
    """A part of a virtual network."""

    uid: str
    security_group: str | None
    """The uid of the group that guards it."""


def _subnets(item: Answer) -> tuple[Subnet, ...]:
    return tuple(_subnet(one) for one in item["properties"]["subnets"])


def _subnet(item: Answer) -> Subnet:
    guard = item["properties"].get("networkSecurityGroup")  # absent where none guards it
    return Subnet(ids.uid(item), ids.uid(guard) if guard else None)


class VirtualNetwork(Network, type_id="azure.network.vnet"):
    """A virtual network with its subnets."""

    listed = in_group(NETWORKS)
    last_change = changed()
    tags = tagged()
    subnets = Fact[tuple[Subnet, ...]]("Its subnets, and what guards them.").listed(_subnets)

    @derived(reads=[subnets, every(FlowLog, FlowLog.target, FlowLog.enabled)])
    def flow_logged(self) -> bool:
        """A flow log writes down all its traffic, or one for each of its subnets or their security groups does.

        https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
        https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview
        """
        subnets = self.subnets
        missing = {subnet.uid for subnet in subnets}
        for log in self.every(FlowLog):
            if not log.enabled:
                continue
            if log.target == self.uid:
                return True
            missing -= {subnet.uid for subnet in subnets if log.target in (subnet.uid, subnet.security_group)}
            if subnets and not missing:
                return True
        return False


def _openings(item: Answer) -> tuple[Opening, ...] | None:
    try:
        return openings(inbound_rules(item))
    except LimitReached:
        return None


class SecurityGroup(Firewall, type_id="azure.network.nsg"):
    """A network security group: rules for the subnets and interfaces that it is put on."""

    listed = in_group(SECURITY_GROUPS)
    last_change = changed()
    tags = tagged()
    left_open = Fact[tuple[Opening, ...] | None](
        "What its rules leave open to the internet; nothing where there are too many of them to tell."
    ).listed(_openings)

    @derived(reads=[left_open])
    def openings(self) -> tuple[Opening, ...]:
        """What its rules let in from the whole internet, refusals that rank higher taken off."""
        found = self.left_open
        if found is None:
            untold("its rules cut each other into more pieces than one question may cost to go through")
        return found


class PublicAddress(Resource, kind="public-address", type_id="azure.network.public_ip"):
    """A public address that can be put on an interface."""

    listed = in_group(PUBLIC_ADDRESSES)
    last_change = changed()
    tags = tagged()
    # A dynamic address is there only while what it is on runs:
    # https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#ip-address-assignment
    address = Fact[str | None]("The address; nothing where it is given only when the machine starts.").listed(
        lambda item: item["properties"].get("ipAddress")
    )
    # Basic addresses let everything in that no security group refuses; the others let in only what one allows. Those
    # that are older than the distinction are basic.
    # https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
    open_by_default = Fact[bool]("What comes to it gets in unless a security group refuses it.").listed(
        lambda item: str((item.get("sku") or {}).get("name") or "Basic").casefold() == "basic"
    )


def _public_configurations(item: Answer) -> tuple[Answer, ...]:
    configurations = (one["properties"] for one in item["properties"]["ipConfigurations"])
    return tuple(one for one in configurations if one.get("publicIPAddress"))


def _public_addresses(item: Answer) -> tuple[str, ...]:
    return tuple(ids.uid(one["publicIPAddress"]) for one in _public_configurations(item))


def _public_subnets(item: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids.uid(one["subnet"]) for one in _public_configurations(item)))


def _public_networks(item: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(uid.rpartition("/subnets/")[0] for uid in _public_subnets(item)))


def _own_group(item: Answer) -> str | None:
    guard = item["properties"].get("networkSecurityGroup")  # absent where none guards it
    return ids.uid(guard) if guard else None


class NetworkInterface(Resource, kind="network-interface", type_id="azure.network.interface"):
    """A network interface of a machine."""

    listed = in_group(INTERFACES)
    last_change = changed()
    tags = tagged()
    public_addresses = Relations[PublicAddress]("Public addresses that are on it.").listed(_public_addresses)
    forwards = Fact[bool]("It accepts traffic for other addresses than its own.").listed(
        lambda item: item["properties"]["enableIPForwarding"]
    )
    security_group = Fact[str | None]("The uid of the security group that is put on it.").listed(_own_group)
    subnets = Fact[tuple[str, ...]]("Uids of the subnets in which it has public addresses.").listed(_public_subnets)
    networks = Relations[VirtualNetwork]("Networks in which it has public addresses.").listed(_public_networks)

    @derived(reads=[security_group, subnets, networks / VirtualNetwork.subnets])
    def guarded(self) -> bool:
        """A security group on it, or on each subnet in which it has public addresses, says what gets in.

        https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
        """
        if self.security_group is not None:
            return True
        guards = {subnet.uid: subnet.security_group for network in self.networks for subnet in network.subnets}
        return all(guards.get(uid) is not None for uid in self.subnets)
