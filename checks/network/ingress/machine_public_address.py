"""Machines that the internet can reach."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-public-address", severity="medium", reads=[Machine.public_addresses])
def public_address(machine: Machine) -> Reasons:
    """A machine has no address on the internet.

    Every address on the internet is scanned within minutes, and then for ever. What stands between the scanners and the
    machine is one firewall rule that anybody in the team can widen; without an address of its own no rule can expose
    it.

    Fix: publish services through a load balancer, log in through a bastion or an identity-aware tunnel, and let the
    machine go out through a gateway; then take the address away. On Azure: `az network nic ip-config update
    --resource-group GROUP --nic-name NIC --name CONFIG --public-ip-address null`. On Google Cloud: `gcloud compute
    instances delete-access-config NAME --zone ZONE --access-config-name ACCESS-CONFIG`. On AWS: `aws ec2
    disassociate-address --association-id ID`; an address that came with the subnet goes only when the machine is made
    anew in a subnet that gives none.

    References:
    https://learn.microsoft.com/azure/virtual-network/ip-services/remove-public-ip-address-vm
    https://learn.microsoft.com/azure/bastion/bastion-overview
    https://cloud.google.com/compute/docs/connect/ssh-using-iap
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    for address in machine.public_addresses:
        yield Reason(f"it has an address on the internet: {address}")


public_address.passes(Machine.given(public_addresses=()))
public_address.fails(Machine.given(public_addresses=("203.0.113.7",)))
public_address.unknown(Machine.given(public_addresses=Unread.denied("compute.instances.list")))
