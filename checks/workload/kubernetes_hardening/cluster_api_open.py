"""Clusters whose API answers everybody."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Cluster


@check("cluster-api-open", severity="high", reads=[Cluster.api_open])
def api_open(cluster: Cluster) -> Reasons:
    """The API server of a cluster answers only networks that you named.

    Whoever has a token of any of the cluster's programs uses it from anywhere, and a flaw in the API server needs no
    token at all. Scanners list open ones.

    Fix: name the networks of your administrators and pipelines. On Google Cloud: `gcloud container clusters update NAME
    --location LOCATION --enable-master-authorized-networks --master-authorized-networks RANGE`. On AWS: `aws eks
    update-cluster-config --name NAME --resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true`.
    On Azure: `az aks update --resource-group GROUP --name NAME --api-server-authorized-ip-ranges RANGE`.

    References:
    https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
    https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks
    https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
    """
    if cluster.api_open:
        yield Reason("its API server answers every address of the internet")


api_open.passes(Cluster.given(api_open=False))
api_open.fails(Cluster.given(api_open=True))
api_open.unknown(Cluster.given(api_open=Unread.denied("container.clusters.list")))
