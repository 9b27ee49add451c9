"""Networks that came with the account."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Network


@check("network-predefined", severity="medium", reads=[Network.predefined])
def predefined(network: Network) -> Reasons:
    """Networks are drawn for a purpose, not taken as they came.

    The network that the provider makes with the account has the same ranges everywhere, reaches every region, and lets
    its machines talk to each other and be logged in to from anywhere. Whatever is made in a hurry lands there.

    Fix: make networks of your own, move what is in the predefined one, and delete it. On Google Cloud: `gcloud compute
    networks create NAME --subnet-mode custom`, then `gcloud compute networks delete default`, after its rules; the
    constraint compute.skipDefaultNetworkCreation keeps new projects without it. On AWS: `aws ec2 delete-vpc --vpc-id
    ID`.

    References:
    https://cloud.google.com/vpc/docs/vpc
    https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
    """
    if network.predefined:
        yield Reason("it is the one that the provider made with the account")


predefined.passes(Network.given(predefined=False))
predefined.fails(Network.given(predefined=True))
predefined.unknown(Network.given(predefined=Unread.denied("compute.networks.list")))
