"""Machines whose metadata service answers whoever makes them ask."""

from __future__ import annotations

from providers.aws.ec2 import Ec2Instance
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("machine-metadata-open", severity="high", reads=[Ec2Instance.metadata_service])
def metadata_open(machine: Ec2Instance) -> Reasons:
    """A machine's metadata service answers nobody without a session token.

    The service hands the machine the keys of its role. In its first version a plain GET is enough, and so a program
    that can be talked into fetching an address for somebody else, a proxy or a filter that is set up wrongly, hands
    them on to the internet. A session token takes a PUT and a header first, which such a program does not send.

    Fix: see by the metric MetadataNoToken that nothing asks without a token any more, then refuse requests without one.
    On AWS: `aws ec2 modify-instance-metadata-options --instance-id ID --http-tokens required
    --http-put-response-hop-limit 1`; for machines of tomorrow `aws ec2 modify-instance-metadata-defaults --http-tokens
    required`, in each region.

    References:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-transition-to-version-2.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
    """
    if machine.metadata_service == "open":
        yield Reason("its metadata service answers requests without a session token")


metadata_open.passes(Ec2Instance.given(metadata_service="with-token"))
metadata_open.passes(Ec2Instance.given(metadata_service="off"))
metadata_open.fails(Ec2Instance.given(metadata_service="open"))
metadata_open.unknown(Ec2Instance.given(metadata_service=Unread.denied("ec2:DescribeInstances")))
