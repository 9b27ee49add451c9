"""Buckets whose objects can be opened one by one."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-acls-in-use", severity="low", reads=[Bucket.acls_disabled])
def acls_in_use(bucket: Bucket) -> Reasons:
    """The policy of a bucket alone says who reaches its objects.

    Where access control lists count, every upload can carry a list of its own and open one object among millions. No
    setting of the bucket shows it, and in an object that another account has uploaded, that account decides.

    Fix: move grants from lists into the policy, then switch lists off. On AWS: `aws s3api put-bucket-ownership-controls
    --bucket NAME --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`. On Google Cloud: `gcloud
    storage buckets update gs://NAME --uniform-bucket-level-access`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    https://cloud.google.com/storage/docs/uniform-bucket-level-access
    """
    if not bucket.acls_disabled:
        yield Reason("lists of grants on the bucket and on single objects are in force beside its policy")


acls_in_use.passes(Bucket.given(acls_disabled=True))
acls_in_use.fails(Bucket.given(acls_disabled=False))
acls_in_use.unknown(Bucket.given(acls_disabled=Unread.denied("s3:GetBucketOwnershipControls")))
