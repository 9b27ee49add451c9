"""Buckets that store in plain text."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-unencrypted", severity="high", reads=[Bucket.encrypted])
def unencrypted(bucket: Bucket) -> Reasons:
    """New objects are encrypted before they are stored.

    Whoever gets at the storage beside the provider's own door, by a lost medium or a copy that was not wiped, reads
    plain text. Laws and contracts on personal data ask for encryption at rest, and its absence has to be reported.

    Fix: set a default encryption. On AWS: `aws s3api put-bucket-encryption --bucket NAME
    --server-side-encryption-configuration '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm":
    "AES256"}}]}'`; S3 has encrypted every new object since January 2023, so that a bucket without an answer is a
    strange one. On Azure: whatever is stored is encrypted, and nothing can switch that off. On Google Cloud: the same.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    https://learn.microsoft.com/azure/storage/common/storage-service-encryption
    https://cloud.google.com/storage/docs/encryption/default-keys
    """
    if not bucket.encrypted:
        yield Reason("new objects are not encrypted")


unencrypted.passes(Bucket.given(encrypted=True))
unencrypted.fails(Bucket.given(encrypted=False))
unencrypted.unknown(Bucket.given(encrypted=Unread.denied("s3:GetEncryptionConfiguration")))
