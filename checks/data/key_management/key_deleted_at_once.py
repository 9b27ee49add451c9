"""Keys whose deletion nobody can undo in time."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Key

SHORTEST = 7


@check("key-deleted-at-once", severity="medium", reads=[Key.recoverable_days])
def deleted_at_once(key: Key) -> Reasons:
    """The deletion of a key can be undone for at least a week.

    A key that is gone takes everything with it that was encrypted with it, backups included. A mistake on Friday
    evening or a threat of ransom is noticed in days, not in hours.

    Fix: keep deleted keys for longer. On Google Cloud: the time is set when a key is made: `gcloud kms keys create KEY
    --keyring RING --location LOCATION --purpose encryption --destroy-scheduled-duration 30d`. On Azure: deleted keys
    stay for as long as the vault says, at least a week: `az keyvault create --name NAME --resource-group GROUP
    --retention-days 90`. On AWS: `aws kms schedule-key-deletion --key-id ID --pending-window-in-days 30`.

    References:
    https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
    https://cloud.google.com/kms/docs/destroy-restore
    """
    if key.recoverable_days < SHORTEST:
        yield Reason(f"days in which its deletion can be undone: {key.recoverable_days:g}, fewer than {SHORTEST}")


deleted_at_once.passes(Key.given(recoverable_days=7.0))
deleted_at_once.fails(Key.given(recoverable_days=1.0))
deleted_at_once.fails(Key.given(recoverable_days=0.0))
deleted_at_once.unknown(Key.given(recoverable_days=Unread.denied("cloudkms.cryptoKeys.list")))
