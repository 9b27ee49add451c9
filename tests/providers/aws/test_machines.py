"""Instances and load balancers as the ordinary SDK tells of them, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from checks.network.edge_protection.load_balancer_unfiltered import unfiltered
from providers.aws import PROVIDER
from providers.aws.ec2 import Ec2Instance
from providers.aws.elbv2 import ApplicationLoadBalancer
from providers.aws.emulator import Emulator
from providers.aws.security_groups import Rule, SecurityGroup
from scanner.facts import FromListing, Unread
from scanner.model import Example
from tests.checks.judging import judge
from tests.providers import denial
from tests.providers.aws.emulator.conftest import Clients, clients_of

Told = Mapping[tuple[str, str], str]


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture(scope="module")
def told(account: Emulator) -> Told:
    settings = {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b", "home-region": "us-east-1"}
    scanned = denial.scan(PROVIDER, settings)
    assert account.unimplemented == []
    assert account.writes == []
    return {(finding.check, finding.resource.name): finding.status for finding in scanned.results.values()}


@pytest.mark.parametrize(
    ("check", "fail", "others"),
    [
        ("machine-public-address", {"jump-host", "gateway"}, {"shop": "pass"}),
        ("machine-forwards-packets", {"gateway"}, {"shop": "pass", "jump-host": "pass"}),
        ("machine-metadata-open", {"jump-host"}, {"shop": "pass", "gateway": "pass"}),
        (
            "load-balancer-unfiltered",
            {"forum"},
            {"shop": "pass", "intranet": "pass", "cdn-origin": "pass", "partner-api": "pass"},
        ),
    ],
)
def test_each_is_judged_and_nothing_else(told: Told, check: str, fail: set[str], others: dict[str, str]) -> None:
    """What was terminated is gone, and a network load balancer is no place for a filter."""
    found = {name: status for (about, name), status in told.items() if about == check}
    assert found == {**dict.fromkeys(fail, "fail"), **others}


def taken(fact: str, item: dict[str, Any]) -> Any:
    source = Ec2Instance.facts[fact].source
    assert isinstance(source, FromListing)
    assert callable(source.take)
    return source.take(item)


def test_every_address_of_every_interface_is_told_once() -> None:
    association = {"Association": {"PublicIp": "198.51.100.1", "IpOwnerId": "amazon"}}
    second = {"PrivateIpAddress": "10.0.0.5", "Association": {"PublicIp": "198.51.100.2"}}
    interfaces = [
        {**association, "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", **association}, second]},
        {"PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.4"}], "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}]},
        # Private: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#vpc-ipv6-addresses
        {"Ipv6Addresses": [{"Ipv6Address": "fd00:1234::7"}]},
        {"Association": {"CarrierIp": "198.51.100.9"}},
    ]
    item = {"PublicIpAddress": "198.51.100.1", "NetworkInterfaces": interfaces}
    assert taken("public_addresses", item) == ("198.51.100.1", "198.51.100.2", "2001:db8::1")
    with pytest.raises(KeyError):
        taken("public_addresses", {"PublicIpAddress": "198.51.100.1"})


@pytest.mark.parametrize("tokens", ["optional", "required"])
@pytest.mark.parametrize("endpoint", ["enabled", "disabled"])
def test_metadata_is_open_only_where_it_answers_without_a_token(tokens: str, endpoint: str) -> None:
    said = taken("metadata_service", {"MetadataOptions": {"HttpTokens": tokens, "HttpEndpoint": endpoint}})
    assert (said == "open") is (tokens == "optional" and endpoint == "enabled")
    with pytest.raises(KeyError):
        taken("metadata_service", {"MetadataOptions": {"HttpTokens": tokens}})


DENIED = Unread.denied("ec2:DescribeSecurityGroups")
OPEN = SecurityGroup.given("open", rules=(Rule("tcp", 443, 443, ("0.0.0.0/0",), ()),))
SHUT = SecurityGroup.given("shut", rules=(Rule("tcp", 443, 443, ("10.0.0.0/8",), ()),))
HIDDEN = SecurityGroup.given("hidden", rules=DENIED)


def balancer(*groups: SecurityGroup, public: bool | Unread = True, acl: str | Unread | None = None) -> Example:
    names = tuple(group.name for group in groups)
    return ApplicationLoadBalancer.given(public_address=public, groups=names, web_acl=acl).among(*groups)


@pytest.mark.parametrize(
    ("example", "status"),
    [
        (balancer(OPEN), "fail"),
        (balancer(OPEN, acl="arn"), "pass"),
        (balancer(SHUT), "pass"),
        (balancer(), "pass"),
        (balancer(HIDDEN, public=False), "pass"),
        (balancer(HIDDEN, OPEN), "fail"),
        (balancer(HIDDEN, SHUT), "unknown"),
        (balancer(OPEN, acl=Unread.denied("wafv2:GetWebACLForResource")), "unknown"),
        (balancer(SHUT, acl=Unread.denied("wafv2:GetWebACLForResource")), "pass"),
        (balancer(OPEN, public=Unread.denied("elasticloadbalancing:DescribeLoadBalancers")), "unknown"),
    ],
)
def test_whoever_can_be_reached_by_all_needs_a_filter(example: Example, status: str) -> None:
    assert judge(unfiltered, example).status == status


def test_a_group_of_somebody_elses_may_let_in_anybody() -> None:
    lost = ApplicationLoadBalancer.given(public_address=True, groups=("not-listed",), web_acl=None)
    assert judge(unfiltered, lost.among(SHUT)).status == "unknown"


@pytest.fixture(scope="module")
def client(account: Emulator) -> Clients:
    return clients_of(account)


def test_the_emulator_cuts_its_answers_into_pages(client: Clients) -> None:
    ec2, elb = client("ec2"), client("elbv2")
    lists = ec2.get_paginator("describe_managed_prefix_lists").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["PrefixLists"]) for page in lists] == [2, 2]
    assert len(ec2.describe_security_groups(MaxResults=5)["SecurityGroups"]) == 5
    balancers = elb.get_paginator("describe_load_balancers").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["LoadBalancers"]) for page in balancers] == [2, 2, 1]
    assert len(ec2.describe_instances(MaxResults=1000)["Reservations"]) == 3


def test_the_emulator_answers_no_web_acl_as_the_service_does(client: Clients) -> None:
    waf = client("wafv2")
    by_name = {each["LoadBalancerName"]: each for each in client("elbv2").describe_load_balancers()["LoadBalancers"]}
    assert waf.get_web_acl_for_resource(ResourceArn=by_name["shop"]["LoadBalancerArn"])["WebACL"]["Name"] == "shop"
    assert "WebACL" not in waf.get_web_acl_for_resource(ResourceArn=by_name["forum"]["LoadBalancerArn"])
    for arn in (by_name["mail"]["LoadBalancerArn"], by_name["forum"]["LoadBalancerArn"] + "f"):
        with pytest.raises(waf.exceptions.ClientError, match="WAF"):
            waf.get_web_acl_for_resource(ResourceArn=arn)
