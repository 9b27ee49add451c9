"""Buckets that are shared with other accounts."""

from __future__ import annotations

from scanner.access import Access, Allowed, Layer
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-shared-outside", severity="low", reads=[Bucket.access])
def shared_outside(bucket: Bucket) -> Reasons:
    """A bucket is reached from its own account only, but for exceptions that an owner signed.

    A grant to another account outlives the project, the supplier and the contract that it was made for. What the other
    account reads leaves your logs and your control, and whoever breaks into it inherits the grant.

    Fix: take away the grants that nobody can explain; write an exception with owner, ticket and expiry for the others.
    On AWS: `aws s3api put-bucket-policy --bucket NAME --policy file://policy.json`, and limit what stays with the
    condition aws:PrincipalOrgID. On Azure: a network rule for somebody else's network is what lets outsiders in to a
    public container: `az storage account network-rule remove --account-name NAME --resource-group GROUP --ip-address
    RANGE`. On Google Cloud: `gcloud storage buckets remove-iam-policy-binding gs://NAME --member MEMBER --role ROLE`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    https://learn.microsoft.com/azure/storage/common/storage-network-security
    https://cloud.google.com/storage/docs/access-control/iam
    """
    told = set()
    for allowed in bucket.access.by("named").to("admin", "write", "read", "list"):
        if allowed.text not in told:
            told.add(allowed.text)
            yield Reason(f"the {allowed.via} lets {allowed.text} in, outside this account", allowed.witness)


PARTNER = "account 444455556666"
READS = Allowed("named", PARTNER, "read", "bucket policy")
WRITES = Allowed("named", PARTNER, "write", "bucket policy")
shared_outside.passes(Bucket.given(access=Access.none()))
shared_outside.passes(Bucket.given(access=Access.of(who="anyone", may="read", via="bucket policy")))
shared_outside.fails(Bucket.given(access=Access((Layer("bucket policy", (READS, WRITES)),))))
shared_outside.unknown(Bucket.given(access=Unread.denied("s3:GetBucketPolicy")))
