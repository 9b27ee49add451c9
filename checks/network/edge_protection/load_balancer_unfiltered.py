"""Applications that take the internet's requests unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import LoadBalancer


@check("load-balancer-unfiltered", severity="medium", reads=[LoadBalancer.internet_facing, LoadBalancer.filtered])
def unfiltered(balancer: LoadBalancer) -> Reasons:
    """A load balancer that the internet can reach has a web application firewall.

    What everybody may send requests to gets all of them: injected queries, requests forged for the server's own
    network, the exploit of this morning. A filter refuses the known ones while the application is being mended, and
    shows the others. It is one attached badly that fails next: what it lets through is for a test to say, not for this
    check. A load balancer that passes packets on, and looks into none, is not judged.

    Fix: attach a web ACL, first with rules that only count. On AWS: `aws wafv2 associate-web-acl --web-acl-arn ACL
    --resource-arn ARN`. Where a content delivery network filters before it, let nobody else in: allow only its prefix
    list in the security group, and this check passes.

    References:
    https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html
    https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html
    """
    if balancer.internet_facing and not balancer.filtered:
        yield Reason("anybody can send it requests, and no web application firewall looks at them")


unfiltered.passes(LoadBalancer.given(internet_facing=True, filtered=True))
unfiltered.passes(LoadBalancer.given(internet_facing=False, filtered=False))
unfiltered.fails(LoadBalancer.given(internet_facing=True, filtered=False))
unfiltered.unknown(LoadBalancer.given(internet_facing=True, filtered=Unread.denied("wafv2:GetWebACLForResource")))
unfiltered.unknown(LoadBalancer.given(internet_facing=Unread.denied("ec2:DescribeSecurityGroups"), filtered=False))
