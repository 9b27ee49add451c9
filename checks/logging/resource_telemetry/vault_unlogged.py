"""Vaults that do not say who read them."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Vault


@check("vault-unlogged", severity="medium", reads=[Vault.access_logged])
def unlogged(vault: Vault) -> Reasons:
    """Who reads a vault's secrets and uses its keys is written to a log.

    After a break-in the first question is which secrets were read, for each of them has to be replaced. Without the
    vault's own log the honest answer is: all of them. The audit trail of the account sees its settings only.

    Fix: send the log to a place that is kept. On Azure: `az monitor diagnostic-settings create --name audit --resource
    VAULT-ID --workspace WORKSPACE --logs '[{"categoryGroup": "audit", "enabled": true}]'`.

    References:
    https://learn.microsoft.com/azure/key-vault/general/logging
    https://learn.microsoft.com/azure/key-vault/general/howto-logging
    """
    if not vault.access_logged:
        yield Reason("who reads what it holds is not logged")


unlogged.passes(Vault.given(access_logged=True))
unlogged.fails(Vault.given(access_logged=False))
unlogged.unknown(Vault.given(access_logged=Unread.denied("Microsoft.Insights/diagnosticSettings/read")))
