"""Clusters with access rules of another age."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Cluster


@check("cluster-legacy-access", severity="high", reads=[Cluster.attribute_access])
def legacy_access(cluster: Cluster) -> Reasons:
    """Roles alone decide who may do what in a cluster.

    The old rules by attributes are in force beside roles and are wider: programs get rights over the whole cluster that
    no list of roles shows. Taking a role away then takes nothing away.

    Fix: switch the old rules off, and give roles for what breaks. On Google Cloud: `gcloud container clusters update
    NAME --location LOCATION --no-enable-legacy-authorization`.

    References:
    https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control
    https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
    """
    if cluster.attribute_access:
        yield Reason("the old access rules by attributes are in force beside roles")


legacy_access.passes(Cluster.given(attribute_access=False))
legacy_access.fails(Cluster.given(attribute_access=True))
legacy_access.unknown(Cluster.given(attribute_access=Unread.denied("container.clusters.list")))
