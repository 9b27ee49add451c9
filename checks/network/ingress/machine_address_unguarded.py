"""Machines that the internet reaches at every port."""

from __future__ import annotations

from providers.azure.compute import VirtualMachine
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("machine-address-unguarded", severity="critical", reads=[VirtualMachine.unguarded_addresses])
def address_unguarded(machine: VirtualMachine) -> Reasons:
    """A security group stands between a machine's address and the internet.

    A public address of the old Basic kind lets in whatever no security group refuses. Where neither the interface nor
    its subnet has one, every port of the machine answers the internet: remote logins, databases, whatever listens.

    Fix: put a security group on the subnet. On Azure: `az network vnet subnet update --resource-group GROUP --vnet-name
    NETWORK --name SUBNET --network-security-group SECURITY-GROUP`. Then move to a Standard address, which is closed
    until a rule opens it.

    References:
    https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
    https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-basic-upgrade-guidance
    https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
    """
    for address in machine.unguarded_addresses:
        yield Reason(f"every port can be reached at {address}")


address_unguarded.passes(VirtualMachine.given(unguarded_addresses=()))
address_unguarded.fails(VirtualMachine.given(unguarded_addresses=("203.0.113.7",)))
address_unguarded.unknown(
    VirtualMachine.given(unguarded_addresses=Unread.denied("Microsoft.Network/virtualNetworks/read"))
)
