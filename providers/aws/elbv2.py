"""Elastic Load Balancing: application load balancers, and the web application firewall before them.

A network or gateway load balancer passes packets on and looks into none, so it is no place for a filter.
"""

from __future__ import annotations

from collections.abc import Iterable

from providers.aws.event_history import history_of
from providers.aws.reach import known
from providers.aws.security_groups import SecurityGroup
from providers.aws.tags import by_name
from scanner.facts import Answer, Call, Fact, Relations, Unread, UnreadFact, derived
from scanner.kinds import LoadBalancer, Opening
from scanner.model import Listing

LOAD_BALANCERS = Call(
    "elbv2",
    "DescribeLoadBalancers",
    {"PageSize": 400},
    needs="elasticloadbalancing:DescribeLoadBalancers",
    items="LoadBalancers",
    regional=True,
)
TAGS = Call(
    "elbv2",
    "DescribeTags",
    {"ResourceArns": ("{it.uid}",)},
    "elasticloadbalancing:DescribeTags",
    items="TagDescriptions",
    gone=("LoadBalancerNotFound",),
)
# The service asks for the permission of what is guarded, and of the web ACL that it answers.
# https://docs.aws.amazon.com/waf/latest/APIReference/API_GetWebACLForResource.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
WEB_ACL = Call(
    "wafv2",
    "GetWebACLForResource",
    {"ResourceArn": "{it.uid}"},
    needs=("wafv2:GetWebACLForResource", "wafv2:GetWebACL", "elasticloadbalancing:GetLoadBalancerWebACL"),
)


def _applications(item: Answer) -> Iterable[Answer]:
    return (item,) if item["Type"] == "application" else ()


def _groups(item: Answer) -> tuple[str, ...]:
    partition, _, region, account = item["LoadBalancerArn"].split(":")[1:5]
    return tuple(f"arn:{partition}:ec2:{region}:{account}:security-group/{each}" for each in item["SecurityGroups"])


def _openings(group: SecurityGroup) -> tuple[Opening, ...] | Unread:
    return known(lambda: group.openings)


class ApplicationLoadBalancer(LoadBalancer, type_id="aws.elbv2.load_balancer"):
    """An application load balancer."""

    listed = Listing(uid="{LoadBalancerArn}", name="{LoadBalancerName}", call=LOAD_BALANCERS, within=_applications)
    last_change = history_of("elasticloadbalancing", "{it.uid}")
    tags = LoadBalancer.tags.from_bulk(
        TAGS, row_key="ResourceArn", key="{it.uid}", take=lambda row: by_name(row["Tags"])
    )
    public_address = Fact[bool]("It was made with addresses on the internet.").listed(
        lambda item: item["Scheme"] != "internal"
    )
    groups = Relations[SecurityGroup]("Its security groups.").listed(_groups)
    web_acl = Fact[str | None]("The web ACL that looks at requests for it.").read(
        WEB_ACL, lambda a: str(a["WebACL"]["ARN"]) if "WebACL" in a else None
    )

    @derived(reads=[public_address, groups / SecurityGroup.openings])
    def internet_facing(self) -> bool:
        """It has addresses on the internet, and a security group that lets everybody reach some port of it.

        One that only a content delivery network may reach is a part of that network's side.
        """
        if not self.public_address:
            return False
        opened = [_openings(group) for group in self.groups]
        if any(one.protocol in ("tcp", "any") for each in opened if isinstance(each, tuple) for one in each):
            return True
        doubts = [each for each in opened if isinstance(each, Unread)]
        if doubts:
            raise UnreadFact(*doubts)
        return False

    @derived(reads=[web_acl])
    def filtered(self) -> bool:
        """A web ACL is attached to it."""
        return self.web_acl is not None
