"""Vaults with a list of permissions of their own."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Vault


@check("vault-own-permission-list", severity="medium", reads=[Vault.central_permissions])
def own_permission_list(vault: Vault) -> Reasons:
    """Who may read a vault is decided by the same roles as everything else.

    A list of the vault's own is seen by no review of roles, knows no conditions and no limit in time, and gives a whole
    sort of object at once. Whoever may change the vault's settings can add themselves to it.

    Fix: give roles to those who are in the list, then switch over; what the list says no longer counts. On Azure: `az
    keyvault update --name NAME --resource-group GROUP --enable-rbac-authorization true`.

    References:
    https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy
    https://learn.microsoft.com/azure/key-vault/general/rbac-migration
    """
    if not vault.central_permissions:
        yield Reason("a list of its own decides who may read it")


own_permission_list.passes(Vault.given(central_permissions=True))
own_permission_list.fails(Vault.given(central_permissions=False))
own_permission_list.unknown(Vault.given(central_permissions=Unread.denied("Microsoft.KeyVault/vaults/read")))
