"""Audit trails whose key is the provider's."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail, Encryption


@check("audit-trail-provider-key", severity="low", reads=[AuditTrail.encryption])
def provider_key(trail: AuditTrail) -> Reasons:
    """Records of an audit trail are encrypted with a key whose policy you write.

    The record tells an attacker what is watched, who administers and which keys are used when. Under a key of your own,
    reading it takes two permissions in two places, and every decryption leaves a trace of its own.

    Fix: make a key whose policy lets the trail encrypt and only its readers decrypt, and name it in the trail. On AWS:
    `aws cloudtrail update-trail --name NAME --kms-key-id KEY-ARN`. On Azure: set the key of the storage account that
    keeps the record: `az storage account update --name NAME --resource-group GROUP --encryption-key-source
    Microsoft.Keyvault --encryption-key-vault VAULT-URL --encryption-key-name KEY`. On Google Cloud: `gcloud logging
    buckets update BUCKET --location LOCATION --cmek-kms-key-name KEY`, or the key of the bucket in storage.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
    https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
    https://cloud.google.com/logging/docs/routing/managed-encryption-storage
    """
    if trail.encryption.key != "customer-managed":
        yield Reason(f"records are encrypted with this kind of key: {trail.encryption.key}")


provider_key.passes(AuditTrail.given(encryption=Encryption("customer-managed", "aws:kms", "a key's uid")))
provider_key.fails(AuditTrail.given(encryption=Encryption("provider-owned", "AES256")))
provider_key.unknown(AuditTrail.given(encryption=Unread.denied("cloudtrail:DescribeTrails")))
