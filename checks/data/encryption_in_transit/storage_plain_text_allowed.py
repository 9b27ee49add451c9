"""Buckets that answer without TLS."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-plain-text-allowed", severity="medium", reads=[Bucket.tls_only])
def plain_text_allowed(bucket: Bucket) -> Reasons:
    """A bucket refuses requests that are not encrypted on their way.

    One client with an old setting or a link that says http sends objects readable to everybody on the path, who can
    also change them. The client works, so nobody notices.

    Fix: refuse plain text. On AWS: add a statement to the bucket policy that denies s3:* to everyone on the bucket and
    its objects under the condition `{"Bool": {"aws:SecureTransport": "false"}}`: `aws s3api put-bucket-policy --bucket
    NAME --policy file://policy.json`. On Azure: `az storage account update --name NAME --resource-group GROUP
    --https-only true`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    https://learn.microsoft.com/azure/storage/common/storage-require-secure-transfer
    """
    if not bucket.tls_only:
        yield Reason("requests without TLS are answered")


plain_text_allowed.passes(Bucket.given(tls_only=True))
plain_text_allowed.fails(Bucket.given(tls_only=False))
plain_text_allowed.unknown(Bucket.given(tls_only=Unread.denied("s3:GetBucketPolicy")))
