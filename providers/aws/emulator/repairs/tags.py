"""Tags, which stand in the estate file by the kind of what carries them and its name."""

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.buckets import find_bucket
from providers.aws.emulator.wire import Operation


def get_bucket_tagging(account: Account, operation: Operation) -> Members:
    """A bucket's tags.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html: without any the answer is NoSuchTagSet.
    """
    tags = _tags(account, "bucket", find_bucket(account, operation).name)
    if not tags:
        raise Refused(404, "NoSuchTagSet", "The TagSet does not exist")
    return {"TagSet": tags}


def list_tags_of_access_point(account: Account, operation: Operation) -> Members:
    """An access point's tags, in the region of its ARN.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListTagsForResource.html
    """
    arn = operation.parameters["resourceArn"]
    name = arn.rpartition(":accesspoint/")[2]
    known = name in account.world.s3control.access_points[account.number]
    if not known or arn.split(":")[3] != operation.region:
        raise Refused(404, "NoSuchAccessPoint", "The specified accesspoint does not exist")
    return {"Tags": _tags(account, "access-point", name)}


def list_policy_tags(account: Account, operation: Operation) -> Members:
    """A managed policy's tags; https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html."""
    arn = operation.parameters["PolicyArn"]
    if arn not in account.world.iam.managed_policies:
        raise Refused(404, "NoSuchEntity", f"Policy {arn} was not found.")
    return {"Tags": _tags(account, "policy", arn.rpartition("/")[2]), "IsTruncated": False}


def list_trail_tags(account: Account, operation: Operation) -> Members:
    """The tags of trails, by their ARNs, in their home region.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html. Moto has none of what was not
    tagged through it.
    """
    trails = account.world.cloudtrail(operation.region).trails.values()
    known = {trail.arn: trail.trail_name for trail in trails}
    asked = operation.parameters["ResourceIdList"].split()
    for arn in asked:
        if arn not in known:
            raise Refused(400, "ResourceNotFoundException", f"Trail {arn} is not found.")
    return {"ResourceTagList": [{"ResourceId": arn, "TagsList": _tags(account, "trail", known[arn])} for arn in asked]}


def describe_load_balancer_tags(account: Account, operation: Operation) -> Members:
    """Tags of load balancers, by their ARNs.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
    """
    asked = [value for name, value in operation.parameters.items() if name.startswith("ResourceArns.member.")]
    known = {item.name for item in account.estate.load_balancers if item.region == operation.region}
    for arn in asked:
        if arn.split("/")[-2] not in known:
            raise Refused(400, "LoadBalancerNotFound", f"Load balancers '[{arn}]' not found")
    return {
        "TagDescriptions": [
            {"ResourceArn": arn, "Tags": _tags(account, "load-balancer", arn.split("/")[-2])} for arn in asked
        ]
    }


def list_function_tags(account: Account, operation: Operation) -> Members:
    """A function's tags; https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html."""
    arn = operation.parameters["Resource"]
    name = arn.rpartition(":")[2]
    if (name, operation.region) not in {(item.name, item.region) for item in account.estate.functions}:
        raise Refused(404, "ResourceNotFoundException", f"The resource you requested does not exist: {arn}")
    return {"Tags": account.estate.tags.get("function", {}).get(name, {})}


def list_parameter_group_tags(account: Account, operation: Operation) -> Members:
    """A parameter group's tags.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ListTagsForResource.html
    """
    kind, _, name = operation.parameters["ResourceName"].partition(f":{account.number}:")[2].partition(":")
    if kind != "pg":
        raise NotImplementedError(f"no tags of {operation.parameters['ResourceName']}")
    return {"TagList": _tags(account, "parameter-group", name)}


def list_container_tags(account: Account, operation: Operation) -> Members:
    """Tags of a service or a cluster, whose keys ECS writes small.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
    """
    kind, _, name = operation.parameters["resourceArn"].rpartition(":")[2].partition("/")
    tags = account.estate.tags.get(kind, {}).get(name, {})
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


def _tags(account: Account, kind: str, name: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in account.estate.tags.get(kind, {}).get(name, {}).items()]
