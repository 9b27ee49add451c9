"""Storage that shared keys open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-keys-accepted", severity="medium", reads=[Bucket.account_keys_accepted])
def keys_accepted(bucket: Bucket) -> Reasons:
    """A storage account accepts identities of the directory only, not its own shared keys.

    A shared key may do everything with all that the account holds, does not expire and belongs to nobody: the log says
    that the key was used, not by whom. It lies in connection strings, pipelines and notebooks, and every signed link
    that was made with it works until the key is replaced.

    Fix: give programs roles on the account, look in the log for requests that are still signed with a key, then refuse
    them. On Azure: `az storage account update --name NAME --resource-group GROUP --allow-shared-key-access false`.

    References:
    https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent
    """
    if bucket.account_keys_accepted:
        yield Reason("requests that are signed with its shared keys are accepted")


keys_accepted.passes(Bucket.given(account_keys_accepted=False))
keys_accepted.fails(Bucket.given(account_keys_accepted=True))
keys_accepted.unknown(Bucket.given(account_keys_accepted=Unread.denied("Microsoft.Storage/storageAccounts/read")))
