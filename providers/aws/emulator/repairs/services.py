"""ECS, as the estate has it."""

from providers.aws.emulator import estate_software as estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation


def list_clusters(account: Account, operation: Operation) -> Members:
    """ARNs of clusters: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html."""
    names = dict.fromkeys(item.cluster for item in _here(account, operation))
    chosen, following = page(operation, [*names], limit="maxResults", token="nextToken", most=100, default=100)
    arns = [_arn(account, operation.region, "cluster", name) for name in chosen]
    return {"clusterArns": arns} | ({"nextToken": following} if following else {})


def list_services(account: Account, operation: Operation) -> Members:
    """ARNs of services: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html."""
    held = _of_cluster(account, operation)
    chosen, following = page(operation, held, limit="maxResults", token="nextToken", most=100, default=10)
    arns = [_service_arn(account, item) for item in chosen]
    return {"serviceArns": arns} | ({"nextToken": following} if following else {})


def describe_services(account: Account, operation: Operation) -> Members:
    """Services by name or ARN; what is not there is a failure beside them.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    held = {_service_arn(account, item): item for item in _of_cluster(account, operation)}
    asked = operation.parameters["services"].split()
    arns = [
        one if one.startswith("arn:") else next((arn for arn in held if arn.endswith(f"/{one}")), one) for one in asked
    ]
    return {
        "services": [_service(account, held[arn]) for arn in arns if arn in held],
        "failures": [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in held],
    }


def _here(account: Account, operation: Operation) -> list[estate.Service]:
    return [item for item in account.estate.services if item.region == operation.region]


def _of_cluster(account: Account, operation: Operation) -> list[estate.Service]:
    cluster = operation.parameters.get("cluster", "default").rpartition("/")[2]
    found = [item for item in _here(account, operation) if item.cluster == cluster]
    if not found:
        raise Refused(400, "ClusterNotFoundException", "Cluster not found.")
    return found


def _arn(account: Account, region: str, *parts: str) -> str:
    return f"arn:aws:ecs:{region}:{account.number}:{'/'.join(parts)}"


def _service_arn(account: Account, item: estate.Service) -> str:
    return _arn(account, item.region, "service", item.cluster, item.name)


def _service(account: Account, item: estate.Service) -> Members:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html."""
    strategy = [{"capacityProvider": name, "weight": 1, "base": 0} for name in item.providers]
    launched: Members = {"launchType": item.launch} if item.launch else {"capacityProviderStrategy": strategy}
    return {
        "serviceArn": _service_arn(account, item),
        "serviceName": item.name,
        "clusterArn": _arn(account, item.region, "cluster", item.cluster),
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": 2,
        "pendingCount": 0,
        "taskDefinition": _arn(account, item.region, "task-definition", f"{item.name}:7"),
        "schedulingStrategy": "REPLICA",
    } | launched
