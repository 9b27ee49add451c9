"""Clusters whose secrets have one lock only."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Cluster


@check("cluster-secrets-unencrypted", severity="low", reads=[Cluster.secrets_encrypted])
def secrets_unencrypted(cluster: Cluster) -> Reasons:
    """Secrets of a cluster are encrypted once more, with a key of yours.

    The provider encrypts the disk, but whoever reads the cluster's database or a copy of it sees every password in
    plain text. A second lock with a key of yours can be taken away, and its use is on record.

    Fix: name a key. On Google Cloud: `gcloud container clusters update NAME --location LOCATION
    --database-encryption-key KEY`. On AWS: `aws eks associate-encryption-config --cluster-name NAME --encryption-config
    FILE`. On Azure: `az aks update --resource-group GROUP --name NAME --enable-azure-keyvault-kms
    --azure-keyvault-kms-key-id KEY-URL`.

    References:
    https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
    https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
    https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets
    https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
    """
    if not cluster.secrets_encrypted:
        yield Reason("its secrets are not encrypted with a key of yours")


secrets_unencrypted.passes(Cluster.given(secrets_encrypted=True))
secrets_unencrypted.fails(Cluster.given(secrets_encrypted=False))
secrets_unencrypted.unknown(Cluster.given(secrets_encrypted=Unread.denied("container.clusters.list")))
