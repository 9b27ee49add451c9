"""Access points that let anyone in."""

from __future__ import annotations

from providers.aws.s3 import S3AccessPoint
from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("access-point-public", severity="high", reads=[S3AccessPoint.access])
def public(point: S3AccessPoint) -> Reasons:
    """An access point lets in only parties that you named.

    Buckets commonly hand the decision to their access points, so that a public policy on one of them opens the bucket
    although the bucket's own policy names nobody. Access points are seldom looked at when a bucket is reviewed.

    Fix: name the accounts or roles in the access point's policy, or take the policy away. On AWS: `aws s3control
    delete-access-point-policy --account-id ID --name NAME`. Then switch on the account's public access block.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
    """
    for allowed in point.access.by("anyone").to("read", "list", "write", "admin"):
        party = f"{allowed.text} in ({allowed.may})"
        yield Reason(f"the {allowed.via} lets {party}, as far as the bucket agrees", allowed.witness)


public.passes(S3AccessPoint.given(access=Access.none()))
public.passes(S3AccessPoint.given(access=Access.of(who="named", may="read", via="access point policy")))
public.fails(S3AccessPoint.given(access=Access.of(who="anyone", may="read", via="access point policy")))
public.unknown(S3AccessPoint.given(access=Unread.denied("s3:GetAccessPointPolicy")))
