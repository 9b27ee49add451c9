"""Networks whose traffic leaves no trace."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Network


@check("network-flow-unlogged", severity="medium", reads=[Network.flow_logged])
def flow_unlogged(network: Network) -> Reasons:
    """A network's log says who talked to whom.

    An intruder moves from machine to machine and carries data out through connections. Where these are not logged,
    nobody can say afterwards which machines were touched, how much left, and where to.

    Fix: write flows to a log that is kept. On Azure: `az network watcher flow-log create --location REGION
    --resource-group GROUP --name NAME --vnet VNET --storage-account ACCOUNT`. On Google Cloud: `gcloud compute networks
    subnets update NAME --region REGION --enable-flow-logs`. On AWS: `aws ec2 create-flow-logs --resource-type VPC
    --resource-ids ID --traffic-type ALL --log-destination-type s3 --log-destination ARN`.

    References:
    https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
    https://cloud.google.com/vpc/docs/using-flow-logs
    """
    if not network.flow_logged:
        yield Reason("its traffic is not logged")


flow_unlogged.passes(Network.given(flow_logged=True))
flow_unlogged.fails(Network.given(flow_logged=False))
flow_unlogged.unknown(Network.given(flow_logged=Unread.denied("compute.subnetworks.list")))
