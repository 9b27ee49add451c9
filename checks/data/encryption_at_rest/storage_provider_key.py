"""Buckets whose key is the provider's."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket, Encryption


@check("storage-provider-key", severity="info", reads=[Bucket.encryption])
def provider_key(bucket: Bucket) -> Reasons:
    """New objects are encrypted with a key whose policy you write.

    A provider's key decrypts for everyone who may read the object: it adds no second lock. You cannot write its policy,
    see who uses it apart from the object, or take it away to make copies unreadable. Where the class of the data does
    not ask for that, the provider's key is good enough, and this finding can be left.

    Fix: make a key and set it as the bucket's default. On AWS: `aws s3api put-bucket-encryption --bucket NAME
    --server-side-encryption-configuration '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm":
    "aws:kms", "KMSMasterKeyID": "KEY-ARN"}, "BucketKeyEnabled": true}]}'`. Older objects keep their key there until
    they are copied onto themselves. On Azure: `az storage account update --name NAME --resource-group GROUP
    --encryption-key-source Microsoft.Keyvault --encryption-key-vault VAULT-URL --encryption-key-name KEY`. On Google
    Cloud: `gcloud storage buckets update gs://NAME --default-encryption-key KEY`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
    https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
    https://cloud.google.com/storage/docs/encryption/customer-managed-keys
    """
    match bucket.encryption.key:
        case "provider-owned":
            yield Reason("new objects are encrypted with a key that the provider owns and shares among customers")
        case "provider-managed":
            yield Reason("new objects are encrypted with a key that the provider manages: its policy cannot be changed")
        case "none":
            yield Reason("new objects are encrypted with no key at all")


provider_key.passes(Bucket.given(encryption=Encryption("customer-managed", "aws:kms", "a key's uid")))
provider_key.fails(Bucket.given(encryption=Encryption("provider-owned", "AES256")))
provider_key.fails(Bucket.given(encryption=Encryption("provider-managed", "aws:kms")))
provider_key.fails(Bucket.given(encryption=Encryption("none")))
provider_key.unknown(Bucket.given(encryption=Unread.denied("s3:GetEncryptionConfiguration")))
