"""Access points that nothing keeps from becoming public."""

from __future__ import annotations

from providers.aws.block import PublicAccessBlock
from providers.aws.s3 import S3AccessPoint
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check(
    "access-point-public-access-allowed",
    severity="medium",
    reads=[S3AccessPoint.from_internet, S3AccessPoint.block, S3AccessPoint.account_block],
)
def public_access_allowed(point: S3AccessPoint) -> Reasons:
    """An access point outside a VPC refuses public access by a switch.

    An access point is a second door to its bucket with a policy of its own. One flag that is off lets a public policy
    on it take effect, and the bucket's own settings do not show that.

    Fix: switch on the account's block, which holds for every access point. On AWS: `aws s3control
    put-public-access-block --account-id ID --public-access-block-configuration
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. The flags of an
    access point itself are set when it is made and cannot be changed: make it anew.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    if point.from_internet:
        for flag in (point.account_block | point.block).off:
            yield Reason(f"{flag} is off both for the access point and for the account")


ON, OFF = PublicAccessBlock.all_on(), PublicAccessBlock()
NO_POLICIES = PublicAccessBlock(block_public_policy=True, restrict_public_buckets=True)
public_access_allowed.passes(S3AccessPoint.given(from_internet=True, block=ON, account_block=OFF))
public_access_allowed.passes(S3AccessPoint.given(from_internet=True, block=OFF, account_block=ON))
public_access_allowed.passes(S3AccessPoint.given(from_internet=False, block=OFF, account_block=OFF))
public_access_allowed.fails(S3AccessPoint.given(from_internet=True, block=NO_POLICIES, account_block=OFF))
public_access_allowed.unknown(
    S3AccessPoint.given(from_internet=True, block=Unread.denied("s3:GetAccessPoint"), account_block=OFF)
)
