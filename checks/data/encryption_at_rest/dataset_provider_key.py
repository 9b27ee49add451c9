"""Datasets whose key is the provider's."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Dataset, Encryption


@check("dataset-provider-key", severity="low", reads=[Dataset.encryption])
def provider_key(dataset: Dataset) -> Reasons:
    """New tables of a dataset are encrypted with a key whose policy you write.

    A provider's key decrypts for everybody who may read the table: it is no second lock. Under a key of your own a
    table can be made unreadable at once, wherever it was copied to with the key, and its use is on record. Where the
    class of the data does not ask for that, the provider's key is good enough.

    Fix: make a key and set it as the dataset's default; tables that exist keep theirs until they are copied. On Google
    Cloud: `bq update --default_kms_key KEY PROJECT:DATASET`.

    References:
    https://cloud.google.com/bigquery/docs/customer-managed-encryption
    """
    if dataset.encryption.key != "customer-managed":
        yield Reason(f"new tables are encrypted with this kind of key: {dataset.encryption.key}")


provider_key.passes(Dataset.given(encryption=Encryption("customer-managed", "AES256", "a key's uid")))
provider_key.fails(Dataset.given(encryption=Encryption("provider-owned", "AES256")))
provider_key.unknown(Dataset.given(encryption=Unread.denied("bigquery.datasets.get")))
