"""Whether a vault's access policies let a principal do one thing.

https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy
"""

from __future__ import annotations

from providers.azure.policy.concrete.membership import Memberships
from providers.azure.policy.model.vaults import Vault
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of, invert


def permits(vault: Vault, principal: str, permission: str) -> Ternary:
    """Whether the principal holds the permission, itself or by a group."""
    by_roles: Ternary = None if isinstance(vault.by_roles, Unread) else vault.by_roles
    if isinstance(vault.policies, Unread):
        return None if by_roles is not True else False
    members = Memberships(vault.directory)
    named = any_of(
        members.is_among(principal, (one.principal,)) for one in vault.policies if _has(one.permissions, permission)
    )
    return all_of((invert(by_roles), named))


def _has(permissions: tuple[str, ...], wanted: str) -> bool:
    kind, _, _ = wanted.partition("/")
    return bool({wanted, f"{kind}/all"}.intersection(permissions))
