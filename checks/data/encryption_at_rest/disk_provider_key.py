"""Disks whose key is the provider's."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Disk, Encryption


@check("disk-provider-key", severity="low", reads=[Disk.encryption])
def provider_key(disk: Disk) -> Reasons:
    """A disk is encrypted with a key whose policy you write.

    A provider's key opens the disk for everybody who may attach it: it is no second lock. Under a key of your own a
    stolen snapshot is worthless without the right to the key, and taking that right away closes all copies at once.
    Where the class of the data does not ask for that, the provider's key is good enough.

    Fix: name a key of yours. On Azure: while the machine is stopped: `az disk update --name NAME --resource-group GROUP
    --encryption-type EncryptionAtRestWithCustomerKey --disk-encryption-set SET`. On Google Cloud: copy the disk:
    `gcloud compute disks create NEW --zone ZONE --source-snapshot SNAPSHOT --kms-key KEY`.

    References:
    https://learn.microsoft.com/azure/virtual-machines/disk-encryption
    https://cloud.google.com/compute/docs/disks/customer-managed-encryption
    """
    if disk.encryption.key != "customer-managed":
        yield Reason(f"it is encrypted with this kind of key: {disk.encryption.key}")


provider_key.passes(Disk.given(encryption=Encryption("customer-managed", "AES256", "a key's uid")))
provider_key.fails(Disk.given(encryption=Encryption("provider-managed", "AES256")))
provider_key.unknown(Disk.given(encryption=Unread.denied("compute.disks.list")))
