"""Azure Kubernetes Service: clusters.

https://learn.microsoft.com/rest/api/aks/managed-clusters/list
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from providers.azure.arm import arm
from providers.azure.gaps import untold
from providers.azure.groups import in_group
from providers.azure.tags import tagged
from scanner.facts import Answer, Fact, derived
from scanner.kinds import Cluster
from scanner.kinds.software import Updates

CLUSTERS: Final = arm("Microsoft.ContainerService/managedClusters")

Channel: TypeAlias = Literal["NodeImage", "SecurityPatch", "Unmanaged", "None", "untold"]


def _channel(item: Answer) -> Channel:
    # Without the member an older cluster had no channel and a newer one has the default; which of them is not told.
    profile: Mapping[str, Channel] = item["properties"].get("autoUpgradeProfile") or {}
    return profile.get("nodeOSUpgradeChannel") or "untold"


def _api_open(item: Answer) -> bool:
    """Whether its API server answers everybody: it is public, and no ranges are named, or ranges that are all.

    https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    """
    profile = item["properties"].get("apiServerAccessProfile") or {}
    if profile.get("enablePrivateCluster"):
        return False
    ranges = [ipaddress.ip_network(text, strict=False) for text in profile.get("authorizedIPRanges") or ()]
    old = ipaddress.collapse_addresses(block for block in ranges if isinstance(block, ipaddress.IPv4Network))
    new = ipaddress.collapse_addresses(block for block in ranges if isinstance(block, ipaddress.IPv6Network))
    everybody = any(block.prefixlen == 0 for block in old) or any(block.prefixlen == 0 for block in new)
    return everybody or not ranges


def _secrets_encrypted(item: Answer) -> bool:
    # https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
    profile = item["properties"].get("securityProfile") or {}
    return (profile.get("azureKeyVaultKms") or {}).get("enabled") is True


class AksCluster(Cluster, type_id="azure.aks.cluster"):
    """A cluster."""

    listed = in_group(CLUSTERS)
    tags = tagged()
    channel = Fact[Channel]("Which patches of its nodes' operating system Azure puts in place.").listed(_channel)
    api_open = Cluster.api_open.listed(_api_open)
    # https://learn.microsoft.com/azure/aks/use-node-public-ips
    nodes_private = Cluster.nodes_private.listed(
        lambda item: not any(pool.get("enableNodePublicIP") for pool in item["properties"]["agentPoolProfiles"])
    )
    secrets_encrypted = Cluster.secrets_encrypted.listed(_secrets_encrypted)

    @derived(reads=[channel])
    def updates(self) -> Updates:
        """How patches of its nodes' operating system arrive.

        https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
        """
        if self.channel == "Unmanaged":
            untold("nodes with Linux install patches by themselves, and nothing tells who starts them again")
        if self.channel == "untold":
            untold("Azure does not tell its channel of upgrades of nodes")
        return "manual" if self.channel == "None" else "automatic"
