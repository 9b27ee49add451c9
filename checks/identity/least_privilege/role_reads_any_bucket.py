"""Roles that can read whatever the account keeps in buckets."""

from __future__ import annotations

from providers.aws.iam import IamRole
from scanner.access import Witness
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("role-reads-any-bucket", severity="high", reads=[IamRole.reads_any_bucket])
def reads_any_bucket(role: IamRole) -> Reasons:
    """A role reads the buckets that its task is about, and no others.

    A role is taken on by machines and programs, and by whoever gets into one of them. If its policies name no bucket,
    that one break-in copies all that the account stores, that of other teams too; this is how the records of a hundred
    million people left a bank in 2019. Administrators fail here as well: they can read everything. A bucket whose own
    policy refuses the role is out of its reach all the same.

    Fix: name the buckets, and the prefixes where that is enough, in the role's policies: `"Resource":
    "arn:aws:s3:::BUCKET/PREFIX/*"`. On AWS: `aws iam generate-service-last-accessed-details --arn ARN --granularity
    ACTION_LEVEL` tells whether it reads any at all. A bucket that few may read can refuse the others in its own policy.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_id-based-policy-examples.html
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
    """
    witness = role.reads_any_bucket
    if witness is not None:
        yield Reason("its policies let it read objects in buckets that they do not name", witness)


READ = Witness("arn:aws:iam::111122223333:role/web", "s3:GetObject", "arn:aws:s3:::any/any", {}, "/Statement/0")
reads_any_bucket.passes(IamRole.given(reads_any_bucket=None))
reads_any_bucket.fails(IamRole.given(reads_any_bucket=READ))
reads_any_bucket.unknown(IamRole.given(reads_any_bucket=Unread.denied("iam:GetAccountAuthorizationDetails")))
