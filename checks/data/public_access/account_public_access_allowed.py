"""Accounts whose buckets may become public."""

from __future__ import annotations

from providers.aws.account import AwsAccount
from providers.aws.block import PublicAccessBlock
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("account-public-access-allowed", severity="medium", reads=[AwsAccount.public_access_block])
def public_access_allowed(account: AwsAccount) -> Reasons:
    """The account refuses public access to all of its buckets, those of tomorrow too.

    The switch of a single bucket can be forgotten when the bucket is made, and taken off by whoever administers it. The
    account's holds for every bucket and access point in every region, and few people need the right to change it.

    Fix: check that no bucket is meant to be public, then switch all four on. On AWS: `aws s3control
    put-public-access-block --account-id ID --public-access-block-configuration
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    for flag in account.public_access_block.off:
        yield Reason(f"{flag} is off for the account")


public_access_allowed.passes(AwsAccount.given(public_access_block=PublicAccessBlock.all_on()))
public_access_allowed.fails(AwsAccount.given(public_access_block=PublicAccessBlock()))
public_access_allowed.fails(AwsAccount.given(public_access_block=PublicAccessBlock(True, True, True, False)))
public_access_allowed.unknown(AwsAccount.given(public_access_block=Unread.denied("s3:GetAccountPublicAccessBlock")))
