"""Keys as Google names them: its own where none is named, else the customer's.

https://cloud.google.com/docs/security/encryption/default-encryption
https://cloud.google.com/kms/docs/cmek
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.kinds import Encryption


def by_key(name: str | None) -> Encryption:
    """The encryption with a key of Cloud KMS, by its resource name; with Google's own where there is none."""
    if not name:
        return Encryption("provider-owned", "AES256")
    return Encryption(
        "customer-managed", "cloudkms", "//cloudkms.googleapis.com/" + name.partition("/cryptoKeyVersions/")[0]
    )


def of_disk(key: Mapping[str, Any] | None) -> Encryption:
    """The encryption of a disk, snapshot or image: a key of Cloud KMS, one that the customer brought, or Google's.

    https://cloud.google.com/compute/docs/disks/disk-encryption
    """
    if key is None:
        return by_key(None)
    if "kmsKeyName" in key:
        return by_key(key["kmsKeyName"])
    # Of a key that the customer brought, Google answers a hash alone.
    # https://cloud.google.com/compute/docs/disks/customer-supplied-encryption
    if key.keys() & {"sha256", "rawKey", "rsaEncryptedKey"}:
        return Encryption("customer-managed", "customer-supplied")
    raise KeyError("kmsKeyName")
