"""Machines that pass on the traffic of others."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-forwards-packets", severity="low", reads=[Machine.forwards_packets])
def forwards_packets(machine: Machine) -> Reasons:
    """A machine sends and receives its own traffic only.

    A machine that may forward can stand between two networks that were meant to be apart, or send under the addresses
    of others. Routers, firewalls and gateways need that; a server that has it is a bridge which nobody drew on the
    plan.

    Fix: switch forwarding off, and write an exception for those that are routers by trade. On Azure: `az network nic
    update --name NIC --resource-group GROUP --ip-forwarding false`. On Google Cloud: it is set when a machine is made:
    make it anew by `gcloud compute instances create NAME --zone ZONE --no-can-ip-forward`. On AWS: `aws ec2
    modify-network-interface-attribute --network-interface-id ID --source-dest-check`.

    References:
    https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface
    https://cloud.google.com/vpc/docs/using-routes
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
    """
    if machine.forwards_packets:
        yield Reason("it may forward packets that are meant for others")


forwards_packets.passes(Machine.given(forwards_packets=False))
forwards_packets.fails(Machine.given(forwards_packets=True))
forwards_packets.unknown(Machine.given(forwards_packets=Unread.denied("compute.instances.list")))
