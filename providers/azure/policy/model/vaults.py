"""Access policies of a key vault.

https://learn.microsoft.com/azure/key-vault/general/assign-access-policy
"""

from __future__ import annotations

import msgspec

from providers.azure.policy.model.roles import Directory
from scanner.facts import Unread


class AccessPolicy(msgspec.Struct, frozen=True):
    """What one principal may do with the vault's contents."""

    principal: str
    tenant: str
    permissions: tuple[str, ...]
    """`secrets/get`, folded."""


class Vault(msgspec.Struct, frozen=True):
    """A vault as far as its own policies go. They count only while it does not use roles."""

    by_roles: bool | Unread | None
    policies: tuple[AccessPolicy, ...] | Unread
    directory: Directory
