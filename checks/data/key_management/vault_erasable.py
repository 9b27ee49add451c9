"""Vaults that can be erased for good."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Vault


@check("vault-erasable", severity="high", reads=[Vault.recoverable])
def erasable(vault: Vault) -> Reasons:
    """Nobody can erase a vault, or what it holds, before a time has passed.

    Whoever may delete keys can also erase the deleted ones where nothing forbids it, and takes all data with them that
    the keys open. That is ransom without a copy.

    Fix: protect it from purging; the switch cannot be taken back. On Azure: `az keyvault update --name NAME
    --resource-group GROUP --enable-purge-protection true`.

    References:
    https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
    https://learn.microsoft.com/azure/key-vault/general/key-vault-recovery
    """
    if not vault.recoverable:
        yield Reason("it, and what it holds, can be erased for good at once")


erasable.passes(Vault.given(recoverable=True))
erasable.fails(Vault.given(recoverable=False))
erasable.unknown(Vault.given(recoverable=Unread.denied("Microsoft.KeyVault/vaults/read")))
