"""EC2's list of regions."""

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.wire import Operation

# Regions that an account has without asking for them:
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_ALWAYS_ON = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)


def describe_regions(account: Account, operation: Operation) -> Members:
    """The regions that are enabled; with AllRegions also those that are not.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html: AllRegions "indicates whether to
    display all Regions, including Regions that are disabled for your account", and `opt-in-status` is a filter.
    Moto lists a fixed set whatever is asked, and ignores that filter.
    """
    parameters = operation.parameters
    names = values(operation, "RegionName")
    regions = [_region(name, enabled=True) for name in account.estate.regions]
    if parameters.get("AllRegions") == "true" or names:
        regions += [_region(name, enabled=False) for name in account.estate.regions_off]
    wanted = _filters(operation)
    return {
        "Regions": [
            region
            for region in regions
            if (not names or region["RegionName"] in names)
            and region["OptInStatus"] in wanted.get("opt-in-status", (region["OptInStatus"],))
            and region["RegionName"] in wanted.get("region-name", (region["RegionName"],))
        ]
    }


def _region(name: str, *, enabled: bool) -> dict[str, str]:
    if not enabled:
        status = "not-opted-in"
    else:
        status = "opt-in-not-required" if name in _ALWAYS_ON else "opted-in"
    return {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": status}


def _filters(operation: Operation) -> dict[str, tuple[str, ...]]:
    found = {}
    number = 1
    while name := operation.parameters.get(f"Filter.{number}.Name"):
        found[name] = values(operation, f"Filter.{number}.Value")
        number += 1
    return found


def values(operation: Operation, prefix: str) -> tuple[str, ...]:
    """The members of a list that the query protocol has flattened to `prefix.1`, `prefix.2`, ..."""
    return tuple(value for name, value in operation.parameters.items() if name.startswith(f"{prefix}."))
