"""EKS: clusters, and the nodes that EKS knows of. Machines that joined a cluster by themselves are not seen."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from providers.aws.event_history import history_of
from providers.aws.gaps import untold
from scanner.facts import Answer, Call, Fact, derived, every
from scanner.kinds import Cluster, NodePool
from scanner.kinds.software import Updates
from scanner.model import Listing

GONE: Final = ("ResourceNotFoundException",)
CLUSTERS: Final = Call("eks", "ListClusters", {"maxResults": 100}, "eks:ListClusters", items="clusters", regional=True)
CLUSTER: Final = Call("eks", "DescribeCluster", {"name": "{it.name}"}, "eks:DescribeCluster", gone=GONE)
PROFILES: Final = Call(
    "eks",
    "ListFargateProfiles",
    {"clusterName": "{it.name}", "maxResults": 100},
    "eks:ListFargateProfiles",
    items="fargateProfileNames",
    gone=GONE,
)
NODE_GROUPS: Final = Call(
    "eks",
    "ListNodegroups",
    {"clusterName": "{it.name}", "maxResults": 100},
    "eks:ListNodegroups",
    items="nodegroups",
    gone=GONE,
)
NODE_GROUP: Final = Call(
    "eks",
    "DescribeNodegroup",
    {"clusterName": "{it.parent_id}", "nodegroupName": "{it.id}"},
    "eks:DescribeNodegroup",
    gone=GONE,
)

Nodes: TypeAlias = Literal["auto-mode", "fargate", "images-of-eks", "own-images", "mixed", "unseen"]

_LAST_OF_AMAZON_LINUX_2: Final = date(2025, 11, 26)
"""The day on which EKS stopped to publish images of Amazon Linux 2.

https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-build-scripts.html
"""


def _api_open(answer: Answer) -> bool:
    """Whether its public endpoint answers everybody.

    https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
    """
    network = answer["cluster"]["resourcesVpcConfig"]
    if not network["endpointPublicAccess"]:
        return False
    blocks = [ipaddress.ip_network(text, strict=False) for text in network["publicAccessCidrs"]]
    old = ipaddress.collapse_addresses(block for block in blocks if isinstance(block, ipaddress.IPv4Network))
    new = ipaddress.collapse_addresses(block for block in blocks if isinstance(block, ipaddress.IPv6Network))
    return any(block.prefixlen == 0 for block in old) or any(block.prefixlen == 0 for block in new)


class EksNodeGroup(NodePool, type_id="aws.eks.nodegroup"):
    """A managed node group. Its uid is its ARN without the last part, which no list tells."""

    listed = Listing(
        uid="arn:{scope.partition}:eks:{region}:{scope.account}:nodegroup/{parent.name}/{name}",
        name="{name}",
        call=NODE_GROUPS,
        parent=Cluster,
        within=lambda name: ({"name": name},),
    )
    cluster = Fact[str]("The uid of its cluster.").listed("{parent.uid}")
    tags = NodePool.tags.read(NODE_GROUP, lambda a: a["nodegroup"].get("tags") or {})
    image = Fact[str]("The sort of its nodes' image; `CUSTOM` where it is the customer's.").read(
        NODE_GROUP, lambda a: a["nodegroup"]["amiType"]
    )

    @derived(reads=[image])
    def updates(self) -> Updates:
        """How patches of its nodes' operating system arrive.

        https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html
        """
        if self.image == "CUSTOM":
            untold("its nodes start from an image of yours, and nothing tells how that is patched")
        if not (self.image.startswith("AL2_") and self.taken_at.date() >= _LAST_OF_AMAZON_LINUX_2):
            untold("EKS publishes patched images, and no setting tells who puts them in place, or when")
        return "unsupported"


class EksCluster(Cluster, type_id="aws.eks.cluster"):
    """A cluster."""

    listed = Listing(
        uid="arn:{scope.partition}:eks:{region}:{scope.account}:cluster/{name}",
        name="{name}",
        call=CLUSTERS,
        within=lambda name: ({"name": name},),
    )
    last_change = history_of("eks", events=("Cluster", "TagResource"))
    tags = Fact[Mapping[str, str]]("Its tags, by name.").read(CLUSTER, lambda a: a["cluster"].get("tags") or {})
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_ComputeConfigResponse.html
    auto_mode = Fact[bool]("EKS makes, patches and replaces machines for it.").read(
        CLUSTER, lambda a: bool((a["cluster"].get("computeConfig") or {}).get("enabled"))
    )
    api_open = Cluster.api_open.read(CLUSTER, _api_open)
    # Without a key of the customer's, AWS encrypts with its own:
    # https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
    secrets_encrypted = Cluster.secrets_encrypted.read(CLUSTER, lambda a: bool(a["cluster"].get("encryptionConfig")))
    profiles = Fact[tuple[str, ...]]("Names of its Fargate profiles.").read(
        PROFILES, lambda a: tuple(a["fargateProfileNames"])
    )

    @derived(reads=[auto_mode, profiles, every(EksNodeGroup, EksNodeGroup.cluster, EksNodeGroup.image)])
    def nodes(self) -> Nodes:
        """What its workloads run on, as far as EKS knows."""
        images = [group.image for group in self.every(EksNodeGroup) if group.cluster == self.uid]
        if not images:
            return "auto-mode" if self.auto_mode else "fargate" if self.profiles else "unseen"
        own = [image == "CUSTOM" for image in images]
        if self.auto_mode or self.profiles or (any(own) and not all(own)):
            return "mixed"
        return "own-images" if any(own) else "images-of-eks"

    @derived(reads=[nodes])
    def updates(self) -> Updates:
        """How patches of its nodes arrive, where EKS alone runs them; node groups are judged by themselves.

        https://docs.aws.amazon.com/eks/latest/userguide/automode-learn-instances.html
        https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html
        """
        if self.nodes == "unseen":
            untold("EKS knows of no nodes of it, so that any it has are machines of yours")
        if self.nodes not in ("auto-mode", "fargate"):
            untold("its node groups are judged by themselves")
        return "automatic"
