"""EC2: instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, Final, Literal

from providers.aws.event_history import history_of
from providers.aws.security_groups import tags_of
from scanner.facts import Answer, Call, Fact
from scanner.kinds import Machine
from scanner.model import Listing

INSTANCES = Call(
    "ec2",
    "DescribeInstances",
    {"MaxResults": 1000},
    needs="ec2:DescribeInstances",
    items="Reservations",
    regional=True,
)

_UNIQUE_LOCAL: Final = ip_network("fc00::/7")

MetadataService = Literal["off", "with-token", "open"]
"""`open`: it still answers requests without a session token, as its first version did."""


def _there(reservation: Answer) -> Iterable[Answer]:
    # One that was terminated is told of for an hour, and never starts again.
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
    return [one for one in reservation["Instances"] if one["State"]["Name"] not in ("shutting-down", "terminated")]


def _name(item: Answer) -> str:
    """What its owners call it, where they say."""
    return tags_of(item).get("Name") or str(item["InstanceId"])


def _public_addresses(item: Answer) -> tuple[str, ...]:
    """Its own IPv4 addresses, and IPv6 addresses but unique local ones, which nobody routes from outside.

    That a range of global ones is kept from the internet is told of its VPC alone.
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#vpc-ipv6-addresses
    """
    found: list[str] = [item["PublicIpAddress"]] if "PublicIpAddress" in item else []
    for interface in item["NetworkInterfaces"]:
        associated = [interface, *interface.get("PrivateIpAddresses", ())]
        found += [each["Association"]["PublicIp"] for each in associated if "PublicIp" in each.get("Association", {})]
        sixes = [str(each["Ipv6Address"]) for each in interface.get("Ipv6Addresses", ())]
        found += [each for each in sixes if ip_address(each) not in _UNIQUE_LOCAL]
    return tuple(dict.fromkeys(found))


def _metadata_service(item: Answer) -> MetadataService:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html."""
    options: Mapping[str, Any] = item["MetadataOptions"]
    if options["HttpEndpoint"] == "disabled":
        return "off"
    return "with-token" if options["HttpTokens"] == "required" else "open"


def _forwards(item: Answer) -> bool:
    """An interface whose sources and destinations are not checked may carry the traffic of others."""
    return not all(interface["SourceDestCheck"] for interface in item["NetworkInterfaces"])


class Ec2Instance(Machine, type_id="aws.ec2.instance"):
    """An EC2 instance. One that was terminated is left out."""

    listed = Listing(
        uid="arn:{scope.partition}:ec2:{region}:{scope.account}:instance/{InstanceId}",
        name=_name,
        call=INSTANCES,
        within=_there,
    )
    last_change = history_of("ec2", "{it.id}")
    tags = Fact[Mapping[str, str]]("Its tags, by name.").listed(tags_of)
    public_addresses = Machine.public_addresses.listed(_public_addresses)
    forwards_packets = Machine.forwards_packets.listed(_forwards)
    metadata_service = Fact[MetadataService]("Whom its metadata service answers, credentials of its role included.")
    metadata_service = metadata_service.listed(_metadata_service)
