"""Clusters whose nodes the internet can reach."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Cluster


@check("cluster-nodes-public", severity="medium", reads=[Cluster.nodes_private])
def nodes_public(cluster: Cluster) -> Reasons:
    """The nodes of a cluster have no addresses on the internet.

    A node's own services and every port that a program opens on it are then one firewall rule away from strangers.
    Whoever takes one node over has the secrets of all that runs on it.

    Fix: make nodes private, and let them go out through a gateway. On Google Cloud: `gcloud container clusters update
    NAME --location LOCATION --enable-private-nodes`, then make the node pools anew. On Azure: make pools without
    `--enable-node-public-ip` and delete the others.

    References:
    https://learn.microsoft.com/azure/aks/use-node-public-ips
    https://cloud.google.com/kubernetes-engine/docs/how-to/private-clusters
    https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
    """
    if not cluster.nodes_private:
        yield Reason("its nodes have addresses on the internet")


nodes_public.passes(Cluster.given(nodes_private=True))
nodes_public.fails(Cluster.given(nodes_private=False))
nodes_public.unknown(Cluster.given(nodes_private=Unread.denied("container.clusters.list")))
