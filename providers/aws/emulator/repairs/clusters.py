"""EKS, as the estate has it."""

import uuid

from providers.aws.emulator import estate_software as estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation


def list_clusters(account: Account, operation: Operation) -> Members:
    """Names of clusters: https://docs.aws.amazon.com/eks/latest/APIReference/API_ListClusters.html."""
    names = [item.name for item in account.estate.clusters if item.region == operation.region]
    return _page(operation, names, "clusters")


def describe_cluster(account: Account, operation: Operation) -> Members:
    """A cluster: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html."""
    item = _cluster(account, operation, "name")
    key = {"resources": ["secrets"], "provider": {"keyArn": account.key_arn(item.key)}} if item.key else None
    cluster: Members = {
        "name": item.name,
        "arn": f"arn:aws:eks:{item.region}:{account.number}:cluster/{item.name}",
        "createdAt": account.days_ago(200),
        "version": "1.34",
        "status": "ACTIVE",
        "resourcesVpcConfig": {
            "endpointPublicAccess": item.public,
            "endpointPrivateAccess": True,
            "publicAccessCidrs": list(item.networks) if item.public else [],
        },
        "tags": item.tags,
    }
    if key is not None:
        cluster["encryptionConfig"] = [key]
    if item.auto_mode:
        cluster["computeConfig"] = {"enabled": True, "nodePools": ["general-purpose", "system"]}
    return {"cluster": cluster}


def list_fargate_profiles(account: Account, operation: Operation) -> Members:
    """Names of profiles: https://docs.aws.amazon.com/eks/latest/APIReference/API_ListFargateProfiles.html."""
    return _page(operation, [*_cluster(account, operation, "name").profiles], "fargateProfileNames")


def list_nodegroups(account: Account, operation: Operation) -> Members:
    """Names of node groups: https://docs.aws.amazon.com/eks/latest/APIReference/API_ListNodegroups.html."""
    return _page(operation, [group.name for group in _cluster(account, operation, "name").node_groups], "nodegroups")


def describe_nodegroup(account: Account, operation: Operation) -> Members:
    """A node group: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeNodegroup.html."""
    cluster = _cluster(account, operation, "name")
    for group in cluster.node_groups:
        if group.name == operation.parameters["nodegroupName"]:
            place = f"{cluster.name}/{group.name}"
            own = uuid.uuid5(uuid.NAMESPACE_DNS, place)
            return {
                "nodegroup": {
                    "nodegroupName": group.name,
                    "nodegroupArn": f"arn:aws:eks:{cluster.region}:{account.number}:nodegroup/{place}/{own}",
                    "clusterName": cluster.name,
                    "status": "ACTIVE",
                    "amiType": group.image,
                    "createdAt": account.days_ago(150),
                    "tags": group.tags,
                }
            }
    raise Refused(404, "ResourceNotFoundException", "No node group found for name.")


def _cluster(account: Account, operation: Operation, parameter: str) -> estate.Cluster:
    name = operation.parameters[parameter]
    for item in account.estate.clusters:
        if (item.name, item.region) == (name, operation.region):
            return item
    raise Refused(404, "ResourceNotFoundException", f"No cluster found for name: {name}.")


def _page(operation: Operation, names: list[str], member: str) -> Members:
    chosen, following = page(operation, names, limit="maxResults", token="nextToken", most=100, default=100)
    return {member: list(chosen)} | ({"nextToken": following} if following else {})
