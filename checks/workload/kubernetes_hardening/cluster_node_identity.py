"""Clusters whose programs act as their node."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Cluster


@check("cluster-node-identity", severity="medium", reads=[Cluster.workload_identity])
def node_identity(cluster: Cluster) -> Reasons:
    """Programs in a cluster act as identities of their own.

    Every program on a node can ask for the node's token and then do what the node may: read images, write logs, often
    much more. One flaw in the least important of them is enough.

    Fix: give each program an identity, and keep it from the node's. On Google Cloud: `gcloud container clusters update
    NAME --location LOCATION --workload-pool PROJECT.svc.id.goog`, then for each pool `gcloud container node-pools
    update POOL --cluster NAME --location LOCATION --workload-metadata GKE_METADATA`.

    References:
    https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
    https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
    """
    if not cluster.workload_identity:
        yield Reason("its programs can act as the node that they run on")


node_identity.passes(Cluster.given(workload_identity=True))
node_identity.fails(Cluster.given(workload_identity=False))
node_identity.unknown(Cluster.given(workload_identity=Unread.denied("container.clusters.list")))
