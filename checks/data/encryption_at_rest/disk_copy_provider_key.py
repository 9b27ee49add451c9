"""Snapshots and images whose key is the provider's."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DiskCopy, Encryption


@check("disk-copy-provider-key", severity="low", reads=[DiskCopy.encryption])
def provider_key(copy: DiskCopy) -> Reasons:
    """A copy of a disk is encrypted with a key whose policy you write.

    A copy leaves the machine's firewall, its agents and its owner behind; whoever may use it makes a disk of it
    elsewhere and reads all of it. A key of your own is the one lock that goes with the copy. Where the class of the
    data does not ask for that, the provider's key is good enough.

    Fix: make copies of disks that have a key of yours, or name one. On Azure: `az snapshot update --name NAME
    --resource-group GROUP --encryption-type EncryptionAtRestWithCustomerKey --disk-encryption-set SET`. On Google
    Cloud: a snapshot takes the key of its disk: make the disk anew by `gcloud compute disks create NEW --zone ZONE
    --source-snapshot SNAPSHOT --kms-key KEY`, an image by `gcloud compute images create NEW --source-image IMAGE
    --kms-key KEY`.

    References:
    https://learn.microsoft.com/azure/virtual-machines/disk-encryption
    https://cloud.google.com/compute/docs/disks/customer-managed-encryption
    """
    if copy.encryption.key != "customer-managed":
        yield Reason(f"it is encrypted with this kind of key: {copy.encryption.key}")


provider_key.passes(DiskCopy.given(encryption=Encryption("customer-managed", "AES256", "a key's uid")))
provider_key.fails(DiskCopy.given(encryption=Encryption("provider-owned", "AES256")))
provider_key.unknown(DiskCopy.given(encryption=Unread.denied("compute.snapshots.list")))
