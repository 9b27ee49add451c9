"""Vaults that anyone can connect to."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Vault


@check("vault-open-to-anyone", severity="high", reads=[Vault.access])
def open_to_anyone(vault: Vault) -> Reasons:
    """Only networks that you named can open a connection to a vault.

    A token that was stolen from a pipeline or a laptop is then enough to read every secret, from anywhere. A network
    rule is the second lock, and it fails at another time than the first.

    Fix: close the endpoint and reach the vault by private endpoints, or name the networks that need it. On Azure: `az
    keyvault update --name NAME --resource-group GROUP --public-network-access Disabled`, or `az keyvault network-rule
    add --name NAME --resource-group GROUP --ip-address RANGE` and then `az keyvault update --name NAME --resource-group
    GROUP --default-action Deny`.

    References:
    https://learn.microsoft.com/azure/key-vault/general/network-security
    """
    for allowed in vault.access.by("anyone").to("connect"):
        yield Reason(f"{allowed.text} can open a connection, by {allowed.via}", allowed.witness)


open_to_anyone.passes(Vault.given(access=Access.none()))
open_to_anyone.passes(Vault.given(access=Access.of(who="named", may="connect", via="the public endpoint")))
open_to_anyone.fails(Vault.given(access=Access.of(who="anyone", may="connect", via="the public endpoint")))
open_to_anyone.unknown(Vault.given(access=Unread.denied("Microsoft.KeyVault/vaults/read")))
