"""S3 access points, which belong to a region."""

from moto.s3control.models import AccessPoint

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation


def list_access_points(account: Account, operation: Operation) -> Members:
    """The access points of the region that is asked, of one bucket if asked so.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListAccessPoints.html: "Returns a list of the access
    points that are owned by the Amazon Web Services account" in the region of the endpoint, at most 1,000 a page.
    Moto has one list for all regions and writes us-east-1 into every ARN.
    """
    bucket = operation.parameters.get("bucket")
    chosen = [
        _summary(account, point)
        for _, point in sorted(account.world.s3control.access_points[account.number].items())
        if _region(account, point) == operation.region and bucket in (None, point.bucket)
    ]
    points, following = page(operation, chosen, limit="maxResults", token="nextToken", most=1000, default=1000)
    return {"AccessPointList": points, **({"NextToken": following} if following else {})}


def get_access_point(account: Account, operation: Operation) -> Members:
    """One access point.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessPoint.html. Moto answers for it in every
    region, with the endpoints and the ARN of us-east-1.
    """
    point = _find(account, operation)
    region = _region(account, point)
    return _summary(account, point) | {
        "PublicAccessBlockConfiguration": {name: value == "true" for name, value in point.pubc.items()},
        "CreationDate": point.created,
        "Endpoints": {"ipv4": f"s3-accesspoint.{region}.amazonaws.com"},
    }


def get_access_point_policy(account: Account, operation: Operation) -> Members:
    """An access point's policy, in its own region only; see `get_access_point`."""
    point = _find(account, operation)
    if point.policy is None:
        raise Refused(404, "NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist")
    return {"Policy": point.policy}


def _find(account: Account, operation: Operation) -> AccessPoint:
    name = operation.parameters["name"].rpartition("/")[2]
    point = account.world.s3control.access_points[account.number].get(name)
    if point is None or _region(account, point) != operation.region:
        raise Refused(404, "NoSuchAccessPoint", "The specified accesspoint does not exist")
    return point


def _region(account: Account, point: AccessPoint) -> str:
    bucket = account.world.s3.buckets.get(point.bucket)
    return "us-east-1" if bucket is None else bucket.region_name


def _summary(account: Account, point: AccessPoint) -> Members:
    region = _region(account, point)
    members: Members = {
        "Name": point.name,
        "NetworkOrigin": point.network_origin,
        "Bucket": point.bucket,
        "AccessPointArn": f"arn:aws:s3:{region}:{account.number}:accesspoint/{point.name}",
        "Alias": point.alias,
        "BucketAccountId": account.number,
    }
    return members | ({"VpcConfiguration": {"VpcId": point.vpc_id}} if point.vpc_id else {})
