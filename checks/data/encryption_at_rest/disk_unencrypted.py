"""Disks in plain text."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Disk


@check("disk-unencrypted", severity="high", reads=[Disk.encrypted])
def unencrypted(disk: Disk) -> Reasons:
    """A disk is encrypted at rest.

    Whoever gets at the storage beside the provider's own door, by a lost medium or a copy that was not wiped, reads
    plain text. Laws and contracts on personal data ask for encryption at rest, and its absence has to be reported.

    Fix: encrypt the disk under a key of yours. On Azure: `az disk update --name NAME --resource-group GROUP
    --encryption-type EncryptionAtRestWithCustomerKey --disk-encryption-set SET`. Google Cloud encrypts every disk, so
    that one without is a strange answer.

    References:
    https://learn.microsoft.com/azure/virtual-machines/disk-encryption-overview
    https://cloud.google.com/compute/docs/disks/disk-encryption
    """
    if not disk.encrypted:
        yield Reason("it is not encrypted at rest")


unencrypted.passes(Disk.given(encrypted=True))
unencrypted.fails(Disk.given(encrypted=False))
unencrypted.unknown(Disk.given(encrypted=Unread.denied("Microsoft.Compute/disks/read")))
