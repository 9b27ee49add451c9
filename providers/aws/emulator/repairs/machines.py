"""EC2's instances, security groups and prefix lists, as the estate has them.

Moto is not asked: its part for EC2 takes a second to load and fills each region with networks and images of its own,
which every emulator would wait for.
"""

import uuid

from providers.aws.emulator import estate_network as estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation

# Lists that AWS keeps: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_LISTS_OF_AWS = ("com.amazonaws.global.cloudfront.origin-facing", "com.amazonaws.{region}.s3")


def identifier(prefix: str, *parts: str) -> str:
    """An id such as `sg-0123456789abcdef0`, the same in every run."""
    return f"{prefix}-0{uuid.uuid5(uuid.NAMESPACE_DNS, '.'.join((prefix, *parts))).hex[:16]}"


def group_id(account: Account, name: str, region: str) -> str:
    """The id of one of the estate's security groups."""
    return identifier("sg", name, region, account.number)


def describe_instances(account: Account, operation: Operation) -> Members:
    """Instances in pages, each in a reservation of its own.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html: MaxResults is 5 to 1,000; all
    are answered without it. One that was terminated is still told of, without its interface.
    """
    here = [item for item in account.estate.instances if item.region == operation.region]
    chosen, following = page(operation, here, limit="MaxResults", token="NextToken", most=1000, default=None)
    reservations = [
        {
            "ReservationId": identifier("r", item.name, item.region),
            "OwnerId": account.number,
            "Instances": [_instance(account, item)],
        }
        for item in chosen
    ]
    return {"Reservations": reservations} | ({"NextToken": following} if following else {})


def describe_security_groups(account: Account, operation: Operation) -> Members:
    """Security groups in pages, the default one of the region's VPC among them.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html: MaxResults is 5 to 1,000;
    all are answered without it.
    """
    # Rules of a new default group: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    default = estate.SecurityGroup(
        name="default", region=operation.region, rules=(estate.InboundRule(protocol="-1", groups=("default",)),)
    )
    own = [item for item in account.estate.security_groups if item.region == operation.region]
    held = own if any(item.name == "default" for item in own) else [default, *own]
    chosen, following = page(operation, held, limit="MaxResults", token="NextToken", most=1000, default=None)
    groups = [_group(account, item) for item in chosen]
    return {"SecurityGroups": groups} | ({"NextToken": following} if following else {})


def describe_managed_prefix_lists(account: Account, operation: Operation) -> Members:
    """AWS's prefix lists and the account's own, in pages.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeManagedPrefixLists.html: MaxResults is 1 to 100.
    """
    names = [(name.format(region=operation.region), "AWS") for name in _LISTS_OF_AWS]
    names += [(item.name, account.number) for item in account.estate.prefix_lists if item.region == operation.region]
    chosen, following = page(operation, names, limit="MaxResults", token="NextToken", most=100, default=100)
    lists = [_list(name, owner, operation.region) for name, owner in chosen]
    return {"PrefixLists": lists} | ({"NextToken": following} if following else {})


def _list(name: str, owner: str, region: str) -> Members:
    identity = _list_id(name, region)
    return {
        "PrefixListId": identity,
        "PrefixListArn": f"arn:aws:ec2:{region}:{owner.lower()}:prefix-list/{identity}",
        "PrefixListName": name,
        "AddressFamily": "IPv4",
        "State": "create-complete",
        "OwnerId": owner,
    }


def get_managed_prefix_list_entries(account: Account, operation: Operation) -> Members:
    """The ranges on one of the account's lists, in pages.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetManagedPrefixListEntries.html: MaxResults is 1 to 100.
    """
    asked = operation.parameters.get("PrefixListId", "")
    for item in account.estate.prefix_lists:
        if item.region == operation.region and _list_id(item.name, item.region) == asked:
            chosen, following = page(
                operation, item.ranges, limit="MaxResults", token="NextToken", most=100, default=100
            )
            entries = {"Entries": [{"Cidr": each} for each in chosen]}
            return entries | ({"NextToken": following} if following else {})
    raise Refused(400, "InvalidPrefixListID.NotFound", f"The prefix list ID '{asked}' does not exist")


def _list_id(name: str, region: str) -> str:
    return identifier("pl", name.format(region=region), region)


def _group(account: Account, item: estate.SecurityGroup) -> Members:
    members: Members = {
        "GroupId": group_id(account, item.name, item.region),
        "GroupName": item.name,
        "Description": item.name,
        "OwnerId": account.number,
        "VpcId": identifier("vpc", item.region, account.number),
        "IpPermissions": [_permission(account, rule, item.region) for rule in item.rules],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    }
    return members | _tags(item.tags)


def _permission(account: Account, rule: estate.InboundRule, region: str) -> Members:
    ports = {} if rule.protocol == "-1" else dict(zip(("FromPort", "ToPort"), rule.ports or (0, 65535), strict=True))
    groups = [{"GroupId": group_id(account, each, region), "UserId": account.number} for each in rule.groups]
    return {
        "IpProtocol": rule.protocol,
        **ports,
        "IpRanges": [{"CidrIp": each} for each in rule.ranges if ":" not in each],
        "Ipv6Ranges": [{"CidrIpv6": each} for each in rule.ranges if ":" in each],
        "PrefixListIds": [{"PrefixListId": _list_id(each, region)} for each in rule.lists],
        "UserIdGroupPairs": groups,
    }


def _tags(tags: dict[str, str]) -> Members:
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}


def _instance(account: Account, item: estate.Instance) -> Members:
    code = {"running": 16, "terminated": 48, "stopped": 80}[item.state]
    members: Members = {
        "InstanceId": identifier("i", item.name, item.region, account.number),
        "ImageId": identifier("ami", item.region),
        "State": {"Code": code, "Name": item.state},
        "InstanceType": "t3.small",
        "LaunchTime": account.days_ago(100),
        "Placement": {"AvailabilityZone": f"{item.region}a", "Tenancy": "default"},
        "MetadataOptions": {
            "State": "applied",
            "HttpTokens": "required" if item.metadata == "required" else "optional",
            "HttpPutResponseHopLimit": item.hop_limit,
            "HttpEndpoint": "disabled" if item.metadata == "disabled" else "enabled",
            "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled",
        },
    }
    if item.role:
        arn = f"arn:aws:iam::{account.number}:instance-profile/{item.role}"
        members["IamInstanceProfile"] = {"Arn": arn, "Id": "AIPAEXAMPLEPROFILE001"}
    if item.state != "terminated":
        members |= _network(account, item)
    return members | _tags({"Name": item.name, **item.tags})


def _network(account: Account, item: estate.Instance) -> Members:
    groups = [{"GroupId": group_id(account, each, item.region), "GroupName": each} for each in item.groups]
    association = {"PublicIp": item.public_address, "IpOwnerId": "amazon"} if item.public_address else None
    address: Members = {"PrivateIpAddress": "10.0.0.10", "Primary": True}
    interface: Members = {
        "NetworkInterfaceId": identifier("eni", item.name, item.region, account.number),
        "OwnerId": account.number,
        "PrivateIpAddress": "10.0.0.10",
        "PrivateIpAddresses": [address | ({"Association": association} if association else {})],
        "Ipv6Addresses": [{"Ipv6Address": item.ipv6_address}] if item.ipv6_address else [],
        "SourceDestCheck": not item.forwards,
        "Status": "in-use",
        "Groups": groups,
    }
    return {
        "NetworkInterfaces": [interface | ({"Association": association} if association else {})],
        "SecurityGroups": groups,
        "SourceDestCheck": not item.forwards,
        "PrivateIpAddress": "10.0.0.10",
        **({"PublicIpAddress": item.public_address} if item.public_address else {}),
    }
