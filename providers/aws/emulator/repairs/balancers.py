"""Elastic Load Balancing, and the web ACLs that guard load balancers, as the estate has them."""

import uuid

from providers.aws.emulator.account import Account
from providers.aws.emulator.estate_network import LoadBalancer
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.machines import group_id, identifier
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation


def describe_load_balancers(account: Account, operation: Operation) -> Members:
    """Load balancers in pages.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html: PageSize is 1
    to 400; the answer has NextMarker where there are more. A network load balancer may have no security groups.
    """
    here = [item for item in account.estate.load_balancers if item.region == operation.region]
    chosen, following = page(operation, here, limit="PageSize", token="Marker", most=400, default=400)
    told = {"LoadBalancers": [_balancer(account, item) for item in chosen]}
    return told | ({"NextMarker": following} if following else {})


def get_web_acl_for_resource(account: Account, operation: Operation) -> Members:
    """The web ACL of a load balancer.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_GetWebACLForResource.html: the answer is empty where there
    is none, and an error for what cannot have one.
    """
    asked = operation.parameters.get("ResourceArn", "")
    for item in account.estate.load_balancers:
        if _arn(account, item) == asked and item.region == operation.region:
            if item.kind != "application":
                raise Refused(400, "WAFInvalidParameterException", "The ARN is of no resource that can be guarded.")
            return {"WebACL": _web_acl(account, item.web_acl, item.region)} if item.web_acl else {}
    raise Refused(400, "WAFNonexistentItemException", "AWS WAF couldn't find the resource.")


def _number(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_DNS, ".".join(parts)).hex[:16]


def _arn(account: Account, item: LoadBalancer) -> str:
    kind = "app" if item.kind == "application" else "net"
    path = f"loadbalancer/{kind}/{item.name}/{_number(item.name, item.region, account.number)}"
    return f"arn:aws:elasticloadbalancing:{item.region}:{account.number}:{path}"


def _web_acl(account: Account, name: str, region: str) -> Members:
    identity = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.{region}.{account.number}"))
    return {
        "Name": name,
        "Id": identity,
        "ARN": f"arn:aws:wafv2:{region}:{account.number}:regional/webacl/{name}/{identity}",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name},
        "Capacity": 700,
    }


def _balancer(account: Account, item: LoadBalancer) -> Members:
    members: Members = {
        "LoadBalancerArn": _arn(account, item),
        "LoadBalancerName": item.name,
        "DNSName": f"{item.name}-1.{item.region}.elb.amazonaws.com",
        "CreatedTime": account.days_ago(300),
        "Scheme": "internal" if item.internal else "internet-facing",
        "VpcId": identifier("vpc", item.region, account.number),
        "State": {"Code": "active"},
        "Type": item.kind,
        "IpAddressType": "ipv4",
    }
    groups = [group_id(account, each, item.region) for each in item.groups]
    return members | ({"SecurityGroups": groups} if groups else {})
