"""Kubernetes Engine: clusters.

https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from providers.gcp.address_ranges import is_internet
from providers.gcp.labels import labelled
from providers.gcp.rest import gcp
from scanner.facts import Answer, Fact, Unread, UnreadFact, derived
from scanner.kinds import Cluster
from scanner.kinds.software import Updates
from scanner.model import Listing

CLUSTERS: Final = gcp("container.projects.locations.clusters.list")


def _uid(item: Answer) -> str:
    """As its link to itself has it: a cluster in a single zone lies in `zones`, others in `locations`.

    https://cloud.google.com/asset-inventory/docs/asset-names
    """
    place = str(item["selfLink"]).split("/projects/", 1)[1].partition("/clusters/")[0]
    return f"//container.googleapis.com/projects/{place}/clusters/{item['name']}"


def _region(item: Answer) -> str:
    """The region of a cluster; one in a single zone says the zone, which is the region's name and a letter."""
    location = str(item["location"])
    return location if location.count("-") < 2 else location.rpartition("-")[0]


def _api_open(item: Answer) -> bool:
    """Whether its public address answers everybody.

    The address by name, which asks for a sign-in with IAM before anything gets to the cluster, is not counted.
    https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
    """
    endpoints: Mapping[str, Any] = item.get("controlPlaneEndpointsConfig", {}).get("ipEndpointsConfig", {})
    if endpoints.get("enabled") is False or endpoints.get("enablePublicEndpoint") is False:
        return False
    private = item.get("privateClusterConfig", {}).get("enablePrivateEndpoint", False)
    if private and "enablePublicEndpoint" not in endpoints:
        return False
    # Each of the two may be told; a list that is switched off, or not told, lets everybody in.
    older, newer = item.get("masterAuthorizedNetworksConfig", {}), endpoints.get("authorizedNetworksConfig", {})
    on = [one for one in (older, newer) if one.get("enabled", False)]
    if not on:
        return True
    blocks = [ipaddress.ip_network(one["cidrBlock"], strict=False) for one in on[-1].get("cidrBlocks", ())]
    return any(is_internet([block for block in blocks if block.version == version]) for version in (4, 6))


def _nodes_private(item: Answer) -> bool:
    """Whether no pool gives its nodes addresses on the internet; what a pool does not say the cluster does.

    https://cloud.google.com/kubernetes-engine/docs/how-to/legacy/network-isolation
    """
    older = item.get("privateClusterConfig", {}).get("enablePrivateNodes", False)
    usual = item.get("networkConfig", {}).get("defaultEnablePrivateNodes", older)
    pools = item.get("nodePools", ())
    own = [pool.get("networkConfig", {}).get("enablePrivateNodes", usual) for pool in pools]
    return all(own) if own else bool(usual)


def _metadata_modes(item: Answer) -> tuple[str, ...]:
    """What nodes of each pool show their workloads; `GKE_METADATA` hides the node's own identity.

    `nodeMetadata` is the older name.
    https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools#workloadmetadataconfig
    """
    told = [pool.get("config", {}).get("workloadMetadataConfig", {}) for pool in item.get("nodePools", ())]
    modes = [str(one.get("mode", one.get("nodeMetadata", ""))) for one in told]
    return tuple("GKE_METADATA" if mode == "GKE_METADATA_SERVER" else mode for mode in modes)


def _secrets_encrypted(item: Answer) -> bool:
    # Without the member, or `DECRYPTED`, only Google's own encryption of the disks is there:
    # https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets
    return item.get("databaseEncryption", {}).get("state") in ("ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED")


def _autopilot(item: Answer) -> bool:
    # https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-overview
    return bool(item.get("autopilot", {}).get("enabled", False))


def _upgrades_itself(item: Answer) -> bool:
    """Whether Google upgrades its nodes: clusters in a channel, and pools that ask for it.

    https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels
    https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-upgrades
    """
    channel = item.get("releaseChannel", {}).get("channel", "UNSPECIFIED")
    pools = item.get("nodePools", ())
    asked = all(pool.get("management", {}).get("autoUpgrade", False) for pool in pools)
    return _autopilot(item) or (channel != "UNSPECIFIED" and asked) or (bool(pools) and asked)


class GkeCluster(Cluster, type_id="gcp.gke.cluster"):
    """A cluster."""

    listed = Listing(uid=_uid, name="{name}", call=CLUSTERS, region=_region)
    tags = labelled("resourceLabels")
    autopilot = Fact[bool]("Google runs its nodes, too.").listed(_autopilot)
    upgrades_itself = Fact[bool]("Google upgrades its nodes as patches come out.").listed(_upgrades_itself)
    api_open = Cluster.api_open.listed(_api_open)
    nodes_private = Cluster.nodes_private.listed(_nodes_private)
    workload_pool = Fact[str | None]("The pool of identities for its workloads; nothing where there is none.").listed(
        lambda item: item.get("workloadIdentityConfig", {}).get("workloadPool") or None
    )
    metadata_modes = Fact[tuple[str, ...]](
        "What nodes of each pool show their workloads; empty where not told."
    ).listed(_metadata_modes)
    secrets_encrypted = Cluster.secrets_encrypted.listed(_secrets_encrypted)
    # Off in every version that still runs: https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
    attribute_access = Cluster.attribute_access.listed(lambda item: item.get("legacyAbac", {}).get("enabled", False))

    @derived(reads=[upgrades_itself])
    def updates(self) -> Updates:
        """How patches of its nodes arrive; those of its control plane Google always puts in place."""
        return "automatic" if self.upgrades_itself else "manual"

    @derived(reads=[workload_pool, autopilot, metadata_modes])
    def workload_identity(self) -> bool:
        """Its workloads act as identities of their own rather than as their node.

        Pools that were made before the cluster had identities for workloads keep showing their node's.
        https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
        """
        if self.workload_pool is None:
            return False
        shown = [] if self.autopilot else [mode for mode in self.metadata_modes if mode != "GKE_METADATA"]
        if any(mode not in ("", "MODE_UNSPECIFIED", "UNSPECIFIED") for mode in shown):
            return False
        if shown:
            raise UnreadFact(Unread("not-yet-known", detail="what nodes of a pool show their workloads is not told"))
        return True
